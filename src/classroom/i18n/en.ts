/** English words of the classroom. */
import { compose } from './en-compose.ts';
import { saving } from './en-saving.ts';
import { student } from './en-student.ts';
import { check, work } from './en-teach.ts';

export const en = { compose, saving, student, check, work };
