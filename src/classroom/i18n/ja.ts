/** Japanese words of the classroom. */
import type { ClassroomWords } from './index.ts';
import { saving } from './ja-saving.ts';

export const ja: ClassroomWords = { saving };
