// For everyone: states of a lab by the checker, a run by keyboard alone and in words, low and narrow windows, no motion.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { button, choose, clockOf, ended, lab, open, paths, tab, test } from './pages.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const chapter = 'en/vm370/';

/**
 * The dark theme has other colours, and nothing else that is other. The checker does not count the editor's text as
 * something that takes the focus; it does.
 */
async function faults(page: Page, colorScheme: 'light' | 'dark' = 'light'): Promise<string[]> {
  const checker = new AxeBuilder({ page }).include('#lab');
  if (colorScheme === 'light') checker.withTags(RULES);
  else checker.withRules(['color-contrast']);
  const { violations } = await checker.analyze();
  return violations
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
    .filter(
      (fault) => !fault.startsWith('scrollable-region-focusable: <div tabindex="-1" class="cm-scroller"'),
    );
}

/** States of a lab, each reached from the one before. */
const STATES: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'at the start': () => Promise.resolve(),
  'in the middle of a run': async (page) => {
    for (let i = 0; i < 4; i++) await button(page, 'Step').click();
  },
  ...Object.fromEntries(
    [
      'Registers',
      'Storage',
      'Translation',
      'Events',
      'Terminal',
      'Ledger',
      'Devices',
      'Tasks',
      'Printer',
    ].map((panel) => [`showing ${panel}`, (page: Page) => tab(page, panel).click()]),
  ),
  'with the tables open': async (page) => {
    for (const summary of await lab(page).locator('.strata summary').all()) await summary.click();
  },
  'with overheads compared': async (page) => {
    await tab(page, 'Overhead').click();
    await button(page, 'Compare').click();
    await expect(lab(page).getByRole('img', { name: /Bare machine/ })).toBeVisible({ timeout: 60_000 });
  },
  'with the settings open': async (page) => {
    await button(page, 'Settings').click();
    await expect(page.getByRole('dialog')).toBeVisible();
  },
  'with the help open': async (page) => {
    await page.keyboard.press('Escape');
    await button(page, 'Help').click();
    await expect(page.getByRole('dialog')).toBeVisible();
  },
  'running at full speed': async (page) => {
    await page.keyboard.press('Escape');
    await choose(page, 'lpsw', 'cp-cp');
    await button(page, 'Run').click();
  },
  ended: async (page) => {
    await button(page, 'Pause').click();
    await choose(page, 'hello', 'bare');
    await button(page, 'Run').click();
    await expect(ended(page)).toBeVisible();
  },
  'with a mistake in the source': async (page) => {
    if ((await tab(page, 'Code').count()) > 0) await tab(page, 'Code').click();
    await lab(page)
      .getByRole('button', { name: /^Source/ })
      .click();
    await lab(page).locator('.cm-content').click();
    await page.keyboard.type('LABEL NOSUCH 1,2\n');
    await expect(
      lab(page)
        .getByText(/errors? in the source/)
        .first(),
    ).toBeVisible();
  },
};

for (const colorScheme of ['light', 'dark'] as const)
  test(`no state of a lab has an accessibility fault in ${colorScheme}`, async ({ page }) => {
    test.setTimeout(240_000);
    await page.emulateMedia({ colorScheme });
    await open(page, chapter);
    for (const [state, reach] of Object.entries(STATES)) {
      await reach(page);
      expect.soft(await faults(page, colorScheme), state).toEqual([]);
    }
  });

