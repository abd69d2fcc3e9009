// The dictionaries; a missing or surplus text is a type error.
import type { Locale } from '../locales.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';

export type Messages = typeof en;

export const messages: Readonly<Record<Locale, Messages>> = { en, ja };
