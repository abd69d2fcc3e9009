/** Japanese words of the classroom. */
import type { ClassroomWords } from './index.ts';
import { compose } from './ja-compose.ts';
import { saving } from './ja-saving.ts';

export const ja: ClassroomWords = { compose, saving };
