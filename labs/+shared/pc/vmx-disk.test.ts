// One program that writes blocks, under every division of labour for its disk: the same result, by other ways.
import { beforeAll, expect, test } from 'vitest';
import { digest } from '../../../src/build/guest-sources.mjs';
import { WESTMERE } from '../../../src/machines/pc/models/westmere.ts';
import { STEPS, type DiskPathName } from '../../../src/monitors/vmx/disk-paths.ts';
import { bootAndRun, exitOf } from './testing.ts';
import { commandLine } from './workloads.ts';

/** The others are made of the same steps. */
const NAMES = [
  ...(['emulated', 'virtio', 'vhost', 'direct', 'exitless'] as const),
  ...(['hyperv-emulated', 'xen-split'] as const),
];

interface Result {
  readonly stop: unknown;
  readonly said: string | undefined;
  readonly disk: string;
  /** Of each exit and step, for each request. */
  readonly each: Readonly<Record<string, number>>;
  /** VM exits for each request. */
  readonly exits: number;
}
let results: Readonly<Record<string, Result>>;

function resultOf(diskBy: DiskPathName): Result {
  const append = `disk=dma ${commandLine('io', ['24'])}`;
  const { stop, serial, disk, counts } = bootAndRun({ append, model: WESTMERE, under: 'vmx', diskBy });
  const requests = counts['disk requests']! - 1;
  const each = Object.fromEntries(
    Object.entries(counts)
      .filter(([name]) => name.startsWith('disk: '))
      .map(([name, count]) => [name.slice('disk: '.length), count / requests]),
  );
  const exits = Object.entries(each).reduce(
    (sum, [name, count]) => sum + (Object.hasOwn(STEPS, name) ? 0 : count),
    0,
  );
  return { stop, said: /^io:.*$/m.exec(serial)?.[0], disk: digest(Buffer.from(disk!)), each, exits };
}

beforeAll(() => {
  results = Object.fromEntries(NAMES.map((name) => [name, resultOf(name)]));
}, 60_000);

test.each(NAMES)('by %s the program ends well, and the disk holds what it holds by any other way', (name) => {
  const { stop, said, disk } = results[name]!;
  expect(said).toMatch(/^io: 24 blocks written, 24 read, crc [0-9a-f]+: ok$/);
  expect([stop, disk]).toEqual([exitOf(0), results['emulated']!.disk]);
});

test('an emulated controller exits for each register, a ring once, a device of the guest’s own not at all', () => {
  const exits = (name: DiskPathName): number => results[name]!.exits;
  const more = (a: DiskPathName, b: DiskPathName, by: number): void => {
    expect(exits(a) - exits(b), `${a} and ${b}`).toBeGreaterThan(by);
  };
  more('emulated', 'virtio', 8);
  more('emulated', 'direct', 11);
  more('direct', 'exitless', 2.5);
  expect(Math.abs(exits('virtio') - exits('vhost'))).toBeLessThan(0.5);
  expect(results['exitless']!.each['EXTERNAL_INTERRUPT'] ?? 0).toBe(0);
});

test('each request goes once through the steps of its path', () => {
  expect(results['vhost']!.each).toMatchObject({ eventfd: 1, submit: 1, 'disk-interrupt': 1, inject: 1 });
  expect(results['vhost']!.each).not.toHaveProperty('process');
  expect(results['direct']!.each).not.toHaveProperty('submit');
  // There and back for the request, and for its end; each register of an emulated one adds as much.
  expect(results['xen-split']!.each['vm-switch']).toBeGreaterThanOrEqual(4);
  expect(results['hyperv-emulated']!.each['vm-switch']).toBeGreaterThan(
    4 * results['xen-split']!.each['vm-switch']!,
  );
});
