// The site in the pseudo-language, beside the real one.
import { mergeConfig } from 'vite';
import { cache } from '../../src/build/paths.mjs';
import site from '../../vite.config.ts';
import { pseudoLanguage } from './pseudo.ts';

export default mergeConfig(site, {
  plugins: [pseudoLanguage()],
  environments: {
    client: { build: { outDir: `${cache}/pseudo/site`, emptyOutDir: true } },
    ssr: { build: { outDir: `${cache}/pseudo/ssr`, emptyOutDir: true } },
  },
});
