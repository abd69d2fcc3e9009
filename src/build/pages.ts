// Vite plugin: every page of the site as a ready HTML file in dist, and the same pages from the dev server.
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isRunnableDevEnvironment, type Plugin, type ViteBuilder, type ViteDevServer } from 'vite';
import { releaseAddress } from '../offline/release.ts';
import {
  bareStyle,
  missingDocument,
  rootDocument,
  searchScript,
  unkeptDocument,
} from '../site/bare-documents.ts';
import { earlyScript, languageScript, pageDocument } from '../site/document.ts';
import { rootFrom, type Facts } from '../site/page.ts';
import type * as Server from '../site/server.ts';
import { assetLinks, type Manifest } from './assets.ts';
import { siteAddress } from './address.ts';
import type { Chunks } from './chunks.ts';
import { widgetFiles } from './embed/documents.ts';
import { classification, figuresOf, firstVariants, publishedFigures } from './figures.ts';
import { highlightCss } from './markdown.ts';
import { at } from './paths.mjs';
import { policyMeta } from './policy.ts';
import { collectReference } from './reference/collect.ts';
import { releaseFrom, serviceWorker, VERSION_MARK, versionOf } from './release.ts';
import { robots, sitemap } from './search-engines.ts';
import { REMEDY, staleTranslations } from './translations.mjs';

const serverEntry = 'src/site/server.ts';
const clientEntry = 'src/site/client.ts';

const root = () => rootDocument(policyMeta({ scripts: [languageScript], styles: [bareStyle] }));
const missing = (base: string) =>
  missingDocument(policyMeta({ scripts: [searchScript], styles: [bareStyle] }), base);

const unkept = () => unkeptDocument(policyMeta({ scripts: [], styles: [bareStyle] }));

const factsFor = async (server: typeof Server): Promise<Facts> => ({
  reference: collectReference(),
  figures: await figuresOf(server.labsShown),
  exercises: await firstVariants(),
  classification: await classification(),
  published: await publishedFigures(),
});

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** The colours of highlighted code: a sheet of its own, because they are known only when all texts are compiled. */
async function writeHighlight(out: string): Promise<string> {
  const css = highlightCss();
  if (css === '') return '';
  const file = `assets/highlight-${createHash('sha256').update(css).digest('hex').slice(0, 8)}.css`;
  await write(join(out, file), css);
  return file;
}

/** All that stands in dist beside the assets, by path. */
async function documentsOf(
  server: typeof Server,
  manifest: Manifest,
  highlight: string,
): Promise<{ documents: Readonly<Record<string, string>>; pages: readonly Server.Page[] }> {
  const base = siteAddress();
  const facts = await factsFor(server);
  const pages: Server.Page[] = [];
  const texts = server.routes.map((route) => {
    const page = server.renderPage(route, facts);
    pages.push(page);
    const links = assetLinks(manifest, rootFrom(page), {
      entry: clientEntry,
      modules: page.modules ?? [],
      styles: page.styles ?? [],
      stillStyles: page.stillStyles ?? [],
      sheets: page.body.includes('class="shiki') ? [highlight] : [],
    });
    const { makesStyles = false, speaksToPlatforms = false } = page;
    const policy = policyMeta({ scripts: [earlyScript], makesStyles, speaksToPlatforms });
    return [
      `${page.locale}/${page.path}index.html`,
      pageDocument(page, { policy, links, base, release: VERSION_MARK }),
    ] as const;
  });
  const documents = {
    ...Object.fromEntries(texts),
    ...(await widgetFiles(server, manifest, facts)),
    'index.html': root(),
    '404.html': missing(base),
    'offline.html': unkept(),
    // The mark by which the page for wrong addresses finds where the site begins.
    'strata.txt': 'Strata\n',
    'robots.txt': robots(base),
    ...(base ? { 'sitemap.xml': sitemap(base, server.routes) } : {}),
  };
  return { documents, pages };
}

/** A translation of what the English no longer says must not go out. */
function refuseStale(): void {
  const { stale, missing } = staleTranslations();
  const lines = [...missing.map((file) => `missing: ${file}`), ...stale.map((where) => `stale: ${where}`)];
  if (lines.length > 0) throw new Error([...lines, REMEDY].join('\n'));
}

/** Pictures of the chapters for previews, beside those that are public as they are. */
async function copyPictures(out: string): Promise<void> {
  for (const folder of await readdir(at('labs'))) {
    const from = at(`labs/${folder}/figures`);
    const pictures = (await readdir(from).catch(() => [])).filter((name) => name.startsWith('social.'));
    if (pictures.length > 0) await mkdir(join(out, 'social', folder), { recursive: true });
    for (const name of pictures) await copyFile(join(from, name), join(out, 'social', folder, name));
  }
}

/** Builds the browser's half, then the server's, and lets the latter write every page. */
async function prerender(builder: ViteBuilder, chunks: Chunks): Promise<void> {
  refuseStale();
  const { client, ssr } = builder.environments;
  if (!client || !ssr) throw new Error('client and ssr environments are configured in vite.config.ts');
  for (const environment of [client, ssr]) if (!environment.isBuilt) await builder.build(environment);
  const out = resolve(builder.config.root, client.config.build.outDir);
  const ssrOut = resolve(builder.config.root, ssr.config.build.outDir);
  const manifest = JSON.parse(await readFile(join(out, '.vite/manifest.json'), 'utf8')) as Manifest;
  const server = (await import(pathToFileURL(join(ssrOut, 'server.js')).href)) as typeof Server;
  const highlight = await writeHighlight(out);
  const { documents, pages } = await documentsOf(server, manifest, highlight);
  const version = versionOf(documents, await readdir(join(out, 'assets')));
  for (const [path, text] of Object.entries(documents))
    await write(join(out, path), text.replaceAll(VERSION_MARK, version));
  await copyPictures(out);
  const release = await releaseFrom({ out, version, pages, chunks });
  await write(join(out, releaseAddress(version)), JSON.stringify(release));
  await write(join(out, 'sw.js'), await serviceWorker(version));
  await rm(ssrOut, { recursive: true });
  await rm(join(out, '.vite'), { recursive: true });
  builder.config.logger.info(`${server.routes.length} pages written`);
}

async function devPage(server: ViteDevServer, address: string): Promise<string | undefined> {
  if (address === '/') return root();
  const ssr = server.environments['ssr'];
  if (!ssr || !isRunnableDevEnvironment(ssr)) return undefined;
  const site = await ssr.runner.import<typeof Server>(`/${serverEntry}`);
  const route = site.routes.find(({ locale, path }) => `/${locale}/${path}` === address);
  if (!route) return undefined;
  const links = `<link rel="icon" href="/icon.svg"><style>${highlightCss()}</style><script type="module" src="/${clientEntry}"></script>`;
  const page = site.renderPage(route, await factsFor(site));
  return server.transformIndexHtml(address, pageDocument(page, { policy: '', links, base: '', release: '' }));
}

export function pages(chunks: Chunks): Plugin {
  return {
    name: 'strata:pages',
    configureServer(server) {
      return () => {
        server.middlewares.use((request, response, next) => {
          const path = (request.originalUrl ?? '/').replace(/[?#].*$/, '').replace(/index\.html$/, '');
          devPage(server, path).then((html) => {
            if (html === undefined) next();
            else response.setHeader('content-type', 'text/html; charset=utf-8').end(html);
          }, next);
        });
      };
    },
    buildApp: { order: 'post', handler: (builder) => prerender(builder, chunks) },
  };
}
