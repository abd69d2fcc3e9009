/** Predict: into how many units a loop falls, and how often the monitor is called to emulate. */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { isNear, numberIn } from '../../../../src/lab/answers.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import { check, mustRun, setupWith } from '../../../+shared/pc/grading.ts';
import start from './start.asm?raw';

const CALLING_OUT = ['in al, 0x61', 'clts', 'invlpg [place]', 'sgdt [place]', 'rdtsc'];
/** They have a short translation of their own. */
const INLINE = ['cli', 'mov eax, cr0', 'smsw ebx', 'mov eax, cs', 'pushfd\n        pop eax'];
const IDENTICAL = ['add eax, ebx', 'mov [place], eax', 'bswap eax', 'xchg eax, ebx'];
const CALL = 'call nothing';

const FIELDS = [
  { id: 'units', kind: 'translate' },
  { id: 'calls', kind: 'simulate' },
] as const;

export default defineExercise({
  kind: 'predict',
  cycles: 4_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const one = (from: readonly string[]): string => from[random.below(from.length)]!;
    const chosen = [one(CALLING_OUT), one(INLINE), one([CALL, one(IDENTICAL)]), one([CALL, ...CALLING_OUT])];
    // In any order: whichever is drawn first.
    const lines = chosen.map((line) => ({ line, key: random.word() })).sort((a, b) => a.key - b.key);
    const [first, second, third, fourth] = lines.map(({ line }) => line);
    const rounds = 5 + random.below(30);
    const source = fill(start, { rounds, first: first!, second: second!, third: third!, fourth: fourth! });
    return {
      values: { rounds },
      setup: setupWith(source, 'translator'),
      files: {},
      fields: FIELDS.map(({ id }) => ({ id, kind: 'number' })),
    };
  },

  grade: async ({ answers }, { setup }, bench) => {
    const clocks: Record<string, number[]> = { translate: [], simulate: [] };
    // What is included has the line of the directive.
    const end = (setup.source ?? '').split('\n').findIndex((line) => line.startsWith('%include'));
    const ran = mustRun(
      await bench.run(setup, {
        onEvent: ({ kind, clock, line }) => {
          if (line !== null && line <= end) clocks[kind]?.push(clock);
        },
      }),
    );
    return {
      checks: FIELDS.map(({ id, kind }) => {
        const answered = numberIn(answers[id]);
        const seen = clocks[kind]!;
        const at = ran.at(seen[Math.max(0, Math.floor(answered) || 0)] ?? ran.world.clock);
        return check(id, isNear(answered, seen.length, 0), { answered: answers[id] ?? '–' }, at);
      }),
    };
  },
});
