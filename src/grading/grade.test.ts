import { describe, expect, test } from 'vitest';
import vm370 from '../../labs/10-vm370/world.ts';
import { NO_PACE } from '../../tests/no-pace.ts';
import { defineExercise, type Exercise } from '../lab/exercise.ts';
import { NO_ATTEMPT, type Attempt } from '../protocol/exercise.ts';
import type { Setup } from '../protocol/frame.ts';
import { openSandbox } from '../sandbox/sandbox.ts';
import type { Surroundings } from './bench.ts';
import { grade, LONGEST_ANSWER, LONGEST_FILE } from './grade.ts';

const surroundings: Surroundings = { factory: vm370, pace: NO_PACE, openSandbox, cancelled: () => false };

/** Ends at once, or after so many turns of a loop. */
const guest = (turns: number): string => ` START 0
 USING *,0
 DC A(0),A(256)
 ORG *+248
 L 1,TURNS
 BCT 1,*
 LPSW GOOD
GOOD DC 0D'0',X'00020000',A(0)
TURNS DC F'${turns}'
 END
`;

const setup: Setup = {
  ...{ workload: 'svc', technique: 'cp', source: guest(10), constants: {}, seed: 1 },
  options: { storage: 0x10000 },
};

/** Passed by the answer 10 with a file that assembles and ends. */
const exercise = defineExercise({
  kind: 'program',
  cycles: 1_000_000,
  variant: () => ({
    values: {},
    setup,
    files: { 'guest.s': guest(10) },
    fields: [{ id: 'turns', kind: 'number' }],
  }),
  grade: async ({ answers, files, recording }, _, bench) => {
    if (recording) await bench.replay(recording);
    const ran = await bench.run({ ...setup, source: files['guest.s']! });
    if (!ran.world) return { checks: [], diagnostics: ran.diagnostics };
    const passed = answers['turns'] === '10' && ran.failure === '';
    return { checks: [{ id: 'turns', passed, data: {}, at: passed ? null : ran.at(ran.world.clock) }] };
  },
});

const judge = (attempt: Partial<Attempt>, of: Exercise = exercise, more: Partial<Surroundings> = {}) =>
  grade('10-vm370', of, 1, { ...NO_ATTEMPT, ...attempt }, { ...surroundings, ...more });
const answers = { turns: ' 10 ' };

describe('a verdict', () => {
  test('passes when all checks do, and points at the run where one does not', async () => {
    expect(await judge({ answers })).toMatchObject({ passed: true, problem: null, checks: [{ at: null }] });
    const failed = await judge({});
    expect(failed).toMatchObject({
      passed: false,
      checks: [{ id: 'turns', at: { lab: '10-vm370', setup } }],
    });
  });

  test('is the same however time passes while it is found', async () => {
    let now = 0;
    const hurried = { now: () => (now += 40), breathe: () => Promise.resolve() };
    const attempt = { answers, files: { 'guest.s': guest(20_000) } };
    expect(await judge(attempt, exercise, { pace: hurried })).toEqual(await judge(attempt));
  });

  test('has a fingerprint of its own for each run, even where the checks are the same', async () => {
    const found = await Promise.all(
      [10, 11, 12].map((turns) => judge({ answers, files: { 'guest.s': guest(turns) } })),
    );
    expect(new Set(found.map((verdict) => verdict?.fingerprint)).size).toBe(3);
  });

  test('names the mistakes in a file, and passes nothing', async () => {
    const verdict = await judge({ answers, files: { 'guest.s': ' NONSENSE 1\n' } });
    expect(verdict).toMatchObject({ passed: false, checks: [], diagnostics: [{ span: { line: 1 } }] });
  });

  test('says that a guest does not end, when its cycles are used up', async () => {
    const verdict = await judge({ answers, files: { 'guest.s': guest(0) } });
    expect(verdict).toMatchObject({ passed: false, problem: { kind: 'too-many-cycles', most: 1_000_000 } });
  });

  test.each([
    ['a file', { files: { 'guest.s': ' '.repeat(LONGEST_FILE + 1) } }, 'guest.s'],
    ['an answer', { answers: { turns: '1'.repeat(LONGEST_ANSWER + 1) } }, 'turns'],
  ])('refuses %s that is too long', async (_, attempt, name) => {
    expect(await judge(attempt)).toMatchObject({ passed: false, problem: { kind: 'too-long', name } });
  });

  test('leaves out what the variant does not ask for', async () => {
    const more = { answers: { ...answers, other: 'x' }, files: { 'other.s': 'x'.repeat(1e6) } };
    expect(await judge(more)).toEqual(await judge({ answers }));
  });

  test('is null when it was cancelled', async () => {
    let now = 0;
    const busy = { now: () => (now += 40), breathe: () => Promise.resolve() };
    const endless = { files: { 'guest.s': guest(0) } };
    expect(await judge(endless, exercise, { pace: busy, cancelled: () => now > 400 })).toBe(null);
  });
});

describe('a recording that is handed in', () => {
  const recording = { version: 1, lab: '10-vm370', setup, inputs: [], clock: 5000 } as const;
  const key = { kind: 'interrupt-key' } as const;

  test('is run again', async () => {
    expect(await judge({ answers, recording })).toMatchObject({ passed: true });
    const reordered = {
      ...recording,
      setup: Object.fromEntries(Object.entries(setup).toReversed()) as unknown as Setup,
    };
    expect(await judge({ answers, recording: reordered })).toMatchObject({ passed: true });
  });

  test.each([
    ['another lab', { lab: '20-x86' }],
    ['another setup', { setup: { ...setup, technique: 'bare' } }],
    ['more storage', { setup: { ...setup, options: { storage: 0x20000 } } }],
    ['a piece of its own', { setup: { ...setup, pieces: { ISK: 'function simulate() {}' } } }],
    [
      'inputs out of order',
      {
        inputs: [
          { at: 4900, input: key },
          { at: 4800, input: key },
        ],
      },
    ],
    ['an input where no run stops', { inputs: [{ at: 1, input: key }] }],
    ['a clock that is no number', { clock: NaN }],
  ])('with %s is not the student’s run of this exercise', async (_, change) => {
    const verdict = await judge({ answers, recording: { ...recording, ...change } });
    expect(verdict).toMatchObject({ passed: false, problem: { kind: 'foreign-run' } });
  });

  test('that is longer than the exercise allows is not run', async () => {
    const verdict = await judge({ answers, recording: { ...recording, clock: 1e15 } });
    expect(verdict).toMatchObject({ problem: { kind: 'too-many-cycles' }, cycles: 0 });
  });
});
