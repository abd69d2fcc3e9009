/** The words of exercises, in both languages: loaded with the first exercise that is opened. */
import type { Locale } from '../i18n/index.ts';
import { en, type Words } from './words-en.ts';
import { ja } from './words-ja.ts';

export const exerciseWords: Readonly<Record<Locale, Words>> = { en, ja };
