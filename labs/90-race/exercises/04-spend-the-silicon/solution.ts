/** Each halved alone; the two that save most. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import { bestTwo } from './grade.ts';

export default defineSolution(async ({ setup }, bench) => {
  const [one, other] = await bestTwo(bench, setup);
  return { ...NO_ATTEMPT, answers: { one: one!, other: other! } };
});
