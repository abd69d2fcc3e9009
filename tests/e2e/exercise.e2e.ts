// A whole exercise by keyboard alone: begin, answer wrongly, go where it went wrong, ask for a hint, answer, pass.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { button, clockOf, ended, lab, test } from './pages.ts';

const EXERCISE = '[data-exercise="10-vm370/01-predict-traps"]';

/** Moves on with Tab until the focus is on what `name` names; fails where the keyboard never gets there. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const { activeElement } = document;
      const label = activeElement instanceof HTMLInputElement ? activeElement.labels?.[0]?.textContent : '';
      return label || (activeElement?.textContent ?? '');
    });
    if (name.test(focused.trim())) return;
  }
  throw new Error(`the keyboard does not reach ${name}`);
}

const pressed = async (page: Page, name: RegExp): Promise<void> => {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
};

async function answer(page: Page, values: readonly number[]): Promise<void> {
  const labels = [/^SVC interruptions/, /^Privileged-operation/, /^Interruptions that CP/];
  for (const [i, value] of values.entries()) {
    await tabTo(page, labels[i]!);
    await page.keyboard.press('Control+a');
    await page.keyboard.type(String(value));
  }
}

test('a student does an exercise by keyboard alone', async ({ page }) => {
  await page.goto('en/vm370/#exercises');
  const exercise = page.locator(EXERCISE);
  await exercise.scrollIntoViewIfNeeded();
  await exercise.getByRole('button', { name: 'Begin' }).focus();
  await page.keyboard.press('Enter');
  await expect(exercise.getByText('The lab stands at the beginning')).toBeVisible();

  const values = await exercise.locator('.exercise-text data').allTextContents();
  const [rounds = 0, calls = 0] = values.map(Number);
  await page.keyboard.press('Shift+Tab');
  await answer(page, [1, 2, 3]);
  await page.keyboard.press('Enter');
  await expect(exercise.getByRole('region', { name: 'Result' })).toContainText('3 of 3 checks fail');
  await expect(exercise.getByRole('status').filter({ hasText: '3 of 3' })).toHaveCount(1);

  await pressed(page, /^Go to the cycle/);
  await expect(exercise.getByText(/The lab stands at cycle/)).toBeVisible();
  await pressed(page, /^Show hint 1/);
  await expect(exercise.getByRole('listitem').filter({ hasText: 'CP gets control' })).toBeFocused();

  await exercise.getByLabel(/^SVC interruptions/).focus();
  await page.keyboard.press('Shift+Tab');
  const svc = rounds * calls;
  await answer(page, [svc + 1, 2 * svc + 2 * rounds + 2, svc + 1 + rounds]);
  await page.keyboard.press('Enter');
  await expect(exercise.getByRole('region', { name: 'Result' })).toContainText('Passed: all checks hold');

  await pressed(page, /^Start again/);
  await page.keyboard.press('Enter');
  await expect(exercise.getByLabel(/^SVC interruptions/)).toHaveValue('');
  await expect(exercise.getByRole('button', { name: 'Undo' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(exercise.getByLabel(/^SVC interruptions/)).toHaveValue(String(svc + 1));
  // The button that was pressed is gone: where the work begins has the focus.
  await expect(exercise.getByRole('button', { name: 'Open its start in the lab' })).toBeFocused();

  await pressed(page, /^Another variant/);
  await expect(exercise.getByText('Variant 2')).toBeVisible();
  await expect(exercise.locator('.exercise-text data')).not.toHaveText(values);
});

test('a piece of the monitor that never ends gets a verdict, at its line, and the lab lives on', async ({
  page,
}) => {
  await page.goto('en/vm370/');
  const exercise = page.locator('[data-exercise="10-vm370/05-simulate-an-instruction"]');
  await exercise.scrollIntoViewIfNeeded();
  await exercise.getByRole('button', { name: 'Begin' }).click();
  await exercise.getByRole('textbox').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText('function simulate(vm) {\n  vm.gr[1] = 5;\n  for (;;);\n}\n');
  await exercise.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(exercise.getByRole('region', { name: 'Result' })).toContainText('nothing could be checked');
  await expect(exercise.getByText('the function does not end')).toBeVisible();
  await button(page, 'Step').click();
  await expect(clockOf(page)).toBeVisible();
});

test('the lab follows what is chosen, and an exercise leaves the visitor’s own workloads alone', async ({
  page,
}) => {
  await page.goto('en/vm370/');
  const exercise = page.locator('[data-exercise="10-vm370/07-choose-frames"]');
  await exercise.scrollIntoViewIfNeeded();
  await exercise.getByRole('button', { name: 'Begin' }).click();
  await exercise.getByLabel('Assist').selectOption('vma');
  await expect(lab(page).getByLabel('Technique')).toHaveValue('cp-assist');
  await expect(lab(page).getByLabel('Workload')).toHaveValue('');
  await lab(page).getByLabel('Workload').selectOption('svc');
  await button(page, 'Run').click();
  await expect(ended(page)).toBeVisible({ timeout: 30_000 });
});

for (const [language, colorScheme, begin, check] of [
  ['en', 'light', 'Begin', 'Check'],
  ['ja', 'dark', '始める', '確かめる'],
] as const)
  test(`an exercise with its result is accessible, in ${language} and ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto(`${language}/vm370/`);
    const exercise = page.locator('[data-exercise="10-vm370/03-find-the-bug"]');
    await exercise.scrollIntoViewIfNeeded();
    await exercise.getByRole('button', { name: begin, exact: true }).click();
    await exercise.getByRole('button', { name: check, exact: true }).click();
    await expect(exercise.locator('.verdict')).toBeVisible();
    await exercise.getByRole('button', { name: /1/ }).last().click();
    const { violations } = await new AxeBuilder({ page }).include('.exercises').analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
      [],
    );
  });
