/** The words of the classroom, in both languages; a missing or surplus text is a type error. */
import type { Locale } from '../../ui/i18n/index.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';

export type ClassroomWords = typeof en;

export const classroomWords: Readonly<Record<Locale, ClassroomWords>> = { en, ja };
