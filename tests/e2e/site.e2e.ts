// The site as a visitor meets it: every page in both themes and widths, languages, themes, no script.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { chapters, choose, clockOf, dist, lab, open, paths, step, tab, test } from './pages.ts';

/** Leaves the first of many rows and items: the checker needs minutes for thousands that are marked up alike. */
const shorten = (page: Page) =>
  page.evaluate(() => {
    for (const { rows } of document.querySelectorAll('tbody'))
      for (const row of [...rows].slice(4)) if (!('partial' in row.dataset)) row.remove();
    for (const list of document.querySelectorAll('ul, ol'))
      for (const item of [...list.children].slice(12)) item.remove();
  });

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

async function faults(checker: AxeBuilder): Promise<string[]> {
  const { violations } = await checker.analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}

/** Japanese pages are made as the English ones are: one of each kind is enough, and the checker is slow. */
const OF_EACH_KIND = ['ja/', 'ja/vm370/', 'ja/reference/translation/', 'ja/classroom/', 'ja/embed/'];

for (const path of paths.filter((each) => each.startsWith('en/') || OF_EACH_KIND.includes(each)))
  test(`${path} has no accessibility fault in either theme`, async ({ page }) => {
    // Contrast of a thousand elements takes its time on a busy machine.
    test.slow();
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(path);
    await shorten(page);
    expect(await faults(new AxeBuilder({ page }).withTags(RULES))).toEqual([]);
    // The other theme has other colours, and nothing else that is other.
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await faults(new AxeBuilder({ page }).withRules(['color-contrast']))).toEqual([]);
  });

