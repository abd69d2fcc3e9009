// The HTML document around a page's body. Its two inline scripts are named by hash in the content security policy.
import type { Page } from './server.ts';

/** Before the first paint, so that a chosen theme does not flash. */
export const themeScript = `{const t=localStorage.getItem('strata-theme');if(t)document.documentElement.dataset.theme=t}`;

/** The root page leads to the visitor's language once; going back from there works. */
export const languageScript = `{const l=localStorage.getItem('strata-locale')??navigator.language;location.replace('./'+(l.startsWith('ja')?'ja':'en')+'/'+location.hash)}`;

const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** @param links the assets: stylesheets, preloads, scripts, policy; ready HTML */
export function pageDocument({ locale, title, description, head, body }: Page, links: string): string {
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<meta name="description" content="${escape(description)}">
<meta name="color-scheme" content="light dark">
<script>${themeScript}</script>
${links}
${head}
</head>
<body>
${body}
</body>
</html>
`;
}

/** The root: picks a language; plain links do without JavaScript. */
export function rootDocument(
  languages: readonly { readonly locale: string; readonly name: string }[],
): string {
  const items = languages.map(
    ({ locale, name }) =>
      `<li><a href="./${locale}/" hreflang="${locale}" lang="${locale}">${escape(name)}</a></li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Strata</title>
<link rel="icon" href="./icon.svg">
<meta name="color-scheme" content="light dark">
<script>${languageScript}</script>
<noscript><meta http-equiv="refresh" content="5; url=./en/"></noscript>
</head>
<body>
<ul>${items.join('')}</ul>
</body>
</html>
`;
}
