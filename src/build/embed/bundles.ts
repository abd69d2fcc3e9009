// Scripts that the site's own build cannot make, because each must be one plain script: the widget for documents without
// an origin, the engine of one lab as text, and the custom element.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build, type Plugin } from 'vite';
import { chapters } from '../chapters.ts';
import { engineDefine } from '../engine-version.mjs';
import { alias, at, root } from '../paths.mjs';

const workerEntry = at('src/worker/host.ts');

interface Bundle {
  readonly script: string;
  readonly styles: string;
}

/** Narrows the search for chapters to one of them. */
const onlyLab = (folder: string): Plugin => ({
  name: 'strata:only-lab',
  enforce: 'pre',
  transform: (code, id) => (id === workerEntry ? code.replaceAll('/labs/[0-9]*/', `/labs/${folder}/`) : null),
});

async function bundle(entry: string, plugins: readonly Plugin[] = []): Promise<Bundle> {
  const made = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [...plugins, chapters(), svelte({ configFile: false, compilerOptions: { runes: true } })],
    resolve: { alias },
    define: engineDefine(),
    build: {
      write: false,
      target: 'baseline-widely-available',
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      modulePreload: false,
      cssCodeSplit: false,
      // Fonts stand in the styles: a document in one file has nowhere to fetch them from.
      assetsInlineLimit: 1 << 20,
      rolldownOptions: {
        input: entry,
        output: { format: 'iife', codeSplitting: false },
        // Only Vite's helper for preloading asks for it, and there is nothing left to preload.
        checks: { emptyImportMeta: false },
      },
    },
  });
  const outputs = (Array.isArray(made) ? made : [made]).flatMap((each) =>
    'output' in each ? each.output : [],
  );
  const script = outputs.find((each) => each.type === 'chunk');
  const sheet = outputs.find((each) => each.type === 'asset' && each.fileName.endsWith('.css'));
  if (!script) throw new Error(`${entry}: no script came of it`);
  return { script: script.code, styles: sheet?.type === 'asset' ? String(sheet.source) : '' };
}

export const bundleWidget = (): Promise<Bundle> => bundle(at('src/embed/classic.ts'));

export const bundleElement = async (): Promise<string> => (await bundle(at('src/embed/element.ts'))).script;

/** The worker of one lab. @param folder `NN-slug` under labs/ */
export const bundleEngine = async (folder: string): Promise<string> =>
  (await bundle(workerEntry, [onlyLab(folder)])).script;
