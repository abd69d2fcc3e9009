/** Reckoned by the formula. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';

export default defineSolution(async ({ values }) => {
  const first = Math.floor(Math.log2(Math.floor(Number(values['pages']) / Number(values['moved'])) + 1));
  let [level, turns, left] = [first, 1, Number(values['quanta'])];
  while (left > 2 ** level) {
    left -= 2 ** level;
    level++;
    turns++;
  }
  const answers = { first: String(first), last: String(level), turns: String(turns) };
  return { ...NO_ATTEMPT, answers };
});
