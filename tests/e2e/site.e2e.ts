// The site as a visitor meets it: every page in both themes and widths, languages, themes, no script.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { paths, test } from './pages.ts';

/** Leaves the first of many rows and items: the checker needs minutes for thousands that are marked up alike. */
const shorten = (page: Page) =>
  page.evaluate(() => {
    for (const { rows } of document.querySelectorAll('tbody'))
      for (const row of [...rows].slice(4)) if (!('partial' in row.dataset)) row.remove();
    for (const list of document.querySelectorAll('ul, ol'))
      for (const item of [...list.children].slice(12)) item.remove();
  });

for (const path of paths) {
  for (const colorScheme of ['light', 'dark'] as const)
    test(`${path} has no accessibility fault in ${colorScheme}`, async ({ page }) => {
      // Contrast of a thousand elements takes its time on a busy machine.
      test.slow();
      await page.emulateMedia({ colorScheme });
      await page.goto(path);
      await shorten(page);
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
        .analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual(
        [],
      );
    });

  test(`${path} fits into 320 px`, async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(path);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });

  test(`${path} stands in the other language at the same place`, async ({ page }) => {
    await page.goto(`${path}#text`);
    const other = path.startsWith('en/') ? 'ja' : 'en';
    await page.locator(`a[data-locale=${other}]`).click();
    await expect(page).toHaveURL(new RegExp(`/${other}${path.slice(2)}#text$`));
    await expect(page.locator('html')).toHaveAttribute('lang', other);
  });
}

for (const path of paths.filter((each) => each.split('/').length > 2))
  test(`the steps in the text of ${path} reach its lab`, async ({ page }) => {
    await page.goto(path);
    const lab = page.locator('[data-lab]');
    test.skip((await lab.count()) === 0, 'this chapter has no lab');
    await expect(lab).toHaveAttribute('data-ready');
    const step = page.locator('button.do').first();
    test.skip((await step.count()) === 0, 'this text drives nothing');
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
});
