// One `vite build` makes the browser's half, the server's half, and from both the finished pages.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { chapters } from './src/build/chapters.ts';
import { engineDefine } from './src/build/engine-version.mjs';
import { Chunks } from './src/build/chunks.ts';
import { pages } from './src/build/pages.ts';
import { alias, at, root } from './src/build/paths.mjs';

const chunks = new Chunks();

export default defineConfig({
  // Relative addresses: the site runs from any folder of any host.
  base: './',
  appType: 'mpa',
  plugins: [
    chapters(),
    svelte({ configFile: false, compilerOptions: { runes: true } }),
    chunks.plugin(root, 'page'),
    pages(chunks),
  ],
  resolve: { alias },
  define: engineDefine(),
  worker: { format: 'es', plugins: () => [chunks.plugin(root, 'worker')] },
  build: {
    target: 'baseline-widely-available',
    // light-dark() as it is written: the theme is one property, color-scheme.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
  },
  environments: {
    client: {
      build: {
        outDir: 'dist',
        manifest: true,
        rolldownOptions: { input: { site: at('src/site/client.ts'), widget: at('src/embed/module.ts') } },
      },
    },
    ssr: {
      build: {
        outDir: 'node_modules/.cache/strata/ssr',
        rolldownOptions: { input: { server: at('src/site/server.ts') } },
      },
    },
  },
  // One instance of each plugin: the pages link the colours that the chapters' code was given.
  builder: { sharedConfigBuild: true },
});
