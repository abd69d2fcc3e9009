/** Runs the script and reads what it printed. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import { mustRun, printed } from '../../grading.ts';
import { seenIn } from './grade.ts';

export default defineSolution(async ({ setup }, bench) => {
  const { processes, name, secret } = seenIn(printed(mustRun(await bench.run(setup))));
  return { ...NO_ATTEMPT, answers: { processes: String(processes), name, secret } };
});
