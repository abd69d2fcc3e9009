/** The words of the page that makes widgets, in both languages; a missing or surplus text is a type error. */
import type { Locale } from '../../ui/i18n/index.ts';
import { makerEn } from './maker-en.ts';
import { makerJa } from './maker-ja.ts';

export type MakerWords = typeof makerEn;

export const makerWords: Readonly<Record<Locale, MakerWords>> = { en: makerEn, ja: makerJa };
