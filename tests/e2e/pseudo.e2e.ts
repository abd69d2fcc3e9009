// The site in a language that nobody speaks, 40 % longer: every word comes from a dictionary, and finds its room.
import { spawnSync } from 'node:child_process';
import { expect, type Page } from '@playwright/test';
import { at, cache } from '../../src/build/paths.mjs';
import { serve } from '../../src/build/serve.mjs';
import { paths, test } from './pages.ts';

// One build and one server for all tests of this file.
test.describe.configure({ mode: 'default' });

let site = '';
test.beforeAll(async () => {
  test.setTimeout(240_000);
  const { status, stderr } = spawnSync(
    process.execPath,
    ['node_modules/vite/bin/vite.js', 'build', '-c', 'tests/pseudo/vite.config.ts', '--logLevel', 'error'],
    { cwd: at(''), encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  site = await serve({ folder: `${cache}/pseudo/site`, prefix: '/pseudo/' });
});

/**
 * What is no text of ours to translate: programs and what they print, names, quotations, the texts of chapters, and
 * what the reference takes from the engines' tables.
 */
const CONTENT = [
  'code, pre, samp, kbd, [translate=no], [lang=en]:not(html), .cm-editor, option[value=en]',
  '.prose, .sources, .docs table, .reference :is(table, dl, p, li, h3, h4)',
].join(', ');

/** Words without accents that show, or that are read out, outside of content. */
const foreign = (page: Page): Promise<string[]> =>
  page.evaluate((content) => {
    const plain = (text: string) => /[a-z]*[aeiou][a-z]*/.test(text);
    const found = new Set<string>();
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_ALL);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node instanceof Element ? node : node.parentElement;
      if (!element || element.closest(`head, script, style, noscript, template, ${content}`)) continue;
      if (!element.checkVisibility({ visibilityProperty: true })) continue;
      if (node instanceof Text && plain(node.data)) found.add(node.data.trim());
      if (node instanceof Element)
        for (const name of [
          'aria-label',
          'title',
          'placeholder',
          'alt',
          'aria-valuetext',
          'aria-description',
        ])
          if (plain(node.getAttribute(name) ?? '')) found.add(`${name}="${node.getAttribute(name) ?? ''}"`);
    }
    return [...found];
  }, CONTENT);

/** Controls and headings whose text is cut off, and anything wider than the page. */
const cut = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - innerWidth;
    const cutOff = [...document.querySelectorAll('button, a, label, select, [role=tab], h1, h2, h3, th, dt')]
      .filter((element) => element.checkVisibility() && getComputedStyle(element).overflowX !== 'visible')
      .filter(({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth + 1)
      .map((element) => `cut: ${element.outerHTML.slice(0, 120)}`);
    return wide > 0 ? [`the page is ${wide} px too wide`, ...cutOff] : cutOff;
  });

for (const path of paths.filter((each) => each.startsWith('en/')))
  test(`${path} in the pseudo-language`, async ({ page }) => {
    await page.goto(`${site}${path}`);
    if ((await page.locator('[data-lab]').count()) > 0)
      await expect(page.locator('[data-lab]')).toHaveAttribute('data-ready');
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      expect.soft(await cut(page), `${width} px`).toEqual([]);
    }
    expect(await foreign(page)).toEqual([]);
  });

test('every panel of a lab in the pseudo-language', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${site}en/vm370/`);
  const lab = page.locator('#lab');
  await expect(lab.locator('.status dd').first()).toBeVisible();
  // By their places: their names are what is tested.
  const step = lab.locator('[role=toolbar] button, .toolbar button').nth(2);
  for (let i = 0; i < 4; i++) await step.click();
  const tabs = lab.getByRole('tab');
  for (let i = 0; i < (await tabs.count()); i++) {
    await tabs.nth(i).click();
    await page.waitForTimeout(150);
    expect.soft(await foreign(page), (await tabs.nth(i).textContent()) ?? '').toEqual([]);
  }
  expect(await cut(page)).toEqual([]);
});
