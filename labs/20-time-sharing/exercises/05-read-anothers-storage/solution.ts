/** Searches core page by page until the other has come. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import { GUEST_FILE } from '../../../+shared/s370/grading.ts';
import solution from './solution.s?raw';

export default defineSolution(async () => ({ ...NO_ATTEMPT, files: { [GUEST_FILE]: solution } }));
