/** The HTML pages inside packages: one that frames the assignment for a platform, one that links to it. */
import type { Assignment } from '../format/assignment.ts';
import type { PackageWords } from './words.ts';
import { escaped } from './xml.ts';

const STYLE = `html,body{height:100%;margin:0}
body{display:flex;flex-direction:column;font:1rem/1.6 sans-serif;color-scheme:light dark}
main{max-width:40rem;padding:2rem 1rem;margin:0 auto}
p.text{white-space:pre-line}
iframe{flex:1;border:0;width:100%}
[role=alert]{margin:0;padding:.5rem 1rem;background:#fff1b8;color:#191b1e}`;

const page = (language: string, title: string, body: string): string => `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;

/** For SCORM: `launch.js` beside it speaks to the platform. */
export const launchPage = (assignment: Assignment, link: string, words: PackageWords): string =>
  page(
    words.language,
    assignment.title,
    `<p role="alert" data-alone="${escaped(words.noPlatform)}" hidden></p>
<iframe title="${escaped(assignment.title)}" data-src="${escaped(link)}" allow="fullscreen; clipboard-write"></iframe>
<noscript><p><a href="${escaped(link)}">${escaped(words.open)}</a></p></noscript>
<script type="module" src="launch.js"></script>`,
  );

/** For a zip that is handed around: what it is, and where it leads. */
export const linkPage = (assignment: Assignment, link: string, words: PackageWords): string =>
  page(
    words.language,
    assignment.title,
    `<main>
<h1>${escaped(assignment.title)}</h1>
${[assignment.deadline, assignment.instructions]
  .filter((text) => text !== '')
  .map((text) => `<p class="text">${escaped(text)}</p>\n`)
  .join('')}<p><a href="${escaped(link)}">${escaped(words.open)}</a></p>
</main>`,
  );
