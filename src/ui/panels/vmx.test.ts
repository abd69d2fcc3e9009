// The panels about VT-x, as their words.
import { render } from 'svelte/server';
import { expect, test } from 'vitest';
import type { VmxView } from '../../protocol/frame.ts';
import DiskPath from './DiskPath.svelte';
import Exits from './Exits.svelte';
import { gridOf } from './nested-grid.ts';
import NestedWalk from './NestedWalk.svelte';
import Vmcs from './Vmcs.svelte';

const reference = (address: number, value = '0000000000001007') => ({ address, value });
const host = [reference(0x4000), reference(0x5000), reference(0x6000)];
const VMX: VmxView = {
  operation: 'guest',
  vmcs: 0x1001000,
  fields: [
    { name: 'EXIT_REASON', encoding: 0x4402, kind: 'read-only', value: '0000000a' },
    { name: 'GUEST_RIP', encoding: 0x681e, kind: 'guest', value: '00100000' },
  ],
  exits: [
    { number: 10, name: 'CPUID', count: 2, cycles: 2400 },
    { number: 30, name: 'IO', count: 3, cycles: 18_000 },
  ],
  references: { guest: 20, host: 90 },
  walk: {
    linear: 0x300000,
    levels: { guest: 2, host: 3 },
    rows: [
      { what: 'directory', guestPhysical: 0x200000, host, physical: 0x200000, value: '00201003' },
      { what: 'table', guestPhysical: 0x201c00, host, physical: 0x201c00, value: '00300003' },
      { what: 'data', guestPhysical: 0x300000, host, physical: 0x300000, value: '' },
    ],
  },
};

const textOf = ({ body }: { readonly body: string }): string =>
  body
    .replace(/<style[^]*?<\/style>|<!--[^]*?-->/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

test('the VMCS marks what the last command changed, in the fields that are shown', () => {
  const before = { ...VMX, fields: [{ ...VMX.fields[0]!, value: '0000001e' }, VMX.fields[1]!] };
  const text = textOf(render(Vmcs, { props: { locale: 'en', vmx: VMX, before } }));
  expect(text).toContain('non-root operation');
  expect(text).toContain('EXIT_REASON 4402 0000000a (changed)');
  expect(text).not.toContain('GUEST_RIP');
});

test('exits have number, meaning, count and cycles, and a sum', () => {
  const text = textOf(render(Exits, { props: { locale: 'en', vmx: VMX } }));
  expect(text).toMatch(/10 CPUID CPUID; always exits 2 2,400 1,200/);
  expect(text).toMatch(/Sum 5 20,400/);
});

test('a walk is numbered in the order of its references, and says what the levels give at most', () => {
  const grid = gridOf(VMX.walk!);
  expect(grid.columns.map(({ host: cells, own }) => [cells.map((cell) => cell?.n ?? 0), own?.n])).toEqual([
    [[1, 2, 3, 0], 4],
    [[5, 6, 7, 0], 8],
    [[9, 10, 11, 0], undefined],
  ]);
  const text = textOf(render(NestedWalk, { props: { locale: 'en', vmx: VMX } }));
  expect(text).toContain('11 references before the data');
  expect(text).toContain('(2 + 1) × (4 + 1) − 1 = 14');
});

test('a walk that ends early says so', () => {
  const rows = [{ ...VMX.walk!.rows[0]!, host: [reference(0x4000, '0000000000000000')], physical: null }];
  const vmx = { ...VMX, walk: { ...VMX.walk!, rows } };
  expect(textOf(render(NestedWalk, { props: { locale: 'en', vmx } }))).toContain('leads nowhere');
});

test('all say so where there is no VT-x', () => {
  for (const panel of [Vmcs, Exits, NestedWalk])
    expect(textOf(render(panel, { props: { locale: 'ja', vmx: null } }))).toContain('VT-xがありません');
});

test('the way of a block is what is counted from the first request on, by the block', () => {
  const names = { 'host:0': 'Host' };
  const none = render(DiskPath, { props: { locale: 'en', names, vmx: VMX } });
  expect(textOf(none)).toContain('Nobody keeps books');
  const rows = [
    { name: 'IO', kind: 'exit', layer: 'hardware', count: 20, cycles: 15_220 },
    { name: 'user-space', kind: 'step', layer: 'host', count: 15, cycles: 66_000 },
  ] as const;
  const disk = { path: 'virtio', requests: 11, bytes: 11 * 4096, last: { cycles: 0, rows: [] } };
  const vmx = { ...VMX, disk: { ...disk, all: { cycles: 4e6, rows } } };
  const text = textOf(render(DiskPath, { props: { locale: 'en', names, vmx } }));
  expect(text).toMatch(/VM exits per block +2\.0 /);
  expect(text).toContain('8,122');
  expect(text).toMatch(/to the device model in user space, and back +Host +1\.5 +6,600/);
});
