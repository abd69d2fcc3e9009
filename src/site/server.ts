// Renders the pages of the site on the server; the build wraps each in a document and links its assets.
import { render } from 'svelte/server';
import Header from './Header.svelte';
import { locales, type Locale } from './locales.ts';
import { rootFrom, type Content, type Facts, type PageKind, type Place } from './page.ts';
import { chapter } from './pages/chapter.ts';
import { classroom } from './pages/classroom.ts';
import { embed } from './pages/embed.ts';
import { home } from './pages/home.ts';
import { reference } from './pages/reference.ts';
import { chaptersIn } from './chapters.ts';

export { declarations } from '../embed/schema/print.ts';
export { posters, widgetPages } from './widgets.ts';

/** In the order of the bar at the top. */
const kinds: readonly PageKind[] = [home, chapter, reference, classroom, embed];

export interface Route extends Place {
  readonly kind: PageKind;
}

export interface Page extends Content, Place {
  /** Languages that the page exists in. */
  readonly languages: readonly Locale[];
}

export const routes: readonly Route[] = locales.flatMap((locale) =>
  kinds.flatMap((kind) => kind.paths(locale).map((path) => ({ locale, path, kind }))),
);

/** The labs that pages show, with what they begin with: the build runs them for the figures. */
export const labsShown = chaptersIn(locales[0]).flatMap(({ folder, text: { lab } }) =>
  lab
    ? [
        {
          ...{ lab: folder, workload: String(lab['workload']), technique: String(lab['technique']) },
          entered: lab['panel'] === 'race' ? String(lab['entered']).split(',') : [],
        },
      ]
    : [],
);

const languagesOf = ({ path }: Place): Locale[] =>
  locales.filter((locale) => routes.some((route) => route.locale === locale && route.path === path));

/** The bar at the top. A page that is not translated leads to the other language's home. */
function header({ kind: own, ...place }: Route): { readonly head: string; readonly body: string } {
  const { locale, path } = place;
  const root = rootFrom(place);
  const languages = languagesOf(place);
  const twin = (other: Locale) => `${root}${other}/${languages.includes(other) ? path : ''}`;
  const entries = kinds.flatMap((kind) => {
    const entry = kind.listed?.(locale);
    return entry
      ? [{ href: `${root}${locale}/${entry.path}`, title: entry.title, current: kind === own }]
      : [];
  });
  return render(Header, {
    props: {
      ...{ locale, entries, home: `${root}${locale}/` },
      others: Object.fromEntries(locales.map((other) => [other, twin(other)])) as Record<Locale, string>,
    },
  });
}

export function renderPage(route: Route, facts: Facts): Page {
  const { locale, path, kind } = route;
  const bar = header(route);
  const content = kind.render({ locale, path }, facts);
  return {
    ...content,
    ...{ locale, path, languages: languagesOf(route) },
    head: bar.head + content.head,
    body: bar.body + content.body,
  };
}
