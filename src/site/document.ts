// The HTML document around a page's body: what search engines, previews and the first paint need.
import { locales, type Locale } from './locales.ts';
import { rootFrom } from './page.ts';
import type { Page } from './server.ts';

/**
 * Before anything is loaded: a host that shows `en/vm370` without the slash would break every relative link, and a
 * chosen theme must not flash.
 */
export const earlyScript = `{const p=location.pathname;if(!/(\\/|\\.html)$/.test(p)&&location.protocol!='file:')location.replace(p+'/'+location.search+location.hash);try{const t=localStorage.getItem('strata-theme');if(t)document.documentElement.dataset.theme=t}catch{}}`;

/** The root page leads to the visitor's language once; going back from there works. */
export const languageScript = `{let l;try{l=localStorage.getItem('strata-locale')}catch{}l??=navigator.language;location.replace('./'+(l.startsWith('ja')?'ja':'en')+'/'+location.hash)}`;

export const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** `en_US`, `ja_JP`: previews want a region, so the likeliest is named. */
function openGraphLocale(locale: Locale): string {
  const { language, region } = new Intl.Locale(locale).maximize();
  return `${language}_${region ?? ''}`;
}

/**
 * An address as search engines want it: absolute where the site's own address is known, else from the page.
 * @param base the site's address with a slash at its end, or '' when it was not given
 */
const address = (base: string, up: string, path: string): string => (base || up) + path;

/** Canonical address, the same page in other languages, previews, and the facts that schema.org has words for. */
function discovery(page: Page, base: string): string {
  const { locale, path, languages, title, description, image, oembed, about } = page;
  const to = (place: string) => escape(address(base, rootFrom(page), place));
  const own = to(`${locale}/${path}`);
  const facts = {
    '@context': 'https://schema.org',
    '@type': 'WebPage',
    name: title,
    description,
    inLanguage: locale,
    isAccessibleForFree: true,
    license: 'https://spdx.org/licenses/MIT.html',
    ...(base ? { url: `${base}${locale}/${path}` } : {}),
    ...about,
  };
  return [
    `<link rel="canonical" href="${own}">`,
    ...languages.map(
      (other) => `<link rel="alternate" hreflang="${other}" href="${to(`${other}/${path}`)}">`,
    ),
    `<link rel="alternate" hreflang="x-default" href="${to(path === '' ? '' : `${locales[0]}/${path}`)}">`,
    `<meta property="og:type" content="${path === '' ? 'website' : 'article'}">`,
    '<meta property="og:site_name" content="Strata">',
    `<meta property="og:title" content="${escape(title)}">`,
    `<meta property="og:description" content="${escape(description)}">`,
    `<meta property="og:locale" content="${openGraphLocale(locale)}">`,
    `<meta property="og:url" content="${own}">`,
    ...(oembed ? [`<link rel="alternate" type="application/json+oembed" href="${to(oembed)}">`] : []),
    `<meta property="og:image" content="${to(image ?? `social/social.${locale}.png`)}">`,
    '<meta property="og:image:width" content="1200">',
    '<meta property="og:image:height" content="630">',
    `<meta property="og:image:alt" content="${escape(title)}">`,
    '<meta name="twitter:card" content="summary_large_image">',
    `<script type="application/ld+json">${JSON.stringify(facts).replaceAll('<', '\\u003c')}</script>`,
  ].join('\n');
}

export interface Surroundings {
  /** The policy, to be read before anything that it judges. */
  readonly policy: string;
  /** The assets: style sheets, preloads, scripts; ready HTML. */
  readonly links: string;
  readonly base: string;
  /** Version of the site; '' where nothing is kept for offline use. */
  readonly release: string;
}

export function pageDocument(page: Page, { policy, links, base, release }: Surroundings): string {
  const { locale, path, title, description, head, body } = page;
  return `<!doctype html>
<html lang="${locale}" data-root="${rootFrom(page)}" data-page="${path}" data-release="${release}">
<head>
<meta charset="utf-8">
${policy}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<meta name="description" content="${escape(description)}">
<meta name="color-scheme" content="light dark">
<script>${earlyScript}</script>
${links}
${discovery(page, base)}
${head}
</head>
<body>
${body}
</body>
</html>
`;
}
