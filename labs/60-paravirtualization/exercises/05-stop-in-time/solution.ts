/** Closes in on the cycle from which on the call has been made. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import { mustRun } from '../../../+shared/pc/grading.ts';

/** The kernel has booted by then. */
const ENOUGH = 12_000_000;

export default defineSolution(async ({ values, setup }, bench) => {
  let clock = 0;
  let calls = 0;
  await bench.run(setup, {
    cycles: ENOUGH,
    onEvent: (event) => {
      if (event.kind !== 'hypercall' || event.detail['name'] !== values['call']) return;
      if (++calls === Number(values['nth'])) ({ clock } = event);
    },
  });
  const ran = mustRun(await bench.run(setup, { cycles: clock + 1 }));
  return { ...NO_ATTEMPT, recording: ran.at(ran.world.clock) };
});
