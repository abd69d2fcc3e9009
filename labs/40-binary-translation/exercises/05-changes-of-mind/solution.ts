/** Right behind the event. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import { mustRun } from '../../../+shared/pc/grading.ts';

export default defineSolution(async ({ values, setup }, bench) => {
  const clocks: number[] = [];
  const ran = mustRun(
    await bench.run(setup, {
      onEvent: ({ kind, clock }) => {
        if (kind === 'adapt') clocks.push(clock);
      },
    }),
  );
  return { ...NO_ATTEMPT, recording: ran.at(clocks[Number(values['nth']) - 1]! + 1) };
});
