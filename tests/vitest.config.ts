// Unit tests run in Node: beside their source, in the labs, and those that span folders in tests/.
import { engineDefine } from '../src/build/engine-version.mjs';
import { alias, root } from '../src/build/paths.mjs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root,
  resolve: { alias },
  define: engineDefine(),
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
  test: {
    // Test files keep nothing in modules that another would trip over; to load the engines anew for each of them took
    // half a minute of five.
    isolate: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          // Generous: a busy machine is no fault of the code.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          include: [
            'src/**/*.test.ts',
            'labs/**/*.test.ts',
            'tests/*.test.ts',
            'tests/pseudo/*.test.ts',
            'tests/conformance/**/*.test.ts',
            'tests/equivalence/**/*.test.ts',
          ],
        },
      },
    ],
  },
});
