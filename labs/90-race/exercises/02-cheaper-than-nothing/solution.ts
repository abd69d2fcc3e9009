/** On the bare machine each port costs its price, under translation none does: two runs give the line, and its zero. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import { lead } from './grade.ts';

export default defineSolution(async ({ setup }, bench) => {
  const [at100, at1100] = [await lead(bench, setup, 100), await lead(bench, setup, 1100)];
  let price = Math.floor(100 - at100 / ((at1100 - at100) / 1000));
  while ((await lead(bench, setup, price)) <= 0) price++;
  return { ...NO_ATTEMPT, answers: { price: String(price) } };
});
