/** Measured once; the weight that makes it equal is the neighbour's. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import { mustRun } from '../../grading.ts';
import { MIDDLE, shareOf } from './grade.ts';

export default defineSolution(async ({ setup }, bench) => {
  const share = shareOf(mustRun(await bench.run(setup, { cycles: MIDDLE })));
  return { ...NO_ATTEMPT, answers: { share: share.toFixed(1), equal: '300' } };
});
