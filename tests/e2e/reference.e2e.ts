// The reference: anchors to link to, choices that work without a script, tables that a keyboard can scroll.
import { expect } from '@playwright/test';
import { test } from './pages.ts';

const page370 = 'en/reference/s370/';

test('the reference is one link away from home and from every page of it', async ({ page }) => {
  await page.goto('en/');
  await page.getByRole('link', { name: 'Reference', exact: true }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Reference');
  await page.getByRole('link', { name: 'System/370 and CP' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('System/370 and CP');
});

test('an instruction can be linked to by its mnemonic', async ({ page }) => {
  await page.goto(`${page370}#LPSW`);
  const row = page.locator('tr#LPSW');
  await expect(row).toBeInViewport();
  await expect(row).toContainText('Load PSW');
  await expect(row).toContainText('privileged');
  await expect(row).toContainText('82');
});

test('the head of a table stays in sight while its rows pass', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 700 });
  await page.goto(`${page370}#ST`);
  await expect(
    page.locator('section.group').first().getByRole('columnheader', { name: 'Mnemonic' }),
  ).toBeInViewport();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test('privileged instructions alone can be shown', async ({ page }) => {
    await page.goto(page370);
    await expect(page.locator('tr#AR')).toBeVisible();
    await page.getByRole('radio', { name: /^privileged/ }).check();
    await expect(page.locator('tr#AR')).toBeHidden();
    await expect(page.locator('tr#LPSW')).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Floating point' })).toBeHidden();
  });

  test('the runs that convict an instruction can be opened', async ({ page }) => {
    await page.goto('en/reference/popek-goldberg/');
    await expect(page.getByRole('img', { name: /^Not privileged, sensitive: [1-9]/ })).toHaveCount(1);
    const popf = page.locator('details', { hasText: 'POPF' }).first();
    await popf.locator('summary').click();
    const runs = popf.getByRole('row');
    await expect(runs.nth(0)).toContainText('IF');
    await expect(runs.nth(1)).toContainText('Supervisor mode');
    await expect(runs.nth(2)).toContainText('User mode');
    await expect(runs.nth(2)).toContainText('unchanged');
  });
});

test('a table that is wider than a phone scrolls by keyboard', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto(page370);
  const region = page.locator('section.group .table-scroll').first();
  await region.focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => region.evaluate((element) => element.scrollLeft)).toBeGreaterThan(0);
});

test('no link inside the reference leads nowhere', async ({ page }) => {
  for (const path of [
    'en/reference/',
    'ja/reference/s370/',
    'ja/reference/pc/',
    'en/reference/popek-goldberg/',
    'en/reference/translation/',
    'en/reference/vmx/',
    'en/reference/published/',
  ]) {
    await page.goto(path);
    const dead = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLAnchorElement>('main a[href^="#"]')]
        .map((link) => link.hash.slice(1))
        .filter((id) => !document.getElementById(id)),
    );
    expect(dead).toEqual([]);
  }
});
