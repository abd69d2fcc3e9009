// Runs a TypeScript entry outside the browser: bundles it when a source changed, then calls its main(argv).
// Vite bundles it, because chapters are found by import.meta.glob. Nothing but the command itself writes to stdout.
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { engineDefine } from './engine-version.mjs';
import { fingerprint } from './fingerprint.mjs';
import { install } from './install.mjs';
import { alias, at, cache, root } from './paths.mjs';

const hour = 3_600_000;

/** @param {string} entry @param {string} bundle directory to appear complete or not at all */
async function build(entry, bundle) {
  install();
  const { build: bundleWithVite } = await import('vite');
  const draft = `${bundle}.${process.pid}`;
  await bundleWithVite({
    root,
    configFile: false,
    logLevel: 'error',
    resolve: { alias },
    define: engineDefine(),
    build: {
      ssr: at(entry),
      outDir: draft,
      sourcemap: true,
      minify: false,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'main.mjs', chunkFileNames: 'chunk-[name]-[hash].mjs' } },
    },
  });
  try {
    renameSync(draft, bundle);
  } catch (error) {
    // Another process finished the same bundle first: use that one.
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(bundle)) throw error;
  }
}

/** Bundles of earlier sources may still be running; after an hour they are not. @param {string} bundle */
function forgetOldBundles(bundle) {
  const folder = dirname(bundle);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (path !== bundle && Date.now() - statSync(path).mtimeMs > hour)
      rmSync(path, { recursive: true, force: true });
  }
}

const [entry = 'src/cli/main.ts', ...argv] = process.argv.slice(2);
const state = fingerprint(['src', 'labs', dirname(entry), 'package-lock.json']);
const bundle = join(cache, entry.replaceAll('/', '-'), state);
if (!existsSync(bundle)) {
  await build(entry, bundle);
  forgetOldBundles(bundle);
}
process.setSourceMapsEnabled(true);
/** @type {{ main(argv: string[]): Promise<number> }} */
const { main } = await import(pathToFileURL(join(bundle, 'main.mjs')).href);
process.exitCode = await main(argv);
