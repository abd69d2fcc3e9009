// Domain 0 drives the disk; another domain's file system comes from it by way of the two halves of a driver.
import { beforeAll, describe, expect, test } from 'vitest';
import { readyPc, type ReadyPc } from '../../../src/worlds/pc/build.ts';
import { partitioned } from '../../../src/worlds/pc/partitions.ts';
import { runUntil, serialOf } from './testing.ts';
import { varveDisk, varveXenKernel } from './varve.ts';

const kernel = varveXenKernel();
const MEMORY = 6 << 20;
let ended: ReadyPc;
let text: string;

beforeAll(() => {
  const disk = partitioned([
    varveDisk(),
    varveDisk([{ path: '/home/name', content: new Uint8Array([119, 101, 98, 10]) }]),
  ]);
  if (typeof disk === 'string') throw new Error(disk);
  const common = { kernel, ramdisk: null, memory: MEMORY };
  const built = readyPc({
    memory: 16 << 20,
    under: 'xen',
    disks: [disk],
    program: {
      kind: 'domains',
      domains: [
        { ...common, name: 'Domain-0', append: 'init=/bin/sh', privileged: true },
        { ...common, name: 'web', append: 'init=/bin/cat /home/name', disk: 'hda2' },
        { ...common, name: 'lost', append: 'init=/bin/sh', disk: 'hda4', memory: 2 << 20 },
      ],
    },
  });
  if (typeof built === 'string') throw new Error(built);
  runUntil(built.machine, 'powering off', 0, built.monitor);
  ended = built;
  text = serialOf(built.machine);
});

describe('a domain whose disk is a partition of domain 0', () => {
  test('has its own file system from there', () => {
    expect(text).toContain('(d0) disk: ATA disk by DMA, 8192 KB');
    expect(text).toContain('(d1) disk: disk of another domain, 4096 KB');
    expect(text).toContain('(d1) web\n');
  });

  test('asks no device itself: every block is lent, mapped for the disk, and given back', () => {
    const { calls } = ended.monitor!.hypervisor!();
    const count = (name: string): number => calls.find((call) => call.name === name)?.count ?? 0;
    expect(count('grant_table_op')).toBeGreaterThan(20);
    expect(count('physdev_op')).toBeGreaterThan(10);
    expect(ended.monitor!.report()['refused by grant']).toBeUndefined();
  });

  test('waits where there is no such partition, and domain 0 says so', () => {
    expect(text).toContain('blkback: there is no hda4 for domain 2');
  });
});
