/** One function for whichever instruction it is. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import solution from './solution.js?raw';

export default defineSolution(async ({ files }) => ({
  ...NO_ATTEMPT,
  files: Object.fromEntries(Object.keys(files).map((name) => [name, solution])),
}));
