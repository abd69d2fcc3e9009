// The links of a page to what the browser's half of the build made: fonts, styles, and scripts worth loading at once.

export interface Asset {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
}
/** Vite's manifest: assets by the path of their source. */
export type Manifest = Readonly<Record<string, Asset>>;

/** Seen in the first paint; italics and code follow when the browser meets them. */
const earlyFonts = [400, 600].map(
  (weight) => `node_modules/@fontsource/ibm-plex-sans/files/ibm-plex-sans-latin-${weight}-normal.woff2`,
);

/** Some entries of the manifest and all that they import statically, each once. */
export function reach(manifest: Manifest, keys: readonly string[]): Asset[] {
  const seen = new Set<string>();
  const walk = (key: string): Asset[] => {
    const asset = manifest[key];
    if (seen.has(key) || !asset) return [];
    seen.add(key);
    return [asset, ...(asset.imports ?? []).flatMap(walk)];
  };
  return keys.flatMap(walk);
}

interface Loaded {
  readonly entry: string;
  readonly modules: readonly string[];
  /** Modules whose styles are needed at once, and not their scripts. */
  readonly styles: readonly string[];
  /** Modules whose styles only readers without a script need, and paper. */
  readonly stillStyles: readonly string[];
  /** Style sheets that are in no manifest. */
  readonly sheets: readonly string[];
}

/** @param up from the page to the site's root */
export function assetLinks(manifest: Manifest, up: string, loaded: Loaded): string {
  const entry = manifest[loaded.entry];
  if (!entry) throw new Error(`${loaded.entry} is not in the manifest`);
  const assets = reach(manifest, [loaded.entry, ...loaded.modules]);
  const stylesOf = (all: readonly Asset[]) => all.flatMap(({ css = [] }) => css);
  const sheets = new Set([
    ...stylesOf(assets),
    ...stylesOf(reach(manifest, loaded.styles)),
    ...loaded.sheets,
  ]);
  const still = stylesOf(reach(manifest, loaded.stillStyles)).filter((file) => !sheets.has(file));
  const fonts = earlyFonts.flatMap((font) => manifest[font]?.file ?? []);
  return [
    `<link rel="icon" href="${up}icon.svg">`,
    ...fonts.map(
      (file) => `<link rel="preload" href="${up}${file}" as="font" type="font/woff2" crossorigin>`,
    ),
    ...[...sheets].map((file) => `<link rel="stylesheet" href="${up}${file}">`),
    // The fragment makes another address of it: else a panel that needs these styles finds them loaded, for print alone.
    ...[...new Set(still)].map(
      (file) => `<link rel="stylesheet" href="${up}${file}#still" media="print, (scripting: none)">`,
    ),
    // Text and styles come first.
    ...assets
      .slice(1)
      .map(({ file }) => `<link rel="modulepreload" href="${up}${file}" fetchpriority="low">`),
    `<script type="module" src="${up}${entry.file}"></script>`,
  ].join('\n');
}
