// Fails when a page, a widget, the custom element or a lab in one file weighs more than its budget, counted as a server
// would compress it.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { at } from './paths.mjs';

const dist = at('dist');

/** Bytes of a file after gzip. @param {string} name from dist */
const compressed = (name) => gzipSync(readFileSync(join(dist, name)), { level: 9 }).length;

/** Scripts and styles that a page loads at once, from dist. @param {string} page */
function loadedBy(page) {
  const html = readFileSync(join(dist, page), 'utf8').replace(/<noscript>[^]*?<\/noscript>/g, '');
  const tags = html.match(/<(?:script|link)\b[^>]*>/g) ?? [];
  const named = tags.flatMap((tag) => {
    // A widget's document chooses between modules and plain scripts; most visitors get the modules.
    const chosen = Array.from(
      tag.matchAll(/ data-(?:module|preload|styles)="([^"]+)"/g),
      ([, list]) => list ?? '',
    );
    if (chosen.length > 0) return chosen.flatMap((list) => list.split(' '));
    const plain = /^<script|rel="(?:modulepreload|stylesheet)"/.test(tag);
    return plain ? (/(?:src|href)="([^"#]+)/.exec(tag)?.[1] ?? []) : [];
  });
  return [...new Set(named.map((address) => join(dirname(page), address)))];
}

/** @param {string} page */
const firstView = (page) => loadedBy(page).reduce((sum, file) => sum + compressed(file), 0);

/**
 * The first that fits counts.
 * @type {readonly { what: string, name: RegExp, limit: number, weigh: (name: string) => number }[]}
 */
const budgets = [
  { what: 'widget', name: /^embed\/.*index\.html$/, limit: 40_000, weigh: firstView },
  { what: 'element', name: /^embed\/strata-lab\.js$/, limit: 5_000, weigh: compressed },
  { what: 'one file', name: /^single\/.*\.html$/, limit: 1_500_000, weigh: compressed },
  { what: 'page', name: /(^|\/)index\.html$/, limit: 120_000, weigh: firstView },
];

const rows = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .sort()
  .flatMap((name) => {
    const budget = budgets.find((each) => each.name.test(name));
    return budget ? [{ ...budget, file: name, bytes: budget.weigh(name) }] : [];
  });

for (const { what, file, bytes, limit } of rows) {
  const kilobytes = (bytes / 1000).toFixed(1).padStart(7);
  console.log(`${kilobytes} kB of ${limit / 1000}  ${what}: ${file}${bytes > limit ? '  OVER BUDGET' : ''}`);
}
const missing = budgets.filter(({ what }) => !rows.some((row) => row.what === what));
for (const { what } of missing) console.error(`no ${what} in dist: run the build first`);
if (missing.length > 0 || rows.some(({ bytes, limit }) => bytes > limit)) process.exitCode = 1;
