/** Closes in on the cycle from which on the exit has happened. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import { mustRun } from '../../../+shared/pc/grading.ts';

export default defineSolution(async ({ values, setup }, bench) => {
  const clocks: number[] = [];
  await bench.run(setup, {
    onEvent: ({ kind, clock, detail }) => {
      if (kind === 'vm-exit' && detail['name'] === values['reason']) clocks.push(clock);
    },
  });
  const ran = mustRun(await bench.run(setup, { cycles: clocks[Number(values['nth']) - 1]! + 1 }));
  return { ...NO_ATTEMPT, recording: ran.at(ran.world.clock) };
});