for (const colorScheme of ['light', 'dark'] as const)
  test(`the books of a hypervisor have no accessibility fault in ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await open(page, 'en/paravirtualization/');
    await button(page, 'Run').click();
    await expect(ended(page)).toBeVisible();
    for (const panel of ['Page frames', 'Domains']) {
      await tab(page, panel).click();
      expect.soft(await faults(page, colorScheme), panel).toEqual([]);
    }
  });

/** How labs fail, each from the beginning: with words, and without a fault of their own. */
const FAILURES: Readonly<
  Record<string, { readonly prepare: (page: Page) => Promise<unknown>; readonly says: RegExp }>
> = {
  'whose browser has no workers': {
    prepare: (page) => page.addInitScript(() => Reflect.deleteProperty(window, 'Worker')),
    says: /This browser cannot run the lab/,
  },
  'whose engine cannot be loaded': {
    prepare: (page) => page.route(/\/world-[^/]+\.js$/, (route) => route.abort()),
    says: /stopped because of a fault in this site/,
  },
};
for (const [which, { prepare, says }] of Object.entries(FAILURES))
  test(`a lab ${which} says so, accessibly`, async ({ page, complaints }) => {
    await prepare(page);
    await page.goto(chapter);
    await expect(page.locator('#lab').getByText(says)).toBeVisible();
    expect(await faults(page)).toEqual([]);
    complaints.length = 0;
  });

/** What has the focus: its name, whether the ring shows, and whether something lies upon it. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const { left, top, width, height } = element.getBoundingClientRect();
    const points = [0.5, 0.1, 0.9].map((part) => [left + width * part, top + height / 2] as const);
    const seen = points.some(([x, y]) => {
      const hit = document.elementFromPoint(x, y);
      return hit !== null && (element.contains(hit) || hit.contains(element));
    });
    const style = getComputedStyle(element);
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
    const name = element.getAttribute('aria-label') ?? element.textContent.trim().slice(0, 40);
    return { name: `${element.tagName.toLowerCase()} ${name}`, seen, ring };
  });

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 700 },
])
  test(`by keyboard every stop of a chapter is seen, ${viewport.width} px wide`, async ({ page }) => {
    await page.setViewportSize(viewport);
    await page.goto(chapter);
    const choice = page.locator('[data-tab-choice=lab]');
    if (await choice.isVisible()) await choice.click();
    await expect(clockOf(page)).toBeVisible();
    const bad: string[] = [];
    let stops = 0;
    await page.locator('.skip').focus();
    for (; stops < 400; stops++) {
      await page.keyboard.press('Tab');
      const at = await focused(page);
      if (!at) break;
      if (!at.seen) bad.push(`${at.name} is covered`);
      if (!at.ring) bad.push(`${at.name} shows no focus`);
    }
    expect(stops).toBeGreaterThan(20);
    expect(bad).toEqual([]);
  });

/** Everything that the lab's live region has said since. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const region = document.querySelector('#lab .sentence');
    const said: string[] = [];
    (window as unknown as { said: string[] }).said = said;
    if (region)
      new MutationObserver(() => said.push(region.textContent.trim())).observe(region, {
        ...{ childList: true, characterData: true, subtree: true },
      });
  });
  return () => page.evaluate(() => (window as unknown as { said: string[] }).said);
}

test('a whole run by keyboard alone, told in words', async ({ page }) => {
  await open(page, chapter);
  const told = await listen(page);
  // Past the text into the lab, as with a screen reader: only keys from here on.
  await page.keyboard.press('Tab');
  await expect(page.locator('.skip')).toBeFocused();
  const isRun = () =>
    page.evaluate(() => {
      const at = document.activeElement;
      return at?.closest('.lab-shell .controls') instanceof Element && at.textContent.trim() === 'Run';
    });
  for (let i = 0; i < 200 && !(await isRun()); i++) await page.keyboard.press('Tab');
  expect(await isRun()).toBe(true);

  const start = (await clockOf(page).textContent()) ?? '';
  await page.keyboard.press('ArrowRight');
  await expect
    .poll(told)
    .toContainEqual(
      expect.stringMatching(/trap: LPSW at 000800 \(privileged-operation exception\), CP takes over/),
    );
  await expect(clockOf(page)).not.toHaveText(start);
  await page.keyboard.press('n');
  await expect.poll(async () => (await told()).length).toBeGreaterThan(1);
  await page.keyboard.press('ArrowLeft');
  await expect.poll(told).toContainEqual(expect.stringMatching(/cycle [\d,]+/));
  await page.keyboard.press('r');
  await expect(clockOf(page)).toHaveText(start);

  // Another program, chosen and run to its end, still by keyboard.
  const isWorkload = () => page.evaluate(() => document.activeElement?.tagName === 'SELECT');
  for (let i = 0; i < 40 && !(await isWorkload()); i++) await page.keyboard.press('Tab');
  await page.keyboard.type('hello');
  await expect(lab(page).getByLabel('Workload')).toHaveValue('hello');
  for (let i = 0; i < 40 && !(await isRun()); i++) await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Space');
  await expect(ended(page)).toBeVisible();
  await expect.poll(told).toContainEqual(expect.stringMatching(/Disabled wait at [0-9A-F]{6}/));
});

for (const path of paths.filter((each) => each.startsWith('en/')))
  test(`${path} at 400 % shows all of its text without scrolling sideways`, async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 256 });
    await page.goto(path);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    const still = await page.evaluate(async () => {
      const tops = () =>
        [...document.querySelectorAll('body *')]
          .filter((element) => /fixed|sticky/.test(getComputedStyle(element).position))
          .map((element) => element.getBoundingClientRect());
      const before = tops();
      scrollBy({ top: 300, behavior: 'instant' });
      await new Promise((resolve) => requestAnimationFrame(resolve));
      return tops()
        .filter(({ top, height }, nth) => height > 0 && Math.abs(top - (before[nth]?.top ?? 0)) < 1)
        .reduce((sum, { height }) => sum + height, 0);
    });
    // What stands still leaves at least two thirds of a low window to the rest.
    expect(still).toBeLessThan(256 / 3);
  });

test('whoever wants no motion gets none', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page, chapter);
  await button(page, 'Step').click();
  await button(page, 'Run').click();
  const moving = await page.evaluate(() =>
    [...document.querySelectorAll('*')]
      .filter((element) => {
        const { transitionDuration, animationDuration } = getComputedStyle(element);
        return [...transitionDuration.split(','), ...animationDuration.split(',')].some(
          (time) => parseFloat(time) > 0.001,
        );
      })
      .map((element) => element.outerHTML.slice(0, 80)),
  );
  expect(moving).toEqual([]);
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
});

test('in forced colours the state of every control still shows', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await open(page, chapter);
  for (let i = 0; i < 3; i++) await button(page, 'Step').click();
  const border = await button(page, 'Run').evaluate((element) => getComputedStyle(element).borderTopStyle);
  expect(border).toBe('solid');
  const colours = await page.evaluate(() => {
    const of = (selector: string, property: 'backgroundColor' | 'fill') =>
      getComputedStyle(document.querySelector(selector) ?? document.body)[property];
    return {
      ground: getComputedStyle(document.body).backgroundColor,
      handle: of('.scrubber .handle', 'backgroundColor'),
    };
  });
  expect(colours.handle).not.toBe(colours.ground);
  expect(colours.handle).not.toBe('rgba(0, 0, 0, 0)');
  // The chosen tab is underlined, not only tinted.
  const chosen = lab(page).getByRole('tab', { selected: true });
  const line = await chosen.evaluate((element) => {
    const { borderBottomStyle, textDecorationLine, boxShadow } = getComputedStyle(element);
    const after = getComputedStyle(element, '::after');
    return `${borderBottomStyle} ${textDecorationLine} ${after.content} ${boxShadow}`;
  });
  expect(line).toMatch(/solid|underline|""/);
});
