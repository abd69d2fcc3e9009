// Domain 0 drives the disk and has the tools; another domain's file system comes from it by a driver of two halves.
import { beforeAll, describe, expect, test } from 'vitest';
import type { HypervisorView } from '../../../src/protocol/frame.ts';
import { readyPc } from '../../../src/worlds/pc/build.ts';
import { partitioned } from '../../../src/worlds/pc/partitions.ts';
import { runUntil, serialOf } from './testing.ts';
import { diskFor, domainsOn } from './xen-domains.ts';

const TENANTS = [
  { name: 'web', append: 'init=/bin/cat /about', later: true },
  { name: 'lost', append: 'init=/bin/sh', later: true },
] as const;

/** What was answered to each line that was typed in domain 0, and the books after it. */
const answers: string[] = [];
const books: HypervisorView[] = [];

beforeAll(() => {
  const built = readyPc({
    memory: 32 << 20,
    under: 'xen',
    // The second tenant's partition is missing.
    disks: [diskFor(1)],
    program: { kind: 'domains', domains: domainsOn('init=/bin/sh', TENANTS) },
  });
  if (typeof built === 'string') throw new Error(built);
  const { machine, monitor } = built;
  runUntil(machine, '$ ', 0, monitor);
  for (const [line, until] of [
    ['xm create web', 'powering off'],
    ['xm list', '$ '],
    ['xm destroy web', '$ '],
    ['xm create lost', 'there is no hda3'],
    ['xm create nobody', '$ '],
    ['xm pause lost', '$ '],
    ['xm list', 'lost'],
  ] as const) {
    const from = serialOf(machine).length;
    machine.chipset.com1.type(`${line}\n`);
    runUntil(machine, until, from + line.length, monitor);
    machine.run(2e6);
    answers.push(serialOf(machine).slice(from));
    books.push(monitor!.hypervisor!());
  }
});

const count = (view: HypervisorView, name: string): number =>
  view.calls.find((call) => call.name === name)?.count ?? 0;
const framesOf = (view: HypervisorView, domain: number): number =>
  view.frameOwners.reduce((sum, owner) => sum + (owner === domain ? 1 : 0), 0);

describe('a domain whose disk is a partition of domain 0', () => {
  test('has its own file system from there', () => {
    expect(answers[0]).toContain('domain 1 is web');
    expect(answers[0]).toContain('(d1) disk: disk of another domain, 4096 KB');
    expect(answers[0]).toMatch(/^\(d1\) .*Varve/m);
  });

  test('asks no device itself: every block is lent, mapped for the disk, and given back', () => {
    expect(count(books[0]!, 'grant_table_op')).toBeGreaterThan(20);
    expect(count(books[0]!, 'physdev_op')).toBeGreaterThan(10);
    expect(books[0]!.refusals).toEqual([]);
  });

  test('is listed with its end, and leaves no frame behind when it is destroyed', () => {
    expect(answers[1]).toMatch(/^\(d0\) Domain-0 +0 +6144 {2}r----- +0\.\d{3}$/m);
    expect(answers[1]).toMatch(/^\(d0\) web +1 +6144 {2}---s-- +0\.\d{3}$/m);
    expect(framesOf(books[1]!, 1)).toBeGreaterThan(1536);
    expect(framesOf(books[2]!, 1)).toBe(0);
  });

  test('waits where there is no such partition, and domain 0 says so', () => {
    expect(answers[3]).toContain('blkback: there is no hda3 for domain 2');
    expect(answers[4]).toContain('! there is no domain nobody to be built');
    expect(answers[6]).toMatch(/^\(d0\) lost +2 +6144 {2}--p--- /m);
  });
});

test('images share a disk as long as the first leaves room for a table of partitions', () => {
  expect(partitioned([])).toContain('needs an image');
  expect(partitioned(Array.from({ length: 5 }, () => new Uint8Array(512)))).toContain('4 partitions');
  expect(partitioned([new Uint8Array(512).fill(1)])).toContain('first sector');
  const disk = partitioned([new Uint8Array(512), new Uint8Array(5000).fill(7)]) as Uint8Array;
  expect([disk.length, disk[4096], disk[510], disk[462 + 8], disk[462 + 12]]).toEqual([
    4096 * 3,
    7,
    0x55,
    8,
    16,
  ]);
});
