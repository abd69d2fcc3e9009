/** Closes in on the cycle from which on the mistake has been made. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import { mustRun } from '../../../+shared/pc/grading.ts';

export default defineSolution(async ({ values, setup }, bench) => {
  const mistakesBy = async (cycles: number): Promise<number> => {
    let mistakes = 0;
    await bench.run(setup, {
      cycles,
      onEvent: ({ kind }) => {
        if (kind === 'silent') mistakes++;
      },
    });
    return mistakes;
  };
  let [before, after] = [0, 1_000_000];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if ((await mistakesBy(middle)) < Number(values['nth'])) before = middle;
    else after = middle;
  }
  const ran = mustRun(await bench.run(setup, { cycles: after }));
  return { ...NO_ATTEMPT, recording: ran.at(ran.world.clock) };
});
