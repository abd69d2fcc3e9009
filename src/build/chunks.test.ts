// What a page is given to keep: its own chapter with its engine, and no other's.
import type { Rolldown } from 'vite';
import { expect, test } from 'vitest';
import { Chunks } from './chunks.ts';

const chunk = (fileName: string, module: string, dynamicImports: string[] = [], code = '', isEntry = false) =>
  ({
    type: 'chunk',
    fileName,
    facadeModuleId: `/top/${module}`,
    imports: [],
    dynamicImports,
    code,
    isEntry,
  }) as unknown as Rolldown.OutputChunk;

function record(
  chunks: Chunks,
  part: 'page' | 'worker',
  files: readonly (Rolldown.OutputChunk | Rolldown.OutputAsset)[],
): void {
  const { generateBundle } = chunks.plugin('/top/', part);
  const bundle = Object.fromEntries(files.map((file) => [file.fileName, file]));
  if (typeof generateBundle === 'object')
    void generateBundle.handler.call({} as never, {} as never, bundle, true);
}

test('lazy parts, workers named by their address, and engines of the own chapter only', () => {
  const chunks = new Chunks();
  record(chunks, 'worker', [
    chunk('assets/host.js', 'src/worker/host.ts', ['assets/w1.js', 'assets/w2.js'], '', true),
    chunk('assets/w1.js', 'labs/10-one/world.ts'),
    chunk('assets/w2.js', 'labs/20-two/world.ts'),
  ]);
  record(chunks, 'page', [
    chunk('assets/site.js', 'src/site/client.ts', ['assets/l1.js', 'assets/l2.js', 'assets/client.js']),
    chunk('assets/client.js', 'src/worker/client.ts', [], 'new Worker(`host.js`)'),
    chunk('assets/l1.js', 'labs/10-one/Lab.svelte', ['assets/panel.js']),
    chunk('assets/l2.js', 'labs/20-two/Lab.svelte'),
    chunk('assets/panel.js', 'src/ui/panels/Ledger.svelte'),
  ]);
  expect([...chunks.reach(['assets/site.js'], '10-one')].sort()).toEqual(
    ['client', 'host', 'l1', 'panel', 'site', 'w1'].map((name) => `assets/${name}.js`),
  );
  expect([...chunks.reach(['assets/site.js'], undefined)].sort()).toEqual(
    ['client', 'host', 'site'].map((name) => `assets/${name}.js`),
  );
});

test('what a worker’s shared part loads later, though the pages’ half names both as mere assets', () => {
  const chunks = new Chunks();
  record(chunks, 'worker', [
    chunk('assets/host.js', 'src/worker/host.ts', ['assets/shared.js'], '', true),
    chunk('assets/shared.js', '', ['assets/lines.js']),
    chunk('assets/lines.js', 'labs/+shared/pc/lines.ts'),
  ]);
  const again = ['shared', 'lines'].map(
    (name) =>
      ({ type: 'asset', fileName: `assets/${name}.js`, source: `${name}.js` }) as Rolldown.OutputAsset,
  );
  record(chunks, 'page', [chunk('assets/site.js', 'src/site/client.ts', ['assets/host.js']), ...again]);
  expect([...chunks.reach(['assets/site.js'], undefined)].sort()).toEqual(
    ['host', 'lines', 'shared', 'site'].map((name) => `assets/${name}.js`),
  );
});
