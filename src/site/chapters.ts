// Which chapters there are: found by globbing the chapters' folders, so that a new chapter is a folder and nothing else.
import type { Connect } from '../ui/lab/connection.ts';
import type { LabHost } from '../ui/lab/host.ts';
import type { ChapterText } from './chapter.ts';
import { isLocale, type Locale } from './locales.ts';

/** What the page says of its lab: its language, and whatever `::lab{…}` of the text gives. */
export type LabAttributes = { readonly locale: Locale } & Readonly<Record<string, string | number>>;

/** What every Lab.svelte takes: the attributes, how to get a running engine, and what the page makes of the lab. */
export type LabProps = {
  readonly locale: Locale;
  readonly connect: Connect;
  /** What the page makes of the lab; rendered without one when the site is built. */
  readonly host?: LabHost;
} & Readonly<Record<string, unknown>>;

export interface Listed {
  /** `NN-slug` under labs/. */
  readonly folder: string;
  readonly slug: string;
  readonly number: number;
  readonly text: ChapterText;
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
