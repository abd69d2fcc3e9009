// Work is kept as it is done: through a reload, between tabs, to a file and back, and it is told when it cannot be kept.
import { readFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { test } from './pages.ts';

const ANSWER = /^SVC interruptions/;

/** Opens the chapter's first exercise. */
async function begin(page: Page): Promise<void> {
  // From elsewhere, so that the page is a new one even where the address is the same.
  await page.goto('about:blank');
  await page.goto('en/vm370/#exercises');
  const exercise = page.locator('[data-exercise]').first();
  await exercise.scrollIntoViewIfNeeded();
  await exercise.getByRole('button', { name: /^(Begin|Go on)/ }).click();
  await expect(exercise.getByText('The lab stands at the beginning')).toBeVisible();
}

const notice = (page: Page) => page.getByRole('region', { name: 'Your work' });

test('what was typed is there after a reload, moves to a file and back, and can be deleted', async ({
  page,
}) => {
  page.on('dialog', (dialog) => void dialog.accept());
  await begin(page);
  await page.getByLabel(ANSWER).fill('12');
  await begin(page);
  await expect(page.getByLabel(ANSWER)).toHaveValue('12');

  await page.goto('en/work/');
  const row = page.getByRole('row', { name: /^Exercise Count the traps/ });
  await expect(row).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save everything to a file' }).click(),
  ]);
  await row.getByRole('button', { name: 'Delete: Exercise: Count the traps' }).click();
  await expect(row).toBeHidden();
  const bytes = readFileSync(await download.path());
  await page
    .getByLabel('Bring in a file')
    .setInputFiles({ name: 'work.json', mimeType: 'application/json', buffer: bytes });
  await expect(row).toBeVisible();
  await begin(page);
  await expect(page.getByLabel(ANSWER)).toHaveValue('12');
});

test('two tabs do not overwrite each other, and the one that loses is kept as a copy', async ({
  page,
  context,
}) => {
  await begin(page);
  await page.getByLabel(ANSWER).fill('1');
  const other = await context.newPage();
  await begin(other);
  await other.getByLabel(ANSWER).fill('2');
  await expect(notice(page)).toContainText('changed in another tab');
  await page.getByLabel(ANSWER).fill('3');
  await expect(notice(page)).toContainText('here and in another tab');
  await notice(page).getByRole('button', { name: 'Keep this tab’s' }).click();
  await expect(notice(page)).toBeHidden();
  await page.goto('en/work/');
  await expect(page.getByRole('row', { name: /^Exercise \(copy\)/ })).toBeVisible();
  await begin(page);
  await expect(page.getByLabel(ANSWER)).toHaveValue('3');
});

test('a full disk is told before work is lost, and a copy can be saved', async ({ page }) => {
  await page.addInitScript(() => {
    const store = IDBObjectStore.prototype as unknown as Record<string, (...given: unknown[]) => unknown>;
    const put = store['put']!;
    store['put'] = function (...given) {
      if (document.documentElement.dataset['full'] === '') throw new DOMException('', 'QuotaExceededError');
      return put.apply(this, given);
    };
  });
  await begin(page);
  await page.getByLabel(ANSWER).fill('1');
  await page.evaluate(() => (document.documentElement.dataset['full'] = ''));
  await page.getByLabel(ANSWER).fill('42');
  await expect(notice(page)).toContainText('no room left');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    notice(page).getByRole('button', { name: 'Save a copy' }).click(),
  ]);
  expect(readFileSync(await download.path(), 'utf8')).toContain('"42"');
  await page.evaluate(() => delete document.documentElement.dataset['full']);
  await notice(page).getByRole('button', { name: 'Try again' }).click();
  await expect(notice(page)).toBeHidden();
});

test('a browser without storage is told as soon as there is something to lose', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'indexedDB', {
      value: {
        open: () => {
          throw new DOMException('no', 'SecurityError');
        },
      },
    });
  });
  await begin(page);
  await expect(notice(page)).toBeHidden();
  await page.getByLabel(ANSWER).fill('1');
  await expect(notice(page)).toContainText('keeps nothing');
});
