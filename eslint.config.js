// Lint rules: strict and type-aware everywhere; in engine rooms also no clocks, no chance, no page.
import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

const engineRooms = [
  'base',
  'accounting',
  'machines',
  'assembler',
  'classifier',
  'monitors',
  'os',
  'cluster',
  'timeline',
  'worlds',
  'session',
  'protocol',
];
const notInEngines = [
  'Date',
  'performance',
  'setTimeout',
  'setInterval',
  'queueMicrotask',
  'requestAnimationFrame',
  'fetch',
  'window',
  'document',
  'navigator',
  'process',
];

export default defineConfig(
  globalIgnores([
    'dist',
    'node_modules',
    '.svelte-check',
    'src/build/engine-globals.d.ts',
    // What students begin with, and what they end with: it runs in the sandbox.
    'labs/*/exercises/*/*.js',
  ]),
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...svelte.configs['flat/recommended'],
  {
    languageOptions: {
      globals: { ...globals.browser, ...globals.node },
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      eqeqeq: ['error', 'always'],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true } }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Typed arrays and tables indexed by decoded fields: the index is in range by construction.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
    },
  },
  { files: ['**/*.svelte', '**/*.svelte.ts'], languageOptions: { parserOptions: { parser: ts.parser } } },
  { files: ['**/*.js', '**/*.mjs', '**/*.cjs'], ...ts.configs.disableTypeChecked },
  {
    files: engineRooms.map((room) => `src/${room}/**/*.ts`),
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...notInEngines.map((name) => ({
          name,
          message: 'Engines know no page and no wall clock: read the clock of the machine, in cycles.',
        })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Use a seeded generator of src/base.' },
      ],
    },
  },
  {
    // Tools want their configuration as a default export; so do the entry files of a chapter.
    files: ['*.config.{js,ts}', '**/*.config.ts', 'labs/**/{world,grade,solution}.ts', '**/*.svelte'],
    rules: { 'no-restricted-exports': 'off' },
  },
);
