// Renders one page's body and head on the server; the build wraps it in a document and links its assets.
import type { Component } from 'svelte';
import { render } from 'svelte/server';
import Chapter from './Chapter.svelte';
import Header from './Header.svelte';
import Home from './Home.svelte';
import { messages } from './i18n/index.ts';
import { locales, type Locale } from './locales.ts';
import type { Reference } from './reference/data.ts';
import IndexPage from './reference/IndexPage.svelte';
import S370Page from './reference/S370Page.svelte';
import { referenceWords } from './reference/words.ts';
import { chaptersIn, routes, type LabAttributes, type LabProps, type Route } from './routes.ts';

export { routes } from './routes.ts';

const labs = import.meta.glob<Component<LabProps>>('/labs/[0-9]*/Lab.svelte', {
  eager: true,
  import: 'default',
});

export interface Page {
  readonly locale: Locale;
  readonly title: string;
  readonly description: string;
  readonly head: string;
  readonly body: string;
  /** Path of the Lab.svelte that the page hydrates. */
  readonly lab?: string;
}

/** Where the same page stands in each language, from this one; home where a chapter is not translated. */
function inOtherLanguages(here: Route): Record<Locale, string> {
  const up = '../'.repeat(here.path.split('/').length - 1);
  const same = (there: Route) => there.folder === here.folder && there.reference === here.reference;
  const address = (locale: Locale) =>
    up + (routes.find((route) => route.locale === locale && same(route))?.path ?? `${locale}/`);
  return Object.fromEntries(locales.map((locale) => [locale, address(locale)])) as Record<Locale, string>;
}

/** A page of the reference. Nothing hydrates it, so the renderer's marks, many in long tables, are left out. */
function renderReference({ locale, reference: page }: Route, reference: Reference): Omit<Page, 'locale'> {
  const { title, summary, s370 } = referenceWords[locale];
  const { head, body } = render(page === 's370/' ? S370Page : IndexPage, { props: { locale, reference } });
  return {
    title: `${page === 's370/' ? `${s370.title} · ${title}` : title} · ${messages[locale].name}`,
    description: page === 's370/' ? s370.summary : summary,
    head,
    body: body.replace(/<!--[^]*?-->/g, ''),
  };
}

/** @param reference what the reference prints, collected by the build */
export function renderPage(route: Route, reference: Reference): Page {
  const { locale, folder } = route;
  const text = messages[locale];
  const chapters = chaptersIn(locale);
  const header = render(Header, {
    props: {
      locale,
      home: '../'.repeat(route.path.split('/').length - 2) || './',
      inReference: route.reference !== undefined,
      others: inOtherLanguages(route),
    },
  });
  if (route.reference !== undefined) {
    const { body, ...page } = renderReference(route, reference);
    return { ...page, locale, head: header.head + page.head, body: header.body + body };
  }
  if (folder === undefined) {
    const home = render(Home, { props: { locale, chapters } });
    return {
      locale,
      title: `${text.name}: ${text.hero.title}`,
      description: text.hero.purpose,
      head: header.head + home.head,
      body: header.body + home.body,
    };
  }
  const at = chapters.findIndex((each) => each.folder === folder);
  const chapter = chapters[at];
  if (!chapter) throw new Error(`no chapter ${folder} in ${locale}`);
  const path = `labs/${folder}/Lab.svelte`;
  const Lab = labs[`/${path}`];
  const props: LabAttributes = { ...chapter.text.lab, locale };
  const connect = () => Promise.reject(new Error('engines run in browsers'));
  const lab = Lab && render(Lab, { props: { ...props, connect }, idPrefix: 'lab' });
  const page = render(Chapter, {
    props: {
      ...{ locale, chapter, before: chapters[at - 1], next: chapters[at + 1] },
      lab: lab && { html: lab.body, props },
    },
  });
  return {
    locale,
    title: `${chapter.text.title} · ${text.name}`,
    description: chapter.text.summary,
    head: header.head + page.head + (lab?.head ?? ''),
    body: header.body + page.body,
    ...(Lab ? { lab: path } : {}),
  };
}
