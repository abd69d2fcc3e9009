// Unit tests run in Node: beside their source, in the labs, and those that span folders in tests/.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

export default defineConfig({
  root: at('.'),
  resolve: { alias: { $src: at('src'), $labs: at('labs') } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: [
            'src/**/*.test.ts',
            'labs/**/*.test.ts',
            'tests/*.test.ts',
            'tests/conformance/**/*.test.ts',
          ],
        },
      },
    ],
  },
});
