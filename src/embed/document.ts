/** A widget's document around its picture, as the build writes it; nothing in it depends on where it is served. */
import type { Locale } from '../ui/i18n/index.ts';
import { escapeHtml } from './escape.ts';
import type { Facts } from './facts.ts';
import { embedWords } from './i18n/index.ts';

/** Runs before the first paint: a theme that was asked for must not flash. */
export const bootTheme = `{const t=new URLSearchParams(location.search).get('theme');if(t==='light'||t==='dark')document.documentElement.dataset.theme=t}`;

/**
 * Then the scripts and styles that this document may load: one without an origin gets neither modules nor fonts from
 * files.
 */
export const bootScript = `${bootTheme}
{const d=document.currentScript.dataset,add=(n,o)=>document.head.append(Object.assign(document.createElement(n),o));
const sheets=l=>l.split(' ').forEach(href=>add('link',{rel:'stylesheet',href,blocking:'render'}));
if(self.origin==='null'){sheets(d.classicStyles);add('script',{src:d.classic,async:false,defer:true})}
else{sheets(d.styles);add('script',{src:d.module,type:'module'});for(const href of d.preload.split(' '))if(href)add('link',{rel:'modulepreload',href})}}`;

/** Of the document: the widget's, and where it comes from. */
export const titleOf = ({ titles }: Facts, locale: Locale): string => `${titles[locale]} · Strata`;

export interface DocumentParts {
  readonly locale: Locale;
  readonly facts: Facts;
  readonly description: string;
  /** The picture of the default run. */
  readonly poster: { readonly src: string; readonly width: number; readonly height: number };
  /** Ready HTML: policy, styles, links. */
  readonly head: string;
  /** Ready HTML at the end of the body. */
  readonly tail: string;
}

export function widgetDocument({ locale, facts, description, poster, head, tail }: DocumentParts): string {
  const text = embedWords[locale];
  const title = escapeHtml(titleOf(facts, locale));
  const link = facts.full && `<a href="${escapeHtml(facts.full[locale])}">${text.open}</a>`;
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<meta name="description" content="${escapeHtml(description)}">
<meta name="color-scheme" content="light dark">
${head}
</head>
<body>
<main aria-label="${escapeHtml(facts.titles[locale])}" data-facts="${escapeHtml(JSON.stringify(facts))}">
<figure class="poster">
<img src="${escapeHtml(poster.src)}" width="${poster.width}" height="${poster.height}" alt="${escapeHtml(text.poster(facts.titles[locale]))}">
<figcaption>${title}<noscript>. ${text.noscript} ${link ?? ''}</noscript></figcaption>
</figure>
<p hidden data-failed role="alert">${text.failed}</p>
<button type="button" class="start" data-start hidden>${text.start}</button>
</main>
${tail}
</body>
</html>
`;
}
