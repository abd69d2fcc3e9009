/** The words of widgets in both languages; a missing or surplus text is a type error. */
import type { Locale } from '../../ui/i18n/index.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';

export type EmbedWords = typeof en;

export const embedWords: Readonly<Record<Locale, EmbedWords>> = { en, ja };
