// The texts of the reference pages by language, and what the tables say in English said in the page's language.
import type { Locale } from '../locales.ts';
import { notes } from './notes-ja.ts';
import { words as en, type ReferenceWords } from './words-en.ts';
import { words as ja } from './words-ja.ts';

export const referenceWords: Readonly<Record<Locale, ReferenceWords>> = { en, ja };

/** The sections of the System/370 page: their anchors and titles, in order. */
export const s370Sections = (words: ReferenceWords) =>
  [
    ['instructions', words.instructions.title],
    ['formats', words.formats.title],
    ['interruptions', words.interruptions.title],
    ['storage', words.storage.title],
    ['devices', words.devices.title],
    ['costs', words.costs.title],
    ['cp', words.cp.title],
  ] as const;

/** Sentences one after the other: with a space between them where the language has spaces. */
export const sentences = (locale: Locale, ...texts: readonly string[]): string =>
  texts.join(locale === 'ja' ? '' : ' ');

/** A remark of the tables in the page's language; in English where nobody has translated it yet. */
export const said = (locale: Locale, text: string): string =>
  locale === 'ja' ? (notes[text] ?? text) : text;

/** A name that stays English, with what it means in the page's language; nothing where that adds nothing. */
export const gloss = (locale: Locale, name: string): string => (locale === 'ja' ? (notes[name] ?? '') : '');
