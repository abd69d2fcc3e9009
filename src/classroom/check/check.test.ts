import { expect, test } from 'vitest';
import type { Attempt, Verdict } from '../../protocol/exercise.ts';
import { seedOf } from '../format/assignment.ts';
import { ENGINE } from '../format/engine.ts';
import type { HandIn, Work } from '../format/hand-in.ts';
import { assignment, handIn as sample } from '../format/testing.ts';
import { sideBySide } from '../batch/side-by-side.ts';
import { checkHandIn, type Grader } from './check.ts';

/** A machine whose final state is what it was told, and whose answer is the seed. */
const grade: Grader = async (_exercise, seed, attempt): Promise<Verdict> => {
  const passed = attempt.answers['seed'] === String(seed);
  const state = Object.values(attempt.files).join();
  return {
    passed,
    checks: [{ id: 'seed', passed, data: {}, at: null }],
    diagnostics: [],
    problem: null,
    fingerprint: `state ${state}`,
    cycles: 10,
  };
};

const [exercise = ''] = assignment.exercises;

/** What the student's page would write, done honestly. */
async function honest(student: string, attempt: Partial<Attempt> = {}): Promise<HandIn> {
  const seed = seedOf(assignment, student, exercise, 0);
  const full: Attempt = {
    answers: { seed: String(seed) },
    files: { 'p.s': student },
    recording: null,
    ...attempt,
  };
  const { passed, checks, fingerprint, cycles } = (await grade(exercise, seed, full))!;
  const claimed = {
    passed,
    checks: checks.map((check) => ({ id: check.id, passed: check.passed })),
    fingerprint,
    cycles,
  };
  return { ...sample, student, work: [{ exercise, lab: '10-vm370', seed, attempt: full, claimed }] };
}

const altered = (handIn: HandIn, change: (work: Work) => Partial<Work>): HandIn => ({
  ...handIn,
  work: handIn.work.map((work) => ({ ...work, ...change(work) })),
});

const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const check = (value: unknown, expected: typeof assignment | null = assignment) =>
  checkHandIn('a.strata.json', bytesOf(value), { grade, engine: ENGINE, assignment: expected });

test('honest work is ok, and says whose it is', async () => {
  const found = await check(await honest('Mori Aoi'));
  expect(found).toMatchObject({ outcome: 'ok', student: 'Mori Aoi', solved: 1, all: 1, reasons: [] });
});

test('work that was never checked by its author is judged by what it does', async () => {
  expect(await check(altered(await honest('A'), () => ({ claimed: null })))).toMatchObject({ outcome: 'ok' });
});

test('honest work that does not solve it names the checks that fail', async () => {
  const found = await check(await honest('A', { answers: {} }));
  expect(found).toMatchObject({ outcome: 'not-solved', solved: 0 });
  expect(found.reasons).toEqual([{ kind: 'fails', exercise, checks: ['seed'] }]);
});

test('an exercise that is missing is not solved', async () => {
  expect((await check({ ...(await honest('A')), work: [] })).reasons).toEqual([
    { kind: 'missing', exercise },
  ]);
});

test('a result that claims more than the work gives is forged', async () => {
  const failed = await honest('A', { answers: {} });
  const forged = altered(failed, ({ claimed }) => ({ claimed: { ...claimed!, passed: true } }));
  const check1 = altered(failed, ({ claimed }) => ({
    claimed: { ...claimed!, checks: [{ id: 'seed', passed: true }] },
  }));
  expect((await check(forged)).outcome).toBe('forged-result');
  expect((await check(check1)).outcome).toBe('forged-result');
});

test('a log or a file that was edited leads to another state, whatever it does', async () => {
  const edited = altered(await honest('A'), ({ attempt }) => ({
    attempt: { ...attempt, files: { 'p.s': 'B' } },
  }));
  expect(await check(edited)).toMatchObject({ outcome: 'edited-log', reasons: [{ kind: 'other-state' }] });
});

test('answers that were mended after the check are seen', async () => {
  const late = altered(await honest('A', { answers: {} }), ({ attempt, seed }) => ({
    attempt: { ...attempt, answers: { seed: String(seed) } },
  }));
  expect(await check(late)).toMatchObject({ outcome: 'edited-log', reasons: [{ kind: 'changed-later' }] });
});

