/** A guest that writes, waits, and writes again. */
import { fill } from '../../../../src/base/fill.ts';
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import solution from './solution.s?raw';

export default defineSolution(async ({ values }) => ({
  ...NO_ATTEMPT,
  files: { 'guest.s': fill(solution, values) },
}));
