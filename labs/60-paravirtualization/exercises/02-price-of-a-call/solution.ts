/** Measured as a student would, with other numbers of rounds and other lists. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import { BODIES, priceBy } from './bodies.ts';

export default defineSolution(async ({ values }, bench) => {
  const price = priceBy(bench, Number(values['bits']), 100);
  const [one, ten] = [await price(BODIES.list(1)), await price(BODIES.list(10))];
  const answers = {
    call: (await price(BODIES.call)).toFixed(1),
    single: (await price(BODIES.single)).toFixed(1),
    listed: ((ten - one) / 9).toFixed(1),
  };
  return { ...NO_ATTEMPT, answers };
});
