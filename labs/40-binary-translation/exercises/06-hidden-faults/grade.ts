/** Predict: how many page faults a guest causes that it never hears of. */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { isNear, numberIn } from '../../../../src/lab/answers.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import { check, mustRun, setupWith } from '../../../+shared/pc/grading.ts';
import start from './start.asm?raw';

const READ = 'mov ebx, [WINDOW + eax]';
const WRITE = 'mov [WINDOW + eax], ecx';
const WAYS = [
  [READ, READ],
  [READ, WRITE],
  [WRITE, READ],
] as const;
const WINDOW = 0x300000;
const WINDOW_END = 0x340000;

export default defineExercise({
  kind: 'predict',
  cycles: 10_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const pages = 10 + random.below(40);
    const [first, second] = WAYS[random.below(WAYS.length)]!;
    const values = {
      pages,
      rounds: 2 + random.below(4),
      changed: 3 + random.below(pages - 4),
      first,
      second,
    };
    return {
      values,
      setup: setupWith(fill(start, values), 'translator'),
      files: {},
      fields: [{ id: 'faults', kind: 'number' }],
    };
  },

  grade: async ({ answers }, { setup }, bench) => {
    const clocks: number[] = [];
    const ran = mustRun(
      await bench.run(setup, {
        onEvent: ({ kind, clock, detail }) => {
          const page = Number(detail['page']);
          if (kind === 'shadow-fault' && page >= WINDOW && page < WINDOW_END) clocks.push(clock);
        },
      }),
    );
    const answered = numberIn(answers['faults']);
    const at = ran.at(clocks[Math.max(0, Math.floor(answered) || 0)] ?? ran.world.clock);
    const right = isNear(answered, clocks.length, 0);
    return { checks: [check('faults', right, { answered: answers['faults'] ?? '–' }, at)] };
  },
});
