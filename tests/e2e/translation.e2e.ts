// The panel of translated code as a visitor sees it: the place moves through it, exits get chained, and it is for everyone.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { lab, open, step, test } from './pages.ts';

const panel = (page: Page) => lab(page).locator('.host[data-panel="units"]');
const next = (page: Page) => panel(page).locator('li.next');
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).first().click();

test('stepping moves through the code that stands for one instruction of the guest', async ({ page }) => {
  await open(page, 'en/binary-translation/');
  await press(page, 'run to its loop');
  await expect(panel(page)).toContainText('Unit at 100015');
  await expect(next(page)).toContainText('pushf');
  await step(page, 1);
  await expect(next(page)).toContainText('mov dword [gs:0xFFC00008], eax');
  await expect(lab(page).locator('.status')).toContainText('next: 100015 pushf');
  await expect(panel(page)).toContainText('by the monitor');
  await press(page, 'Run to the next round');
  await expect(panel(page).locator('.chained')).toContainText('100073');
  const { violations } = await new AxeBuilder({ page }).include('.host[data-panel="units"]').analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});

test('a program is said to run directly, and a naive monitor to translate nothing', async ({ page }) => {
  await page.goto('ja/binary-translation/');
  await press(page, 'ringsをロード');
  await press(page, 'プログラムまで実行');
  await expect(panel(page)).toContainText('ゲストのプログラムが直接実行中です');
  await press(page, '素朴なモニタの下でpopfをロード');
  await expect(panel(page)).toContainText('ここでは何も変換されません');
});

test('the panel is a widget of its own, and fits a phone', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 700 });
  await page.goto('embed/en/binary-translation/units/?workload=kinds&technique=translator');
  await expect(page.locator('.host[data-panel="units"]')).toContainText('mov esp, 0x90000');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
});