test('another student’s file under a new name is known by its seed, and its owner is named', async () => {
  const owner = await honest('Owner');
  const thief = { ...owner, student: 'Thief' };
  const found = sideBySide([await check(owner), await check(thief)]);
  expect(found.map(({ outcome }) => outcome)).toEqual(['ok', 'other-student']);
  expect(found[1]?.reasons).toMatchObject([{ kind: 'seed', whose: 'Owner' }]);
});

test('a copy with the seed put right fails and is known by its work', async () => {
  const owner = await honest('Owner');
  const seed = seedOf(assignment, 'Thief', exercise, 0);
  const copy = altered({ ...owner, student: 'Thief' }, () => ({ seed }));
  const found = sideBySide([await check(owner), await check(copy)]);
  expect(found.map(({ outcome }) => outcome)).toEqual(['ok', 'other-student']);
  expect(found[1]?.reasons).toMatchObject([{ kind: 'copied', whose: 'Owner' }]);
});

test('the same work that is right for both is a note to the teacher, no verdict', async () => {
  const files = { 'p.s': 'the one-line repair' };
  const found = sideBySide([
    await check(await honest('A', { files })),
    await check(await honest('B', { files })),
  ]);
  expect(found.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
  expect(found[0]?.notes).toEqual([{ kind: 'same-work', exercise, whose: 'B' }]);
});

test('a student who hands in twice is noted', async () => {
  const [first, second] = [
    await check(await honest('A')),
    { ...(await check(await honest('A'))), file: 'b' },
  ];
  expect(sideBySide([first, second]).map(({ notes }) => notes)).toEqual([
    [{ kind: 'twice', file: 'b' }],
    [{ kind: 'twice', file: 'a.strata.json' }],
  ]);
});

test('another release is a wrong version; another build only where the result differs', async () => {
  const good = await honest('A');
  const release = { ...good, engine: { ...ENGINE, version: '9.0.0' } };
  const build = { ...good, engine: { ...ENGINE, fingerprint: '0123456789abcdef' } };
  expect((await check(release)).outcome).toBe('wrong-version');
  expect(await check(build)).toMatchObject({ outcome: 'ok', notes: [{ kind: 'other-build' }] });
  const differs = altered(build, ({ claimed }) => ({ claimed: { ...claimed!, fingerprint: 'other' } }));
  expect((await check(differs)).outcome).toBe('wrong-version');
});

test('another assignment is told by its title; mended words are the same assignment', async () => {
  const other = {
    ...(await honest('A')),
    assignment: { ...assignment, courseKey: 'other', title: 'Week 9' },
  };
  expect(await check(other)).toMatchObject({
    outcome: 'wrong-assignment',
    reasons: [{ kind: 'other-assignment', title: 'Week 9' }],
  });
  expect((await check(await honest('A'), { ...assignment, deadline: 'Monday' })).outcome).toBe('ok');
});

test('a policy that was changed in the file does not count where the assignment is known', async () => {
  const seed = 7;
  const chosen = altered(await honest('A'), () => ({ seed }));
  const fixed = { ...chosen, assignment: { ...assignment, seeds: { kind: 'fixed' as const, seed } } };
  expect((await check(fixed)).outcome).toBe('wrong-assignment');
});

test('what is cut off, too new, or no hand-in is not done again', async () => {
  const whole = bytesOf(await honest('A'));
  const never: Grader = () => Promise.reject(new Error('must not run'));
  const outcome = async (bytes: Uint8Array) =>
    (await checkHandIn('f', bytes, { grade: never, engine: ENGINE, assignment: null })).outcome;
  expect(await outcome(whole.subarray(0, 300))).toBe('truncated');
  expect(await outcome(bytesOf({ ...sample, version: 2 }))).toBe('wrong-version');
  expect(await outcome(bytesOf({ ...sample, extra: 1 }))).toBe('hostile');
});

test('a grader that breaks off makes one bad file, not a broken batch', async () => {
  const broken: Grader = () => Promise.reject(new Error('stack overflow'));
  const options = { grade: broken, engine: ENGINE, assignment: null };
  const found = await checkHandIn('f', bytesOf(await honest('A')), options);
  expect(found).toMatchObject({
    outcome: 'hostile',
    reasons: [{ kind: 'broke-off', message: 'stack overflow' }],
  });
});

test('an exercise that this edition does not have is a wrong version', async () => {
  const options = { grade: async () => null, engine: ENGINE, assignment: null };
  expect((await checkHandIn('f', bytesOf(await honest('A')), options)).outcome).toBe('wrong-version');
});
