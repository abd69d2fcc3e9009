// The race as a visitor sees it: engines run side by side, the order of the finish, and what is asked about it.
import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import { elfWith, SAYS_OK } from '../../labs/90-race/testing.ts';
import { button, lab, open, tab, test } from './pages.ts';

const chapter = 'en/race/';
const start = (page: Page) => button(page, 'Start the race');
const finish = (page: Page) => lab(page).getByRole('region', { name: 'At the finish' });

test('six techniques race syscall, each shown live, and finish in order', async ({ page }) => {
  await open(page, chapter);
  await start(page).click();
  await expect(page.locator('[data-phase=running]').first()).toBeVisible();
  await expect(page.getByText('6 of 6 have finished')).toBeVisible({ timeout: 40_000 });
  const table = finish(page);
  await expect(table.getByRole('row').nth(1)).toHaveText(/^\s*1\s*Bare machine.*1\.00×.*verified result/);
  // The naive monitor goes as far as it gets, and says why, once.
  await expect(table.getByRole('row').nth(6)).toHaveText(/Trap and emulate.*panic/);
  await expect(lab(page).getByText(/panic/)).toHaveCount(1);

  const [csv] = await Promise.all([page.waitForEvent('download'), button(page, 'Save as CSV').click()]);
  expect((await readFile(await csv.path(), 'utf8')).split('\n')).toHaveLength(1 + 6 + 1);
  const [svg] = await Promise.all([
    page.waitForEvent('download'),
    button(page, 'Save the chart as SVG').click(),
  ]);
  expect(await readFile(await svg.path(), 'utf8')).toMatch(/^<svg[^>]*xmlns[^]*Binary translation/);
});

test('a race that is cancelled shows how far it got', async ({ page }) => {
  await open(page, chapter);
  await start(page).click();
  await expect(page.locator('[data-phase=running] .cycles').first()).toBeVisible();
  await button(page, 'Cancel').click();
  await expect(start(page)).toBeVisible();
  await expect(page.locator('[data-phase=cancelled]').first()).toBeVisible();
  await expect(
    finish(page)
      .getByText(/not done/)
      .first(),
  ).toBeVisible();
});

test('a program of one’s own is offered to those that can run it, edited in the lab, and raced', async ({
  page,
}) => {
  await open(page, chapter);
  await expect(lab(page).getByRole('checkbox', { name: 'Xen, paravirtual' })).toBeVisible();
  await lab(page).getByLabel('Workload').selectOption('own');
  await expect(lab(page).getByRole('checkbox', { name: 'Xen, paravirtual' })).toHaveCount(0);
  await tab(page, 'Code').click();
  await lab(page)
    .getByRole('button', { name: /^Source/ })
    .click();
  // The guest's own source is there to begin with.
  await expect(lab(page).locator('.cm-content')).toContainText('a privileged instruction, over and over');
  await lab(page).locator('.cm-content').click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('mov eax, nowhere_at_all\n');
  await expect(
    lab(page)
      .getByText(/errors? in the source/)
      .first(),
  ).toBeVisible();
  await tab(page, 'Race').click();
  await expect(start(page)).toBeDisabled();
  await expect(lab(page).getByText('The source has errors.')).toBeVisible();
});

test('an ELF file that is dropped is raced; one for another processor is refused, and the assembly is still there', async ({
  page,
}) => {
  const drop = async (name: string, file: Uint8Array) => {
    const data = await page.evaluateHandle(
      ([called, bytes]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([Uint8Array.from(bytes)], called));
        return transfer;
      },
      [name, [...file]] as const,
    );
    await lab(page).getByText('or an ELF file').dispatchEvent('drop', { dataTransfer: data });
  };
  await open(page, chapter);
  await lab(page).getByLabel('Workload').selectOption('own');
  await drop('mine.elf', elfWith(SAYS_OK));
  await expect(lab(page).getByText('The program is mine.elf.')).toBeVisible();
  await start(page).click();
  await drop('theirs.elf', elfWith(SAYS_OK, 62));
  await expect(lab(page).getByRole('alert')).toContainText('the race is on');
  await expect(start(page)).toBeEnabled();
  await expect(finish(page).getByRole('row').nth(1)).toHaveText(/Bare machine.*1\.00×.*verified result/);
  await drop('theirs.elf', elfWith(SAYS_OK, 62));
  await expect(lab(page).getByRole('alert')).toHaveText(/^theirs\.elf cannot run here: not for IA-32\./);
  await button(page, 'Back to the assembly').click();
  await expect(lab(page).getByRole('alert')).toHaveCount(0);
  await expect(start(page)).toBeEnabled();
});

test('constants are varied and machines gone through, in engines of their own', async ({ page }) => {
  await open(page, chapter);
  await lab(page).getByLabel('Workload').selectOption('own');
  await tab(page, 'Sensitivity').click();
  await lab(page).getByLabel('Cost constant').selectOption('system-read');
  await button(page, 'Vary it').click();
  await expect(lab(page).getByText('25 of 25 runs done')).toBeVisible({ timeout: 30_000 });
  // Reading CR0 is what the program does: dear enough, and translation, which need not, comes first.
  await expect(lab(page).getByText(/Binary translation passes Bare machine/)).toBeVisible();
  await tab(page, 'Eras').click();
  await button(page, 'Run on every machine').click();
  await expect(lab(page).getByText('22 of 22 runs done')).toBeVisible({ timeout: 30_000 });
  await expect(lab(page).getByRole('row', { name: /^VT-x/ })).toContainText('–');
});

test('the home page shows a race that was measured, and runs it when asked', async ({ page }) => {
  await page.goto('en/');
  const race = page.getByRole('region', { name: 'The same program under every technique' });
  await expect(race.getByRole('img', { name: /Binary translation.*cycles/ }).first()).toBeVisible();
  await race.getByRole('button', { name: 'Run it here' }).click();
  await expect(race.getByText('6 of 6 have finished')).toBeVisible({ timeout: 40_000 });
});
