// The layering table holds for the tree, and bites when somebody breaks it.
import { expect, test } from 'vitest';
import { breaches, sources } from './layering.mjs';

test('no source breaks the table of rooms', () => {
  expect(breaches(sources())).toEqual([]);
});

test.each([
  ['a machine that knows a monitor', 'src/machines/s370/cpu.ts', `import '../../monitors/cp/cp.ts';`],
  ['a type-only import', 'src/base/bits.ts', `import type { Ledger } from '$src/accounting/ledger.ts';`],
  ['an import type', 'src/base/bits.ts', `let a: import('../accounting/ledger.ts').Ledger;`],
  ['a lazy import', 'src/timeline/seek.ts', `await import('../monitors/cp/cp.ts');`],
  ['a monitor that borrows from its sibling', 'src/monitors/xen/xen.ts', `import '../cp/cp.ts';`],
  ['a package inside an engine', 'src/monitors/xen/xen.ts', `import { scaleLinear } from 'd3-scale';`],
  ['a chapter that uses another', 'labs/02-b/world.ts', `import '$labs/01-a/world.ts';`],
  [
    'a view that reaches an engine',
    'labs/01-a/Lab.svelte',
    `<script lang="ts">import './world.ts';</script>`,
  ],
  ['a site that globs engines', 'src/site/entry.ts', `import.meta.glob('/labs/*/world.ts');`],
  ['a site that imports its build', 'src/site/entry.ts', `import '../build/pages.ts';`],
  [
    'a value where only types may pass',
    'src/lab/lab.ts',
    `import { ledger } from '$src/accounting/ledger.ts';`,
  ],
  ['an engine that uses a rig of tests', 'src/monitors/cp/paging.ts', `import './testing.ts';`],
  [
    'a classroom page that reaches the checking half',
    'src/classroom/Check.svelte',
    `<script lang="ts">import { checkHandIn } from './check/check.ts';</script>`,
  ],
  ['a file outside every room', 'src/misc/helper.ts', `import '../base/bits.ts';`],
])('%s is reported', (_, file, text) => {
  expect(breaches([{ file, text }])).toHaveLength(1);
});

test.each([
  ['src/lab/lab.ts', `import type { Ledger } from '$src/accounting/ledger.ts';`],
  ['src/assembler/s370/tables.ts', `import { rows } from '../../machines/s370/instructions/index.ts';`],
  [
    'labs/01-a/world.ts',
    `import '$src/monitors/cp/cp.ts'; import '$labs/+shared/cms/cms.ts'; import './guests/a.ts';`,
  ],
  [
    'labs/01-a/Lab.svelte',
    `<script lang="ts">import './view/Panel.svelte'; import '$src/ui/Code.svelte';</script>`,
  ],
  ['src/site/entry.ts', `import.meta.glob(['/labs/*/chapter.*.md', '/labs/*/Lab.svelte']);`],
  ['src/worker/host.ts', `import.meta.glob('/labs/*/world.ts');`],
])('%s may do what the table allows', (file, text) => {
  expect(breaches([{ file, text }])).toEqual([]);
});

test('rooms that import each other are reported', () => {
  const pair = [
    { file: 'src/worker/client.ts', text: `import '../ui/a.ts';` },
    { file: 'src/ui/a.ts', text: `import '../worker/client.ts';` },
  ];
  expect(breaches(pair)).toContain(
    'rooms import each other: src/worker/client -> src/ui -> src/worker/client',
  );
});
