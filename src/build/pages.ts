// Vite plugin: every page of the site as a ready HTML file in dist, and the same pages from the dev server.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isRunnableDevEnvironment, type Plugin, type ViteBuilder, type ViteDevServer } from 'vite';
import { languageScript, pageDocument, rootDocument, themeScript } from '../site/document.ts';
import { messages } from '../site/i18n/index.ts';
import { locales } from '../site/locales.ts';
import type * as Server from '../site/server.ts';
import { highlightCss } from './markdown.ts';
import { collectReference } from './reference/collect.ts';

const serverEntry = 'src/site/server.ts';
const clientEntry = 'src/site/client.ts';
/** Seen in the first paint; italics and code follow when the browser meets them. */
const earlyFonts = [400, 600].map(
  (weight) => `node_modules/@fontsource/ibm-plex-sans/files/ibm-plex-sans-latin-${weight}-normal.woff2`,
);

const hashOf = (script: string) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
const policy = [
  "default-src 'self'",
  `script-src 'self' 'wasm-unsafe-eval' ${hashOf(themeScript)} ${hashOf(languageScript)}`,
  "worker-src 'self' blob:",
  // Editor and terminal bring their styles as style elements.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "base-uri 'self'",
  "object-src 'none'",
].join('; ');

const root = () => rootDocument(locales.map((locale) => ({ locale, name: messages[locale].language })));

interface Asset {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
}

/** An entry of Vite's manifest and all that it imports statically, each once. */
function reach(manifest: Readonly<Record<string, Asset>>, keys: readonly string[]): Asset[] {
  const seen = new Set<string>();
  const walk = (key: string): Asset[] => {
    const asset = manifest[key];
    if (seen.has(key) || !asset) return [];
    seen.add(key);
    return [asset, ...(asset.imports ?? []).flatMap(walk)];
  };
  return keys.flatMap(walk);
}

/** The links that a page at some depth needs: policy, fonts, styles, and scripts worth loading at once. */
function assetLinks(
  manifest: Readonly<Record<string, Asset>>,
  up: string,
  lab: string | undefined,
  highlight: string,
) {
  const entry = manifest[clientEntry];
  if (!entry) throw new Error(`${clientEntry} is not in the manifest`);
  const assets = reach(manifest, [clientEntry, ...(lab ? [lab] : [])]);
  const styles = [...new Set(assets.flatMap(({ css = [] }) => css))];
  return [
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    `<link rel="icon" href="${up}icon.svg">`,
    ...earlyFonts.map(
      (font) =>
        `<link rel="preload" href="${up}${manifest[font]?.file ?? ''}" as="font" type="font/woff2" crossorigin>`,
    ),
    ...[...styles, highlight].filter(Boolean).map((file) => `<link rel="stylesheet" href="${up}${file}">`),
    ...assets.slice(1).map(({ file }) => `<link rel="modulepreload" href="${up}${file}">`),
    `<script type="module" src="${up}${entry.file}"></script>`,
  ].join('\n');
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** Builds the browser's half, then the server's, and lets the latter write every page. */
async function prerender(builder: ViteBuilder): Promise<void> {
  const { client, ssr } = builder.environments;
  if (!client || !ssr) throw new Error('client and ssr environments are configured in vite.config.ts');
  for (const environment of [client, ssr]) if (!environment.isBuilt) await builder.build(environment);
  const out = resolve(builder.config.root, client.config.build.outDir);
  const ssrOut = resolve(builder.config.root, ssr.config.build.outDir);
  const manifest = JSON.parse(await readFile(join(out, '.vite/manifest.json'), 'utf8')) as Record<
    string,
    Asset
  >;
  const server = (await import(pathToFileURL(join(ssrOut, 'server.js')).href)) as typeof Server;

  const css = highlightCss();
  const highlight =
    css && `assets/highlight-${createHash('sha256').update(css).digest('hex').slice(0, 8)}.css`;
  if (highlight) await write(join(out, highlight), css);
  const reference = collectReference();
  for (const route of server.routes) {
    const page = server.renderPage(route, reference);
    const up = '../'.repeat(route.path.split('/').length - 1);
    const links = assetLinks(manifest, up, page.lab, route.folder === undefined ? '' : highlight);
    await write(join(out, route.path, 'index.html'), pageDocument(page, links));
  }
  await write(join(out, 'index.html'), root());
  await rm(ssrOut, { recursive: true });
  await rm(join(out, '.vite'), { recursive: true });
  builder.config.logger.info(`${server.routes.length} pages written`);
}

async function devPage(server: ViteDevServer, path: string): Promise<string | undefined> {
  if (path === '/') return root();
  const ssr = server.environments['ssr'];
  if (!ssr || !isRunnableDevEnvironment(ssr)) return undefined;
  const site = await ssr.runner.import<typeof Server>(`/${serverEntry}`);
  const route = site.routes.find((each) => `/${each.path}` === path);
  if (!route) return undefined;
  const links = `<link rel="icon" href="/icon.svg"><style>${highlightCss()}</style><script type="module" src="/${clientEntry}"></script>`;
  return server.transformIndexHtml(path, pageDocument(site.renderPage(route, collectReference()), links));
}

export function pages(): Plugin {
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
    buildApp: { order: 'post', handler: prerender },
  };
}
