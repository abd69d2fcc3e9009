/** Japanese words of the classroom. */
import type { ClassroomWords } from './index.ts';
import { compose } from './ja-compose.ts';
import { saving } from './ja-saving.ts';
import { student } from './ja-student.ts';
import { check, work } from './ja-teach.ts';

export const ja: ClassroomWords = { compose, saving, student, check, work };
