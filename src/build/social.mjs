// `node src/build/social.mjs` after a build: draws the pictures that previews show, from the pages themselves, into
// labs/NN-slug/figures/ and public/social/. They are committed, because not every machine that builds has a browser.
import { mkdirSync, readdirSync } from 'node:fs';
import { chromium } from 'playwright';
import { chromiumPath } from './chromium.mjs';
import { at } from './paths.mjs';
import { serve } from './serve.mjs';

const locales = readdirSync(at('dist')).filter((name) => /^[a-z]{2}$/.test(name));
const chapters = readdirSync(at('labs')).flatMap((folder) => {
  const slug = /^\d+-(.+)$/.exec(folder)?.[1];
  return slug ? [{ path: `${slug}/`, folder: `labs/${folder}/figures` }] : [];
});
const pages = [{ path: '', folder: 'public/social' }, ...chapters];

/** Leaves the title and the strata diagram of a page, large. Runs in the browser. */
function makeCard() {
  const text = (/** @type {string} */ selector) =>
    document.querySelector(selector)?.textContent?.trim() ?? '';
  const picture = document.querySelector('.still-strata')?.outerHTML ?? '';
  const card = document.createElement('div');
  card.className = 'card';
  for (const [tag, words] of [
    ['p', [text('.overline .era-name'), text('.overline .years')].filter(Boolean).join('  ')],
    ['h1', text('h1')],
    ['div', ''],
    ['footer', text('.site-name')],
  ]) {
    const part = document.createElement(tag ?? 'p');
    part.textContent = words ?? '';
    if (tag === 'div') part.innerHTML = picture;
    card.append(part);
  }
  document.body.replaceChildren(card);
}

const style = `
  body { min-height: 0 }
  .card { box-sizing: border-box; width: 1200px; height: 630px; padding: 64px 72px; display: flex; flex-direction: column }
  .card p { font-size: 28px; color: var(--ink-soft); min-height: 1.6em; white-space: pre }
  .card h1 { font-size: 76px; line-height: 1.12; letter-spacing: -0.015em }
  .card h1:lang(ja) { font-size: 60px; letter-spacing: 0; line-height: 1.3 }
  .card div { margin-top: auto }
  .card div svg { width: 1056px; max-width: none }
  .card .tick { display: none }
  .card footer { margin-top: 20px; font-size: 30px; font-weight: 600 }
`;

const executablePath = await chromiumPath();
if (!executablePath) process.exit(1);
const site = await serve({});
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage({ viewport: { width: 1200, height: 630 }, colorScheme: 'light' });
for (const { path, folder } of pages)
  for (const locale of locales) {
    await page.goto(`${site}${locale}/${path}`);
    await page.evaluate(makeCard);
    // A style element would break the page's own policy.
    await page.evaluate(async (css) => {
      const sheet = new CSSStyleSheet();
      await sheet.replace(css);
      document.adoptedStyleSheets.push(sheet);
      await document.fonts.ready;
    }, style);
    mkdirSync(at(folder), { recursive: true });
    await page.screenshot({ path: at(`${folder}/social.${locale}.png`) });
    console.log(`${folder}/social.${locale}.png`);
  }
await browser.close();
process.exit(0);
