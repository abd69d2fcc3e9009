/** The words of the panels, in both languages; a missing or surplus text is a type error. */
import { en } from './en.ts';
import { ja } from './ja.ts';

export type Locale = 'en' | 'ja';
export type Words = typeof en;

export const wordsIn: Readonly<Record<Locale, Words>> = { en, ja };
