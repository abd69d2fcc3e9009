/** One list, and one flush for all of it. */
import { fill } from '../../../../src/base/fill.ts';
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import solution from './solution.asm?raw';

export default defineSolution(async ({ values }) => ({
  ...NO_ATTEMPT,
  files: { 'guest.asm': fill(solution, values) },
}));
