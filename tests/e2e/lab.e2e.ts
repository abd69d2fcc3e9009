// The VM/370 lab in a real browser: an engine in its worker, driven by buttons, keys, the text and links. These tests
// also run on the site at the root of its host, and on the lab in a single file.
import { expect } from '@playwright/test';
import { button, choose, clockOf, ended, lab, open, step, tab, test } from './pages.ts';

test('a guest runs under CP to its verified end, and the log says what CP did', async ({ page, address }) => {
  await open(page, address);
  await choose(page, 'svc', 'cp');
  await button(page, 'Run').click();
  await expect(ended(page)).toBeVisible({ timeout: 30_000 });
  await tab(page, 'Events').click();
  await expect(
    lab(page)
      .getByText(/CP simulates LPSW/)
      .first(),
  ).toBeVisible();
  await tab(page, 'Registers').click();
  await expect(lab(page).getByText('137A3BD8').first()).toBeVisible();
});

test('a step back and a step forward again end in the same state', async ({ page, address }) => {
  await open(page, address);
  const there = await step(page, 5);
  await button(page, 'Step back').click();
  await expect(clockOf(page)).not.toHaveText(there);
  await button(page, 'Step').click();
  await expect(clockOf(page)).toHaveText(there);
});

test('the same keys work everywhere in the lab, and not in a text field', async ({ page, address }) => {
  await open(page, address);
  await button(page, 'Step').focus();
  const start = await clockOf(page).textContent();
  await page.keyboard.press('ArrowRight');
  await expect(clockOf(page)).not.toHaveText(start ?? '');
  await page.keyboard.press('r');
  await expect(clockOf(page)).toHaveText(start ?? '');
  await tab(page, 'Terminal').click();
  await lab(page).getByRole('textbox').first().fill('');
  await page.keyboard.type('rrr');
  await expect(clockOf(page)).toHaveText(start ?? '');
});

test('a step of the text puts the lab into the state that it talks about', async ({ page, address }) => {
  test.skip(address.startsWith('file:'), 'a file holds the lab without its text');
  await open(page, address);
  await page.getByRole('button', { name: 'Load svc under CP' }).click();
  await expect(lab(page).getByLabel('Workload')).toHaveValue('svc');
  await page.getByRole('button', { name: 'run to the first SVC' }).click();
  await tab(page, 'Events').click();
  await expect(
    lab(page)
      .getByText(/supervisor call 1 at/)
      .first(),
  ).toBeVisible();
});

test('a link opens the lab in exactly the state it was made in', async ({ page, context, address }) => {
  test.skip(
    address.startsWith('file:'),
    'a file neither rewrites its address nor keeps anything in the browser',
  );
  await open(page, address);
  await choose(page, 'compute', 'cp-assist');
  const clock = await step(page, 3);
  await button(page, 'Share link').click();
  await expect.poll(() => page.url()).toContain('#s=');
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(lab(other).getByLabel('Workload')).toHaveValue('compute');
  await expect(lab(other).getByLabel('Technique')).toHaveValue('cp-assist');
  await expect(clockOf(other)).toHaveText(clock);
});

test('a mistake in the source stands at its line, and what was typed survives a reload', async ({
  page,
  address,
}) => {
  test.skip(
    address.startsWith('file:'),
    'a file neither rewrites its address nor keeps anything in the browser',
  );
  await open(page, address);
  await choose(page, 'hello', 'bare');
  if ((await tab(page, 'Code').count()) > 0) await tab(page, 'Code').click();
  await lab(page)
    .getByRole('button', { name: /^Source/ })
    .click();
  const editor = lab(page).locator('.cm-content');
  await editor.click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('LABEL    NOSUCH 1,2\n');
  await expect(
    lab(page)
      .getByText(/errors? in the source/)
      .first(),
  ).toBeVisible();
  await page.reload();
  await expect(lab(page).getByLabel('Workload')).toBeVisible();
  await choose(page, 'hello', 'bare');
  if ((await tab(page, 'Code').count()) > 0) await tab(page, 'Code').click();
  await lab(page)
    .getByRole('button', { name: /^Source/ })
    .click();
  await expect(lab(page).locator('.cm-content')).toContainText('NOSUCH');
});

test('overheads of all techniques stand on one meter', async ({ page, address }) => {
  test.setTimeout(120_000);
  await open(page, address);
  await choose(page, 'compute', 'bare');
  await tab(page, 'Overhead').click();
  await button(page, 'Compare').click();
  const panel = lab(page).getByRole('tabpanel');
  await expect(panel.getByText(/1\.0\d*\s*×/).first()).toBeVisible({ timeout: 90_000 });
  // A panel's styles come with it.
  await expect(panel.locator('.ask')).toHaveCSS('display', 'flex');
});
