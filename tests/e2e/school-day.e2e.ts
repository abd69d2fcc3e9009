// A whole school day: a teacher sets an assignment, a student does it by keyboard with a reload in the middle and hands
// in, and the teacher checks forty files of which six are bad.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { at } from '../../src/build/paths.mjs';
import { test } from './pages.ts';

const STUDENT = 'Mori Aoi';
const PREDICT = '10-vm370/01-predict-traps';
const PROGRAM = '10-vm370/04-halve-the-overhead';

interface Attempt {
  readonly answers: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

/** The page as it stands in the middle of the work has no accessibility fault. */
async function accessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
}

/** Moves on with Tab until the focus is on what `name` names; fails where the keyboard never gets there. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 150; presses++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const { activeElement } = document;
      const label = activeElement instanceof HTMLInputElement ? activeElement.labels?.[0]?.textContent : '';
      return label || (activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? '');
    });
    if (name.test(focused.trim())) return;
  }
  throw new Error(`the keyboard does not reach ${name}`);
}

const press = async (page: Page, name: RegExp): Promise<void> => {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
};

async function fill(page: Page, name: RegExp, text: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}

async function compose(page: Page): Promise<string> {
  await page.goto('en/classroom/');
  await expect(page.locator('[data-classroom][data-ready]')).toBeAttached();
  await page.getByLabel('Title').fill('Week 3: trap and emulate');
  await page.getByLabel('Deadline, in your words').fill('Friday, 17:00');
  await page.getByLabel('Count the traps before you run').check();
  await page.getByLabel(titleOf(PROGRAM)).check();
  await page.getByRole('button', { name: 'Make one' }).click();
  await page.getByRole('group', { name: 'Left out' }).getByLabel('Help').check();
  // What was composed survives a reload too.
  const link = await page.getByLabel('Link', { exact: true }).inputValue();
  await page.reload();
  await expect(page.getByLabel('Link', { exact: true })).toHaveValue(link);
  await accessible(page);
  return link;
}

const titleOf = (exercise: string): string =>
  /^title: '?(.*?)'?$/m.exec(
    readFileSync(at(`labs/${exercise.replace('/', '/exercises/')}/index.en.md`), 'utf8'),
  )?.[1] ?? '';

async function work(page: Page, link: string, solutions: Readonly<Record<string, Attempt>>): Promise<void> {
  await page.goto(link);
  await expect(page.getByLabel(/^Your name/)).toBeVisible();
  await fill(page, /^Your name/, STUDENT);
  await page.keyboard.press('Enter');
  await expect(page.getByText(`Working as ${STUDENT}.`)).toBeVisible();
  await press(page, /^Begin$/);
  await expect(page.getByText('The lab stands at the beginning')).toBeVisible();
  const { answers } = solutions[PREDICT]!;
  await page.keyboard.press('Shift+Tab');
  await fill(page, /^SVC interruptions/, answers['svc']!);
  await fill(page, /^Privileged-operation/, answers['privileged']!);
  await expect(page.getByText('Everything is kept in this browser.')).toBeVisible();

  // The browser is closed and opened again in the middle of the work.
  await page.reload();
  await expect(page.getByRole('button', { name: 'Go on' })).toBeVisible();
  await press(page, /^Go on/);
  await expect(page.getByLabel(/^SVC interruptions/)).toHaveValue(answers['svc']!);
  await fill(page, /^Interruptions that CP/, answers['reflected']!);
  await page.keyboard.press('Enter');
  await expect(page.getByText('1 of 2 solved')).toBeVisible();

  await press(page, /^Next$/);
  await press(page, /^Begin$/);
  await expect(page.getByText('The lab stands at the beginning')).toBeVisible();
  await page.keyboard.press('Shift+Tab');
  await fill(page, /^guest\.s/, solutions[PROGRAM]!.files['guest.s']!);
  await page.keyboard.press('Escape');
  await press(page, /^Check$/);
  await expect(page.getByText('2 of 2 solved')).toBeVisible();
  await accessible(page);
}

async function handIn(page: Page, folder: string): Promise<void> {
  await press(page, /^Next$/);
  await press(page, /^Check and make the file$/);
  await expect(page.getByText('The file is ready: 2 of 2 solved.')).toBeVisible();
  await accessible(page);
  await expect(page.getByRole('button', { name: 'Save the file' })).toBeFocused();
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  expect(download.suggestedFilename()).toBe('Mori-Aoi-Week-3-trap-and-emulate.strata.json');
  await download.saveAs(join(folder, download.suggestedFilename()));
}

test('a school day, from the assignment to forty verdicts', async ({
  page: teacher,
  browser,
  baseURL,
}, info) => {
  test.setTimeout(240_000);
  teacher.setDefaultTimeout(30_000);
  const folder = info.outputPath('class');
  const link = await compose(teacher);
  const argv = ['src/build/launch.mjs', 'tests/classroom/make-class.ts', folder, link, STUDENT];
  await promisify(execFile)(process.execPath, argv, { cwd: at('') });
  const solutions = JSON.parse(readFileSync(join(folder, 'solutions.json'), 'utf8')) as Record<
    string,
    Attempt
  >;

  const student = await (await browser.newContext({ baseURL: baseURL ?? '' })).newPage();
  student.setDefaultTimeout(30_000);
  await work(student, link, solutions);
  await handIn(student, folder);
  await student.context().close();

  await teacher.goto('en/check/');
  await expect(teacher.locator('[data-classroom][data-ready]')).toBeAttached();
  await teacher.getByLabel('Its link').fill(link);
  await expect(teacher.getByText('Checked against “Week 3: trap and emulate”.')).toBeVisible();
  const files = readdirSync(folder).filter((name) => name.endsWith('.strata.json'));
  await teacher.getByLabel('Choose files').setInputFiles(files.map((name) => join(folder, name)));
  await expect(teacher.getByText('40 checked: 34 in order.')).toBeVisible({ timeout: 120_000 });

  await accessible(teacher);

  // The files are named by the verdict that they deserve.
  const bad = teacher.locator('tbody tr:not([data-outcome=ok])');
  const verdicts = await bad.evaluateAll((rows) =>
    rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent.trim())),
  );
  expect(verdicts).toHaveLength(6);
  for (const [, verdict, , file] of verdicts) expect(file).toBe(`${verdict}.strata.json`);
  await expect(teacher.getByText('is that of Classmate 1')).toHaveCount(2);

  const [csv] = await Promise.all([
    teacher.waitForEvent('download'),
    teacher.getByRole('button', { name: 'Save as CSV' }).click(),
  ]);
  expect(
    readFileSync(await csv.path(), 'utf8')
      .trim()
      .split('\r\n'),
  ).toHaveLength(41);
});
