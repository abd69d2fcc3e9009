// Serves the gallery; never part of the site.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { alias, root } from '../../build/paths.mjs';

export default defineConfig({
  root,
  cacheDir: `${root}node_modules/.cache/strata/gallery`,
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
  resolve: { alias },
  appType: 'mpa',
});
