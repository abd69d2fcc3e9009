// How fast this machine is right now, at what a page's start consists of: a time measured in the same minute is only
// worth something beside it.
import type { Page } from '@playwright/test';

/** Milliseconds that `pace` gives on the two quiet cores on which the budgets of `budgets.e2e.ts` are met. */
export const AT_REST = 80;

/** Milliseconds of the page's thread for a fixed piece of work: make, copy and sort records, and lay some of them out. */
export const pace = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const began = performance.now();
    const made = Array.from({ length: 20_000 }, (_, at) => ({ name: `n${(at * 7919) % 20_011}`, at }));
    const records = JSON.parse(JSON.stringify(made)) as typeof made;
    records.sort((a, b) => (a.name < b.name ? -1 : 1));
    const place = document.createElement('div');
    place.innerHTML = records
      .slice(0, 4000)
      .map(({ name, at }) => `<p><b>${name}</b> ${at}</p>`)
      .join('');
    document.body.append(place);
    place.getBoundingClientRect();
    place.remove();
    return performance.now() - began;
  });
