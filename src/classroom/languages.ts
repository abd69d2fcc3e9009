/** The languages by their own names. */
import type { Locale } from '../ui/i18n/index.ts';

export const LANGUAGES: Readonly<Record<Locale, string>> = { en: 'English', ja: '日本語' };