test('every page is there in every language, with the same steps for its lab', async () => {
  const of = (locale: string) => paths.filter((path) => path.startsWith(locale)).map((path) => path.slice(2));
  expect(of('ja')).toEqual(of('en'));
  for (const path of of('en')) {
    const [en, ja] = await Promise.all(
      ['en', 'ja'].map(async (locale) => {
        const html = await readFile(join(dist, `${locale}${path}index.html`), 'utf8');
        return [...html.matchAll(/data-command="[^"]*"/g)].map(([command]) => command).sort();
      }),
    );
    expect([path, ja]).toEqual([path, en]);
  }
});

for (const path of OF_EACH_KIND.map((each) => each.replace(/^ja/, 'en')))
  test(`${path} stands in the other language at the same place, and back`, async ({ page }) => {
    await page.goto(`${path}#text`);
    for (const locale of ['ja', 'en']) {
      await page.locator(`a[data-locale=${locale}]`).click();
      await expect(page).toHaveURL(new RegExp(`/${locale}${path.slice(2)}#text$`));
      await expect(page.locator('html')).toHaveAttribute('lang', locale);
      // The link keeps the place once its script has run.
      await page.waitForLoadState();
    }
  });

test('switching the language keeps the state of the lab and the place in the text', async ({ page }) => {
  await open(page, 'en/vm370/');
  await choose(page, 'svc', 'cp-assist');
  const clock = (await step(page, 4)).replace(/\D/g, '');
  await tab(page, 'Registers').click();
  await page.evaluate(() => document.getElementById('storage-beneath-storage')?.scrollIntoView());
  // As assistive technology does, without scrolling to the link first.
  await page.locator('a[data-locale=ja]').evaluate((link: HTMLAnchorElement) => link.click());
  await expect(page.locator('html')).toHaveAttribute('lang', 'ja');
  await expect(clockOf(page)).toHaveText(new RegExp(clock.replace(/\B(?=(\d{3})+$)/g, ',')));
  await expect(lab(page).getByRole('combobox').first()).toHaveValue('svc');
  await expect(lab(page).getByRole('tab', { selected: true })).toHaveText('レジスタ');
  await expect(page.locator('#storage-beneath-storage')).toBeInViewport();
});

test('every page has a policy that lets nothing in from elsewhere and runs no text as code', async () => {
  for (const path of ['404.html', ...paths.map((each) => `${each}index.html`)]) {
    const html = await readFile(join(dist, path), 'utf8');
    const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    const rules = policy.replaceAll('&#39;', "'").split('; ');
    expect(rules).toContain("default-src 'self'");
    // One page hands results to a learning platform, wherever that is; it asks nobody else.
    const fetches = rules.filter((rule) => rule.startsWith('connect-src '));
    expect(fetches.length).toBe(path.includes('/cmi5/') ? 1 : 0);
    const others = rules.filter((rule) => !fetches.includes(rule)).join('; ');
    expect(others).not.toMatch(/unsafe-eval|https?:|\*/);
    const scripts = rules.find((rule) => rule.startsWith('script-src '));
    expect(scripts).not.toContain('unsafe-inline');
    const elements = rules.find((rule) => rule.startsWith('style-src-elem '));
    // Where there is an editor: on chapters with a lab, and where assignments are worked on.
    const edits = /<[^>]* data-lab\b/.test(html) || path.includes('/assignment/');
    expect([path, elements?.includes('unsafe-inline')]).toEqual([path, edits]);
  }
});

test('a wrong address leads back to the start, however deep it is, and a missing slash is put right', async ({
  page,
  baseURL,
  complaints,
}) => {
  const missing = await readFile(join(dist, '404.html'), 'utf8');
  const at = (path: string) => new URL(path, baseURL).href;
  for (const path of ['nowhere', 'en/vm370/no/such/place']) {
    await page.route(at(path), (route) => route.fulfill({ body: missing, contentType: 'text/html' }));
    await page.goto(path);
    const link = page.getByRole('link', { name: 'To the start of Strata' });
    await expect.poll(() => link.evaluate((a: HTMLAnchorElement) => a.href)).toBe(at('en/'));
  }
  // One host answers the address without its slash with the page for wrong addresses, another with the page itself.
  for (const body of [missing, await readFile(join(dist, 'en/vm370/index.html'), 'utf8')]) {
    await page.route(at('en/vm370'), (route) => route.fulfill({ body, contentType: 'text/html' }));
    await page.goto('en/vm370?x=1#what-it-cost');
    await expect(page).toHaveURL(at('en/vm370/?x=1#what-it-cost'));
    await page.unrouteAll();
  }
  // Looking for the site's root is a series of misses, and nothing else went wrong.
  expect(complaints.filter((each) => !/^(404 |Failed to load resource)/.test(each))).toEqual([]);
  complaints.length = 0;
});

// The steps are the same in the other language, as the test above has seen.
for (const path of ['ja/vm370/', ...chapters.map((chapter) => `en/${chapter}`)])
  test(`the steps in the text of ${path} reach its lab`, async ({ page }) => {
    await page.goto(path);
    await expect(page.locator('[data-lab]')).toHaveAttribute('data-ready');
    const step = page.locator('button.do').first();
    const heard = page.evaluate(
      () =>
        new Promise((resolve) =>
          document.addEventListener('strata:do', (e) => resolve((e as CustomEvent).detail)),
        ),
    );
    await step.click();
    expect(await heard).toEqual(JSON.parse((await step.getAttribute('data-command')) ?? ''));
  });

test.describe('a visitor whose browser speaks Japanese', () => {
  test.use({ locale: 'ja-JP' });
  test('is led from the root to the Japanese home', async ({ page }) => {
    await page.goto('./');
    await expect(page).toHaveURL(/\/ja\/$/);
  });
});

test('the chosen theme is kept on the next page', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto('en/');
  await page.getByLabel('Theme').selectOption('dark');
  await page.locator('a[data-locale=ja]').click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.getByLabel('配色')).toHaveValue('dark');
  await page.getByLabel('配色').selectOption('auto');
  await page.reload();
  await expect(page.locator('html')).not.toHaveAttribute('data-theme');
});

test('the table twin names every system of the drawing', async ({ page }) => {
  await page.goto('en/');
  const drawn = await page.locator('.systems [translate=no]').allTextContents();
  const listed = await page.locator('.timeline td[translate=no]').allTextContents();
  expect(listed.sort()).toEqual(drawn.sort());
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test('the home page says what it is and shows the eras', async ({ page }) => {
    await page.goto('en/');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Trap and emulate' })).toBeVisible();
    await expect(page.getByLabel('Theme')).toBeHidden();
  });

  for (const chapter of chapters)
    test(`${chapter} shows text, sources and the figures of a run, with their numbers`, async ({ page }) => {
      for (const [locale, table] of [
        ['en', 'As a table'],
        ['ja', '表で見る'],
      ] as const) {
        await page.goto(`${locale}/${chapter}`);
        await expect(page.locator('.prose h2').first()).toBeVisible();
        await expect(page.locator('.sources li').first()).toBeVisible();
        const run = page.locator('.default-run');
        await expect(run.getByRole('img').first()).toBeVisible();
        await expect(run.locator('svg rect').first()).toBeAttached();
        await run.locator('summary').last().click();
        // The bare machine is the measure of all others.
        await expect(run.getByRole('cell', { name: /^1\.00×$/ }).first()).toBeVisible();
        expect(await run.getByText(table).count()).toBeGreaterThan(0);
      }
    });
});
