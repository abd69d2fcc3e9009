// What a page of the site is. A new kind of page is one file in pages/ and its line in server.ts.
import type { Reference } from './reference/data.ts';
import type { Classification } from './classification.ts';
import type { Figures, FirstVariant } from './figures.ts';
import type { Locale } from './locales.ts';
import type { Published } from './published.ts';

/** Where a page stands: `LOCALE/PATH`, the path empty for the home page, else with a slash at its end. */
export interface Place {
  readonly locale: Locale;
  readonly path: string;
}

/** What the build found out by running the engines, for pages to print. */
export interface Facts {
  readonly reference: Reference;
  /** By chapter's folder. */
  readonly figures: Readonly<Record<string, Figures>>;
  /** By the exercise's whole name. */
  readonly exercises: Readonly<Record<string, FirstVariant>>;
  readonly classification: Classification;
  readonly published: Published;
}

export interface Content {
  readonly title: string;
  /** One sentence for search engines and previews. */
  readonly description: string;
  readonly head: string;
  readonly body: string;
  /** Modules whose scripts and styles the page loads at once, as paths from the project's top. */
  readonly modules?: readonly string[];
  /** Modules whose styles the page needs at once, and not yet their scripts. */
  readonly styles?: readonly string[];
  /** Modules whose styles are for readers without a script, and for paper. */
  readonly stillStyles?: readonly string[];
  /** Scripts of this page make style elements, as the editor and the terminal do. */
  readonly makesStyles?: boolean;
  /** Scripts of this page may speak to the learning platform that opened it, on whatever host. */
  readonly speaksToPlatforms?: boolean;
  /** Picture for previews, as a path from the site's root; without one, that of the home page. */
  readonly image?: string;
  /** Where hosts that know oEmbed find the page's widget described, as a path from the site's root. */
  readonly oembed?: string;
  /** What schema.org calls the page, beyond title, description and language. */
  readonly about?: Readonly<Record<string, unknown>>;
}

export interface PageKind {
  /** Paths of its pages. A page stands in other languages at the same path. */
  readonly paths: (locale: Locale) => readonly string[];
  readonly render: (place: Place, facts: Facts) => Content;
  /** The page that the bar at the top leads to, if this kind has one. */
  readonly listed?: (locale: Locale) => { readonly path: string; readonly title: string };
}

/** From a page to the site's root: `../` for each folder. */
export const rootFrom = ({ path }: Pick<Place, 'path'>): string => '../'.repeat(path.split('/').length);
