/** Namespaces, a name, a mount for the root, pivot_root, and the old root taken away. */
import { fill } from '../../../../src/base/fill.ts';
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import { FILE } from './grade.ts';
import solution from './solution.sh?raw';

export default defineSolution(({ values }) =>
  Promise.resolve({ ...NO_ATTEMPT, files: { [FILE]: fill(solution, values) } }),
);
