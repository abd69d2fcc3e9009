/** What is pasted into another site to show a widget there, for each kind of host. */
import { posterPath, pagePath, type WidgetId } from './widgets.ts';
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

/** Height in pixels where the host cannot follow the widget's own. */
const HEIGHTS: Partial<Record<WidgetId, number>> = { lab: 900, strata: 420, registers: 720 };

const attribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** @param site the site's address with a slash at its end */
export function widgetAddress(site: string, { locale, slug, widget, options, fragment }: Choice): string {
  return site + pagePath(locale, slug, widget) + toQuery(options) + fragment;
}

export function snippets(site: string, choice: Choice): Readonly<Record<Host, string>> {
  const { locale, slug, widget, options, fragment } = choice;
  const title = attribute(choice.title);
  const address = widgetAddress(site, choice);
  const src = attribute(address);
  const height = HEIGHTS[widget] ?? 560;
  const full = attribute(`${site}${locale}/${slug}/${fragment}`);
  const picture = `${site}${posterPath(locale, slug)}`;
  const frame = (source: string) =>
    `<iframe ${source}="${src}" title="${title}" width="100%" height="${height}" style="border:0" loading="lazy" allow="clipboard-write; fullscreen"></iframe>`;
  const given = OPTION_NAMES.flatMap((name) => {
    const value = options[name];
    return value === undefined || name === 'lang' ? [] : [`${name}="${attribute(value)}"`];
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
    markdown: `[![${choice.title.replaceAll(/[[\]]/g, '')}](${picture})](${site}${locale}/${slug}/${fragment})`,
    reveal: `<section>\n  ${frame('data-src')}\n</section>`,
    moodle: `<div class="strata">${frame('src')}</div>\n<p><a href="${full}" target="_blank" rel="noopener">${title}</a></p>`,
    notion: address,
    picture: `<a href="${full}"><img src="${attribute(picture)}" alt="${title}" width="860"></a>`,
  };
}
