/** Measure: what share of the processor a weight is worth beside a neighbour that wants it too. */
import { seededRandom } from '../../../../src/base/random.ts';
import { isNear, numberIn } from '../../../../src/lab/answers.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import type { Setup } from '../../../../src/protocol/frame.ts';
import { check, mustRun, type ContainerRan } from '../../grading.ts';

const WEIGHTS = [50, 100, 150, 200, 300, 600, 900, 1500] as const;
/** In the middle of the run both compute, and nothing else happens. */
export const MIDDLE = 12_000_000;
const TOLERANCE = 0.06;

/** Share of the first of the two, in per cent of what both had. */
export function shareOf({ world }: ContainerRan): number {
  const used = ['one', 'two'].map((name) => {
    const { user, system } = world.kernel.rootGroup.children.get(name)!.used;
    return user + system;
  });
  return (100 * used[0]!) / (used[0]! + used[1]!);
}

export default defineExercise({
  kind: 'measure',
  cycles: 400_000_000,

  variant: (seed) => {
    const weight = WEIGHTS[seededRandom(seed).below(WEIGHTS.length)]!;
    const setup: Setup = {
      ...{ workload: 'neighbours', technique: 'docker', source: null, constants: {}, seed: 1 },
      options: { weight },
    };
    return {
      values: { weight },
      setup,
      files: {},
      fields: [
        { id: 'share', kind: 'number' },
        { id: 'equal', kind: 'number' },
      ],
    };
  },

  grade: async ({ answers }, { setup }, bench) => {
    const measured = async (weight: number): Promise<number> =>
      shareOf(mustRun(await bench.run({ ...setup, options: { weight } }, { cycles: MIDDLE })));
    const answered = (id: string) => ({ answered: answers[id] ?? '–' });
    const right = await measured(Number(setup.options!['weight']));
    // With this weight, both should have had the same.
    const equal = numberIn(answers['equal']);
    const possible = Number.isInteger(equal) && equal >= 1 && equal <= 10_000;
    return {
      checks: [
        check('share', isNear(numberIn(answers['share']), right, TOLERANCE), answered('share')),
        check(
          'equal',
          possible && isNear(await measured(possible ? equal : 1), 50, TOLERANCE),
          answered('equal'),
        ),
      ],
    };
  },
});
