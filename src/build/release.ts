// One release of the site: what it consists of, what each page needs offline, and the service worker that serves it.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { pageAddress, type Release } from '../offline/release.ts';
import type { Page } from '../site/server.ts';
import type { Chunks } from './chunks.ts';
import { alias, at, root } from './paths.mjs';

/** Stands in pages and in the worker where the version is to be written, once it is known. */
export const VERSION_MARK = '@@release@@';

/** Not of the site that a visitor keeps: widgets and single files for other people's pages, previews, what only robots read. */
const LEFT_OUT = /^(embed\/|single\/|social\/|release-|sw\.js$|404\.html$|robots\.txt$|sitemap\.xml$|\.)/;

const digest = (content: string | Uint8Array) => createHash('sha256').update(content);

/** A version is named by all that it consists of. @param texts documents by path, with the mark in them */
export function versionOf(texts: Readonly<Record<string, string>>, files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const [path, text] of Object.entries(texts)) hash.update(`${path}\0${text}\0`);
  for (const file of [...files].sort()) hash.update(`${file}\0`);
  return hash.digest('hex').slice(0, 12);
}

/** Files that a document names, as addresses from the root. */
const namedIn = (html: string): string[] => [
  ...new Set(
    Array.from(html.matchAll(/(?:src|href)="(?:\.\.?\/)*(assets\/[^"#?]+)"/g), ([, file]) => file ?? ''),
  ),
];

interface Written {
  /** The folder of the finished site. */
  readonly out: string;
  readonly version: string;
  readonly pages: readonly Page[];
  readonly chunks: Chunks;
}

/** What a page needs: itself in every language, and all that it loads at once or later. */
async function needsOf(path: string, { out, pages, chunks }: Written): Promise<readonly string[]> {
  const twins = pages.filter((page) => page.path === path);
  const files = new Set<string>();
  for (const { locale, modules = [] } of twins) {
    const address = `${locale}/${path}`;
    const html = await readFile(join(out, address, 'index.html'), 'utf8');
    const chapter = modules.map((each) => /^labs\/([^/]+)\//.exec(each)?.[1]).find(Boolean);
    files.add(address);
    for (const file of chunks.reach(namedIn(html), chapter)) files.add(file);
    // Sheets that the build wrote beside the bundler's.
    for (const file of namedIn(html)) files.add(file);
  }
  return [...files].sort();
}

export async function releaseFrom(written: Written): Promise<Release> {
  const { out, version, pages } = written;
  const names = (await readdir(out, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(out.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((name) => !LEFT_OUT.test(name))
    .sort();
  const files = await Promise.all(
    names.map(async (name) => {
      const content = await readFile(join(out, name));
      const integrity = `sha256-${digest(content).digest('base64')}`;
      return [pageAddress(name), { integrity, bytes: content.length }] as const;
    }),
  );
  const paths = [...new Set(pages.map(({ path }) => path))];
  const needs = await Promise.all(paths.map(async (path) => [path, await needsOf(path, written)] as const));
  const lacking = needs.flatMap(([, all]) => all).filter((file) => !files.some(([name]) => name === file));
  if (lacking.length > 0) throw new Error(`pages need files that were not written: ${lacking.join(', ')}`);
  const home = needs.find(([path]) => path === '')?.[1] ?? [];
  return {
    version,
    files: Object.fromEntries(files),
    shell: ['', 'offline.html', 'icon.svg', ...home],
    pages: Object.fromEntries(needs),
  };
}

/** The service worker as one script without imports, which every browser takes. */
export async function serviceWorker(version: string): Promise<string> {
  const result = await build({
    root,
    configFile: false,
    logLevel: 'error',
    resolve: { alias },
    build: {
      write: false,
      lib: { entry: at('src/offline/worker.ts'), formats: ['iife'], name: 'worker' },
      target: 'baseline-widely-available',
      minify: true,
    },
  });
  const [bundle] = Array.isArray(result) ? result : [result];
  if (!bundle || !('output' in bundle)) throw new Error('the service worker was not built');
  return bundle.output[0].code.replaceAll(VERSION_MARK, version);
}
