/** The queues of CTSS. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import { DISCIPLINE_FILE } from '../../../../src/worlds/s370/discipline-piece.ts';
import solution from './solution.js?raw';

export default defineSolution(async () => ({ ...NO_ATTEMPT, files: { [DISCIPLINE_FILE]: solution } }));
