// Which pages there are: found by globbing the chapters' folders, so that a new chapter is a folder and nothing else.
import type { Connect } from '../ui/lab/connection.ts';
import type { ChapterText } from './chapter.ts';
import { isLocale, locales, type Locale } from './locales.ts';
import { referencePages, type ReferencePage } from './reference/pages.ts';

/** What the page says of its lab: its language, and whatever `::lab{…}` of the text gives. */
export type LabAttributes = { readonly locale: Locale } & Readonly<Record<string, string | number>>;

/** What every Lab.svelte takes: the attributes, and how to get a running engine. */
export type LabProps = {
  readonly locale: Locale;
  readonly connect: Connect;
} & Readonly<Record<string, unknown>>;

export interface Listed {
  /** `NN-slug` under labs/. */
  readonly folder: string;
  readonly slug: string;
  readonly number: number;
  readonly text: ChapterText;
}

export interface Route {
  /** From the site's root, with a slash at the end; empty for the root itself. */
  readonly path: string;
  readonly locale: Locale;
  /** The chapter's folder; absent on the home page and in the reference. */
  readonly folder?: string;
  /** Which page of the reference; absent elsewhere. */
  readonly reference?: ReferencePage;
}

const texts = import.meta.glob<ChapterText>('/labs/[0-9]*/chapter.*.md', {
  eager: true,
  import: 'default',
  query: '?chapter',
});

function listed(path: string, text: ChapterText): Listed & { readonly locale: Locale } {
  const [, folder = '', number = '', slug = '', locale = ''] =
    /^\/labs\/((\d+)-([^/]+))\/chapter\.(\w+)\.md$/.exec(path) ?? [];
  if (!isLocale(locale)) throw new Error(`${path}: not NN-slug/chapter.LOCALE.md of a known locale`);
  return { folder, slug, number: Number(number), text, locale };
}

const all = Object.entries(texts)
  .map(([path, text]) => listed(path, text))
  .sort((a, b) => a.number - b.number);

export const chaptersIn = (locale: Locale): readonly Listed[] => all.filter((each) => each.locale === locale);

export const routes: readonly Route[] = locales.flatMap((locale) => [
  { path: `${locale}/`, locale },
  ...referencePages.map((reference) => ({ path: `${locale}/reference/${reference}`, locale, reference })),
  ...chaptersIn(locale).map(({ folder, slug }) => ({ path: `${locale}/${slug}/`, locale, folder })),
]);
