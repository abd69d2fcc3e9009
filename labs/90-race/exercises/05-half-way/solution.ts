/** Steps to the beginning of the second half; a run that ends at that cycle is handed in. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import { mustRun } from '../../../+shared/pc/grading.ts';

export default defineSolution(async ({ setup }, bench) => {
  const { clock: all } = mustRun(await bench.run(setup)).world;
  const { world } = mustRun(await bench.run(setup, { cycles: 1 }));
  while (world.register('edi') !== 2) world.step();
  const ran = mustRun(await bench.run(setup, { cycles: world.clock }));
  const share = ((100 * ran.world.clock) / all).toFixed(2);
  return { ...NO_ATTEMPT, answers: { share }, recording: ran.at(ran.world.clock) };
});
