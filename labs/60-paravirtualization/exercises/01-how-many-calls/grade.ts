/** Predict: how often is Xen called, and how often does it refuse? */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { isNear, numberIn } from '../../../../src/lab/answers.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import { check, mustRun, setupWith } from '../../../+shared/pc/grading.ts';
import start from './start.asm?raw';

const REFUSED = ['ask UPDATE_VA_MAPPING, window, 0x5001, 0, 2', 'ask MMU_UPDATE, broken, 4, 0, SELF'];
const MANY_IN_ONE = [
  'ask MMU_UPDATE, good, 4, 0, SELF',
  'ask MMU_UPDATE, good, 2, 0, SELF',
  'ask MULTICALL, several, 3',
  'ask MULTICALL, several, 2',
];
const OTHERS = [
  'ask XEN_VERSION',
  'ask UPDATE_VA_MAPPING, window, [mine], 0, 2',
  'mov eax, [M2P]',
  'mov eax, [frame_list]',
];
/** With which the guest prints its last line and switches off. */
const AT_THE_END = 2;

export default defineExercise({
  kind: 'predict',
  cycles: 60_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const one = (from: readonly string[]): string => from[random.below(from.length)]!;
    const chosen = [
      one(REFUSED),
      one(MANY_IN_ONE),
      one(OTHERS),
      one([...REFUSED, ...MANY_IN_ONE, ...OTHERS]),
    ];
    // In any order: whichever is drawn first.
    const lines = chosen.map((line) => ({ line, key: random.word() })).sort((a, b) => a.key - b.key);
    const [first, second, third, fourth] = lines.map(({ line }) => line);
    const rounds = 3 + random.below(20);
    const source = fill(start, { rounds, first: first!, second: second!, third: third!, fourth: fourth! });
    return {
      values: { rounds },
      setup: setupWith(source, 'xen', 'hello'),
      files: {},
      fields: [
        { id: 'calls', kind: 'number' },
        { id: 'refused', kind: 'number' },
      ],
    };
  },

  grade: async ({ answers }, { setup }, bench) => {
    const clocks = { calls: [] as number[], refused: [] as number[] };
    const ran = mustRun(
      await bench.run(setup, {
        onEvent: ({ kind, clock }) => {
          if (kind === 'software-interrupt') clocks.calls.push(clock);
          if (kind === 'refuse') clocks.refused.push(clock);
        },
      }),
    );
    clocks.calls.splice(-AT_THE_END);
    return {
      checks: (['calls', 'refused'] as const).map((id) => {
        const answered = numberIn(answers[id]);
        const seen = clocks[id];
        const at = ran.at(seen[Math.max(0, Math.floor(answered) || 0)] ?? ran.world.clock);
        return check(id, isNear(answered, seen.length, 0), { answered: answers[id] ?? '–' }, at);
      }),
    };
  },
});
