/** What is pasted into another site to show a widget there, for each kind of host. */
import { escapeHtml } from './escape.ts';
import { isExercise, posterPath, pagePath, type WidgetId } from './widgets.ts';
import { OPTION_NAMES, type OptionName } from './schema/names.ts';
import { toQuery } from './schema/options.ts';

export interface Choice {
  readonly locale: string;
  readonly slug: string;
  readonly widget: WidgetId;
  /** As they stand in an address. */
  readonly options: Readonly<Partial<Record<OptionName, string>>>;
  /** State to begin in, with its `#`; '' for the lab's own beginning. */
  readonly fragment: string;
  /** What the widget is called, for those who cannot see it. */
  readonly title: string;
}

export const HOSTS = ['element', 'iframe', 'markdown', 'reveal', 'moodle', 'notion', 'picture'] as const;
export type Host = (typeof HOSTS)[number];

const HEIGHTS: Readonly<Record<string, number>> = { lab: 900, strata: 420, registers: 720 };

/** In pixels, where the host cannot follow the widget's own. */
export const heightOf = (widget: WidgetId): number => HEIGHTS[widget] ?? (isExercise(widget) ? 1200 : 560);

interface Frame {
  readonly src: string;
  readonly title: string;
  readonly height: number;
  /** Attribute that brings the address: slides are fetched late by another one. */
  readonly source: 'src' | 'data-src';
}

export const frameFor = ({ src, title, height, source }: Frame): string =>
  `<iframe ${source}="${escapeHtml(src)}" title="${escapeHtml(title)}" width="100%" height="${height}" style="border:0" loading="lazy" allow="clipboard-write; fullscreen"></iframe>`;

/** @param site the site's address with a slash at its end */
export function widgetAddress(site: string, { locale, slug, widget, options, fragment }: Choice): string {
  return site + pagePath(locale, slug, widget) + toQuery(options) + fragment;
}

export function snippets(site: string, choice: Choice): Readonly<Record<Host, string>> {
  const { locale, slug, widget, options, fragment } = choice;
  const title = escapeHtml(choice.title);
  const address = widgetAddress(site, choice);
  const full = escapeHtml(`${site}${locale}/${slug}/${fragment}`);
  const picture = `${site}${posterPath(locale, slug)}`;
  const frame = (source: Frame['source']) =>
    frameFor({ src: address, title: choice.title, height: heightOf(widget), source });
  const given = OPTION_NAMES.flatMap((name) => {
    const value = options[name];
    return value === undefined || name === 'lang' ? [] : [`${name}="${escapeHtml(value)}"`];
  });
  const attributes = [
    `lab="${slug}"`,
    ...(widget === 'lab' ? [] : [`panel="${widget}"`]),
    `lang="${options.lang ?? locale}"`,
    `title="${title}"`,
    ...given,
    ...(fragment === '' ? [] : [`state="${fragment}"`]),
  ];
  return {
    element: `<script async src="${site}embed/strata-lab.js"></script>\n<strata-lab ${attributes.join(' ')}></strata-lab>`,
    iframe: frame('src'),
    markdown: `[![${title.replaceAll(/[[\]]/g, '')}](${picture})](${site}${locale}/${slug}/${fragment})`,
    reveal: `<section>\n  ${frame('data-src')}\n</section>`,
    moodle: `<div class="strata">${frame('src')}</div>\n<p><a href="${full}" target="_blank" rel="noopener">${title}</a></p>`,
    notion: address,
    picture: `<a href="${full}"><img src="${escapeHtml(picture)}" alt="${title}" style="max-width:100%"></a>`,
  };
}
