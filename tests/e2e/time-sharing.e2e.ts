// What only the time-sharing chapter has: a shell that answers when a line is typed, and a sweep of many runs.
import { expect } from '@playwright/test';
import { button, lab, open, tab, test, waiting } from './pages.ts';

test('a line that is typed to a system which waits for one sets it going again', async ({ page }) => {
  await open(page, 'en/time-sharing/');
  await page.getByRole('button', { name: 'Load the shell' }).click();
  await button(page, 'Run').click();
  await expect(waiting(page)).toBeVisible();
  await page.getByRole('button', { name: 'type “sum”' }).click();
  await expect(lab(page).getByRole('tabpanel')).toContainText('SUM 1656438113');
  await expect(waiting(page)).toBeVisible();
});

test('a sweep draws what it has, can be cancelled and run again', async ({ page }) => {
  await open(page, 'en/time-sharing/');
  await page.getByRole('button', { name: 'sweep from one user to forty' }).click();
  const panel = lab(page).getByRole('tabpanel').last();
  await expect(tab(page, 'Sweep')).toHaveAttribute('aria-selected', 'true');
  await expect(panel.getByText(/^[1-9]\d* of 240/)).toBeVisible();
  await panel.getByRole('button', { name: 'Cancel' }).click();
  await expect(panel.getByRole('button', { name: 'Run it again' })).toBeVisible();
  await expect(panel.getByRole('img')).toBeVisible();
});
