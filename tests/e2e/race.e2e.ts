// The race as a visitor sees it: six engines run side by side, the order of the finish, and what is handed on of it.
import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import { test } from './pages.ts';

async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator('[data-race][data-ready]').waitFor();
}
const start = (page: Page) => page.getByRole('button', { name: 'Start the race' });

test('six techniques race syscall, each shown live, and finish in order', async ({ page }) => {
  await open(page, 'en/race/');
  await start(page).click();
  await expect(page.locator('[data-phase=running]').first()).toBeVisible();
  await expect(page.getByText('6 of 6 have finished')).toBeVisible({ timeout: 40_000 });
  const table = page.getByRole('region', { name: 'At the finish' });
  await expect(table.getByRole('row').nth(1)).toHaveText(/^\s*1\s*Bare machine.*1\.00×.*verified result/);
  // The naive monitor goes as far as it gets, and says why.
  await expect(table.getByRole('row').nth(6)).toHaveText(/Trap and emulate.*panic/);
  await expect(page).toHaveURL(/#workload=syscall&techniques=bare,naive,translator,/);

  const [csv] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as CSV' }).click(),
  ]);
  expect((await readFile(await csv.path(), 'utf8')).split('\n')).toHaveLength(1 + 6 + 1);
  const [svg] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save the chart as SVG' }).click(),
  ]);
  expect(await readFile(await svg.path(), 'utf8')).toMatch(/^<svg[^>]*xmlns[^]*Binary translation/);
});

test('a race that is cancelled shows how far it got', async ({ page }) => {
  await open(page, 'en/race/#workload=compile&techniques=bare,translator');
  await start(page).click();
  await expect(page.locator('[data-phase=running] .cycles').first()).toBeVisible();
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(start(page)).toBeVisible();
  await expect(page.locator('[data-phase=cancelled]').first()).toBeVisible();
  await expect(
    page
      .getByRole('region', { name: 'At the finish' })
      .getByText(/not done/)
      .first(),
  ).toBeVisible();
});

test('a program of one’s own is raced, and an error in it is told with its line', async ({ page }) => {
  await open(page, 'en/race/#workload=own&techniques=bare,translator');
  await page.getByRole('textbox').fill('nop\nmov eax, nowhere_at_all');
  await start(page).click();
  await expect(page.getByRole('alert').first()).toHaveText(/^2: /);
  await page.getByRole('textbox').fill('');
  await start(page).click();
  await expect(page.getByText('to the verified result')).toHaveCount(2);
});
