// `strata verify` from its arguments to its exit status, on hand-ins of the first chapter.
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { strToU8, zipSync } from 'fflate';
import { beforeAll, expect, test } from 'vitest';
import { assignmentOf, handInOf } from '../../../tests/classroom/hand-ins.ts';
import { handInText, type HandIn } from '../../classroom/format/hand-in.ts';
import { assignmentFragment } from '../../classroom/format/link.ts';
import { file, folder, strata } from '../testing.ts';

const whole = assignmentOf('10-vm370');
const assignment = { ...whole, exercises: whole.exercises.slice(0, 1) };
let good: HandIn;
let unsolved: HandIn;
beforeAll(async () => {
  good = await handInOf(assignment, 'Mori Aoi');
  unsolved = await handInOf(assignment, 'Sato Ren', (attempt) => ({ ...attempt, answers: {} }));
});

const verify = (...argv: string[]) => strata('verify', '--jobs', '1', ...argv);
const forged = () => ({
  ...unsolved,
  work: unsolved.work.map((work) => ({ ...work, claimed: { ...work.claimed!, passed: true } })),
});

test('good files are told, with exit status 0', async () => {
  const { status, out } = await verify(file(handInText(good)));
  expect(status).toBe(0);
  expect(out).toMatch(/^solved +1\/1 +Mori Aoi/);
  expect(out).toContain('1 checked, 1 ok, 0 not');
});

test('one that is not good makes it 1, in words', async () => {
  const { status, out } = await verify(file(handInText(good)), file(handInText(forged())), file('{"a'));
  expect(status).toBe(1);
  expect(out.split('\n').map((line) => line.split(/ {2,}/)[0])).toEqual([
    ...['solved', 'forged result', 'truncated', '3 checked, 1 ok, 2 not', ''],
  ]);
});

test('a folder and a zip are looked through; --csv and --json say the same', async () => {
  const place = join(folder, 'class');
  mkdirSync(place);
  writeFileSync(join(place, 'a.strata.json'), handInText(good));
  writeFileSync(join(place, 'rest.zip'), zipSync({ 'b/b.strata.json': strToU8(handInText(unsolved)) }));
  const csv = await verify(place, '--csv');
  const [head, ...rows] = csv.out.trim().split('\r\n');
  expect(head).toBe('file,student,verdict,solved,of,why,notes,made');
  expect(rows.map((row) => row.split(',').slice(1, 5).join())).toEqual([
    ...['Mori Aoi,solved,1,1', 'Sato Ren,not solved,0,1'],
  ]);
  const json = JSON.parse((await verify(place, '--json')).out) as { files: { outcome: string }[] };
  expect(json.files.map(({ outcome }) => outcome)).toEqual(['ok', 'not-solved']);
});

test('the assignment is taken from its file or its link, and files of another one are told', async () => {
  const other = { ...assignment, courseKey: 'autumn' };
  const path = file(handInText(good));
  expect((await verify(path, '--assignment', file(JSON.stringify(assignment)))).status).toBe(0);
  const link = `https://example.org/en/assignment/${assignmentFragment(other)}`;
  expect((await verify(path, '--assignment', link)).out).toContain('wrong assignment');
});

test.each([
  [[], /usage/],
  [['no-such-file'], /no such file/],
  [['x', '--csv', '--json'], /usage/],
  [['x', '--jobs', '0'], /--jobs/],
  [['x', '--assignment', '#a=9.abc'], /later edition/],
  [['x', '--assignment', '#a=1.abc.def'], /cut or altered/],
])('%j are bad arguments', async (argv, words) => {
  const { status, err } = await strata('verify', ...argv);
  expect(status).toBe(2);
  expect(err).toMatch(words);
});

test('several threads say the same as one process', async () => {
  const paths = [good, forged(), good, unsolved].map((each) => file(handInText(each)));
  const alone = await verify(...paths, '--csv');
  const argv = ['src/build/launch.mjs', 'src/cli/main.ts', 'verify', '--jobs', '2', '--csv', ...paths];
  const threads = await promisify(execFile)(process.execPath, argv).catch((error: unknown) => error);
  expect(threads).toMatchObject({ code: 1, stdout: alone.out });
});
