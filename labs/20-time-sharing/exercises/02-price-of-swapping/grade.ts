/** Measure: how many pages a command costs under round-robin and under CTSS, and how long the drum is at it. */
import { seededRandom } from '../../../../src/base/random.ts';
import { isNear, numberIn } from '../../../../src/lab/answers.ts';
import { defineExercise, type Bench } from '../../../../src/lab/exercise.ts';
import type { Variant } from '../../../../src/protocol/exercise.ts';
import { check, mustRun } from '../../../+shared/s370/grading.ts';
import { reportOfRun, setupOf } from '../../grading.ts';

/** Milliseconds in which the drum moves a page; a twentieth of a second is a second of the users. */
const PAGE_MILLISECONDS = 10 / 3;
const SECOND_MILLISECONDS = 50;
const TOLERANCE = 0.02;

/** Pages that the drum moves for each command that is answered. */
export async function pagesPerCommand(bench: Bench, { setup }: Variant, technique: string): Promise<number> {
  const { drum, responses } = reportOfRun(mustRun(await bench.run({ ...setup, technique })));
  return (drum.reads + drum.writes) / responses.count;
}
export const secondsOf = (pages: number): number => (pages * PAGE_MILLISECONDS) / SECOND_MILLISECONDS;

const FIELDS = ['roundRobin', 'ctss', 'seconds'] as const;

export default defineExercise({
  kind: 'measure',
  cycles: 1_500_000_000,

  variant: (seed) => {
    const users = 14 + seededRandom(seed).below(16);
    return {
      values: { users },
      setup: setupOf('office', 'round-robin', seed, { users, interactions: 2 }),
      files: {},
      fields: FIELDS.map((id) => ({ id, kind: 'number' })),
    };
  },

  grade: async ({ answers }, variant, bench) => {
    const roundRobin = await pagesPerCommand(bench, variant, 'round-robin');
    const ctss = await pagesPerCommand(bench, variant, 'ctss');
    const right = { roundRobin, ctss, seconds: secondsOf(roundRobin) };
    return {
      checks: FIELDS.map((id) =>
        check(id, isNear(numberIn(answers[id]), right[id], TOLERANCE), { answered: answers[id] ?? '–' }),
      ),
    };
  },
});
