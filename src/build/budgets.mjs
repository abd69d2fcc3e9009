// Fails when a page's first view loads more script and style than its budget, counted as a server would compress them.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { at } from './paths.mjs';

const limit = 120_000;
const dist = at('dist');

/** Bytes of a file after gzip. @param {string} file */
const compressed = (file) => gzipSync(readFileSync(file), { level: 9 }).length;

/** Scripts and styles that a page names, whole addresses. @param {string} page */
function loadedBy(page) {
  const html = readFileSync(page, 'utf8');
  const tags = html.match(/<(?:script|link)\b[^>]*>/g) ?? [];
  const named = tags
    .filter((tag) => /^<script|rel="(?:modulepreload|stylesheet)"/.test(tag))
    .flatMap((tag) => /(?:src|href)="([^"]+)"/.exec(tag)?.[1] ?? []);
  return [...new Set(named.map((address) => join(dirname(page), address)))];
}

const rows = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('index.html'))
  .sort()
  .map((name) => {
    const sizes = loadedBy(join(dist, name)).map(compressed);
    return { page: relative('.', name), bytes: sizes.reduce((sum, size) => sum + size, 0) };
  });

for (const { page, bytes } of rows) {
  const kilobytes = (bytes / 1000).toFixed(1).padStart(7);
  console.log(`${kilobytes} kB of ${limit / 1000}  ${page}${bytes > limit ? '  OVER BUDGET' : ''}`);
}
if (rows.length === 0) console.error('no pages in dist: run the build first');
if (rows.length === 0 || rows.some(({ bytes }) => bytes > limit)) process.exitCode = 1;
