// The two pages that are no chapter of anything: the root, which picks a language, and the one for wrong addresses.
import { escape, languageScript } from './document.ts';
import { messages } from './i18n/index.ts';
import { locales } from './locales.ts';

/** No style sheet: a wrong address may lie anywhere, so nothing relative to it can be trusted. */
export const bareStyle = `:root{color-scheme:light dark;font:1.0625rem/1.6 'IBM Plex Sans',sans-serif;background:light-dark(#fdfdfb,#131517);color:light-dark(#191b1e,#e7e6e1)}body{max-width:36rem;margin:12vh auto;padding:0 1.25rem}h1{font-size:1.6rem}a{color:light-dark(#0b4f8a,#8ec2f2)}ul{padding:0;list-style:none}li{margin:.75rem 0}section+section{margin-top:3rem}`;

const languages = (): string =>
  locales
    .map(
      (locale) =>
        `<li><a href="./${locale}/" hreflang="${locale}" lang="${locale}">${escape(messages[locale].language)}</a></li>`,
    )
    .join('');

/** The root: plain links do without JavaScript. */
export const rootDocument = (policy: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${policy}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Strata</title>
<meta name="description" content="${escape(messages.en.hero.purpose)}">
<link rel="icon" href="./icon.svg">
${locales.map((locale) => `<link rel="alternate" hreflang="${locale}" href="./${locale}/">`).join('\n')}
<style>${bareStyle}</style>
<script>${languageScript}</script>
<noscript><meta http-equiv="refresh" content="5; url=./en/"></noscript>
</head>
<body>
<main><h1>Strata</h1><ul>${languages()}</ul></main>
</body>
</html>
`;

/**
 * A host shows 404.html at whatever address was asked for, so the page does not know where the site begins. The script
 * looks: the nearest folder above that has the site's own mark is the root. A page that lacks only its slash is found too.
 */
export const searchScript = `{(async()=>{const there=u=>fetch(u,{method:'HEAD'}).then(r=>r.ok,()=>false);let d=new URL('./',location.href);for(;;){if(await there(new URL('strata.txt',d))){for(const a of document.querySelectorAll('a[data-path]'))a.href=new URL(a.dataset.path,d).href;const rest=location.pathname.slice(d.pathname.length);if(rest&&!rest.endsWith('/')&&!rest.includes('.')&&await there(location.pathname+'/'))location.replace(location.pathname+'/'+location.search+location.hash);return}if(d.pathname==='/')return;d=new URL('../',d)}})()}`;

/** @param base the site's address, or '' */
export function missingDocument(policy: string, base: string): string {
  const section = (locale: (typeof locales)[number]) => {
    const { title, why, home } = messages[locale].missing;
    return `<section lang="${locale}"><h1>${escape(title)}</h1><p>${escape(why)}</p><p><a href="${base || './'}${locale}/" data-path="${locale}/">${escape(home)}</a></p></section>`;
  };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${policy}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escape(messages.en.missing.title)} · Strata</title>
<link rel="icon" href="data:,">
<style>${bareStyle}</style>
<script type="module">${searchScript}</script>
</head>
<body>
<main>${locales.map(section).join('')}</main>
</body>
</html>
`;
}

/** What the service worker shows, without a network, in place of a page that is not kept. */
export function unkeptDocument(policy: string): string {
  const section = (locale: (typeof locales)[number]) => {
    const { title, why } = messages[locale].offline.unkept;
    return `<section lang="${locale}"><h1>${escape(title)}</h1><p>${escape(why)}</p></section>`;
  };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${policy}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escape(messages.en.offline.unkept.title)} · Strata</title>
<link rel="icon" href="data:,">
<style>${bareStyle}</style>
</head>
<body>
<main>${locales.map(section).join('')}</main>
</body>
</html>
`;
}
