// All that stands under embed/ and single/: the widgets' documents, their pictures and plain scripts, and each lab in
// one file.
import { readFile } from 'node:fs/promises';
import { bootScript, widgetDocument } from '../../embed/document.ts';
import { escapeHtml } from '../../embed/escape.ts';
import { discovery, oembed } from '../../embed/oembed.ts';
import { sizeOf, tokensIn } from '../../embed/poster.ts';
import type { Facts } from '../../site/page.ts';
import type * as Server from '../../site/server.ts';
import { siteAddress } from '../address.ts';
import { reach, type Manifest } from '../assets.ts';
import { at } from '../paths.mjs';
import { policyMeta } from '../policy.ts';
import { bundleElement, bundleEngine, bundleWidget } from './bundles.ts';
import { singleDocument } from './single.ts';

const moduleEntry = 'src/embed/module.ts';
const classicWidget = 'embed/classic/widget.js';
const classicStyles = 'embed/classic/widget.css';

type Page = ReturnType<typeof Server.widgetPages>[number];

const upFrom = (path: string): string => '../'.repeat(path.split('/').length - 1);

/** The same addresses, from the page instead of from the site's root. */
function seenFrom(up: string, facts: Page['facts']): Page['facts'] {
  const full = facts.full && { en: up + facts.full.en, ja: up + facts.full.ja };
  return { ...facts, full, engine: facts.engine && up + facts.engine };
}

function pageOf(page: Page, manifest: Manifest, picture: string): string {
  const { path, locale, description, facts } = page;
  const up = upFrom(path);
  const entry = manifest[moduleEntry];
  if (!entry) throw new Error(`${moduleEntry} is not in the manifest`);
  const assets = reach(manifest, [moduleEntry, 'src/embed/run.ts', `labs/${facts.lab}/Lab.svelte`]);
  const sheets = [...new Set(assets.flatMap(({ css = [] }) => css))];
  const early = reach(manifest, [moduleEntry]).slice(1);
  const list = (files: readonly string[]) => files.map((file) => up + file).join(' ');
  const attributes = Object.entries({
    module: list([entry.file]),
    preload: list(early.map(({ file }) => file)),
    styles: list(sheets),
    classic: list([classicWidget]),
    'classic-styles': list([classicStyles]),
  }).map(([name, value]) => `data-${name}="${value}"`);
  return widgetDocument({
    ...{
      locale,
      description,
      poster: { src: up + page.poster, ...sizeOf(picture) },
      facts: seenFrom(up, facts),
      tail: '',
    },
    head: [
      policyMeta({ scripts: [bootScript], makesStyles: true, sealed: true }),
      `<link rel="icon" href="${up}icon.svg">`,
      discovery(`${siteAddress() ? siteAddress() + path : ''}oembed.json`, escapeHtml(facts.titles[locale])),
      `<script ${attributes.join(' ')}>${bootScript}</script>`,
      `<noscript>${sheets.map((file) => `<link rel="stylesheet" href="${up}${file}">`).join('')}</noscript>`,
    ].join('\n'),
  });
}

/** Files of the widgets, by path from the site's root. */
export async function widgetFiles(
  server: typeof Server,
  manifest: Manifest,
  facts: Facts,
): Promise<Record<string, string>> {
  const widgetPages = server.widgetPages(facts);
  const pictures = server.posters(facts.figures, tokensIn(await readFile(at('src/ui/tokens.css'), 'utf8')));
  const labs = [...new Set(widgetPages.map(({ facts }) => facts.lab))];
  const widget = await bundleWidget();
  const engines = new Map<string, string>();
  for (const lab of labs) engines.set(lab, await bundleEngine(lab));
  const engineScript = (lab: string) =>
    `(globalThis.strataEngines??={})[${JSON.stringify(lab)}]=${JSON.stringify(engines.get(lab)).replaceAll('<', '\\u003c')};`;
  const single = widgetPages.filter(({ facts }) => facts.widget === 'lab');
  return {
    ...pictures,
    ...Object.fromEntries(
      widgetPages.map((page) => [
        `${page.path}index.html`,
        pageOf(page, manifest, pictures[page.poster] ?? ''),
      ]),
    ),
    ...Object.fromEntries(
      widgetPages.map((page) => [
        `${page.path}oembed.json`,
        oembed(siteAddress() || upFrom(page.path), page, sizeOf(pictures[page.poster] ?? '')),
      ]),
    ),
    ...Object.fromEntries(labs.map((lab) => [`embed/classic/${lab}.js`, engineScript(lab)])),
    [classicWidget]: widget.script,
    [classicStyles]: widget.styles,
    'embed/strata-lab.js': await bundleElement(),
    'embed/embed.d.ts': server.declarations(),
    ...Object.fromEntries(
      single.map((page) => [
        `single/${page.slug}.${page.locale}.html`,
        singleDocument({
          ...page,
          ...widget,
          engine: engineScript(page.facts.lab),
          poster: pictures[page.poster] ?? '',
        }),
      ]),
    ),
  };
}
