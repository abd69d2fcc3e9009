/** Runs both and divides. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import { pagesPerCommand, secondsOf } from './grade.ts';

export default defineSolution(async (variant, bench) => {
  const roundRobin = await pagesPerCommand(bench, variant, 'round-robin');
  const ctss = await pagesPerCommand(bench, variant, 'ctss');
  const answers = {
    roundRobin: roundRobin.toFixed(3),
    ctss: ctss.toFixed(3),
    seconds: secondsOf(roundRobin).toFixed(3),
  };
  return { ...NO_ATTEMPT, answers };
});
