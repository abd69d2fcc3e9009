// The same program by every way to the disk: the same disk at the end, and what the text's table says of the ways.
import { beforeAll, expect, test } from 'vitest';
import chapterEn from './chapter.en.md?raw';
import chapterJa from './chapter.ja.md?raw';
import { digest } from '../../src/build/guest-sources.mjs';
import { techniquesFor, type View } from '../../src/protocol/frame.ts';
import { perBlock, type PerBlock } from '../../src/ui/panels/disk-path.ts';
import { PcWorld } from '../../src/worlds/pc/world.ts';
import factory from './world.ts';

const WAYS = techniquesFor(factory.offer, 'disk').filter((technique) => technique !== 'bare');
const VIEW: View = {
  ...{ parts: ['vmx'], subject: '', storageAt: 0, storageLength: 0, walk: null, strataWindow: null },
  ...{ strataCycles: 0, strataGrain: 0, events: 0 },
};

interface Result extends PerBlock {
  readonly verdict: string;
  readonly disk: string;
}
let results: Readonly<Record<string, Result>>;

function resultOf(technique: string): Result {
  const setup = { workload: 'disk', technique, source: null, constants: {}, seed: 1 };
  const { world } = factory.create(setup);
  if (!(world instanceof PcWorld)) throw new Error('not a PC');
  for (let k = 0; world.run(1e7).kind === 'budget'; k++) if (k > 100) throw new Error(`${technique} hangs`);
  const disk = digest(Buffer.from(world.machine.chipset.disks[0]!.contents()));
  return { verdict: factory.verdict(world, setup), disk, ...perBlock(world.parts(VIEW).vmx!.disk!)! };
}

beforeAll(() => {
  results = Object.fromEntries(WAYS.map((technique) => [technique, resultOf(technique)]));
}, 120_000);

const countOf = (way: string, step: string): number =>
  results[way]!.rows.find(({ name }) => name === step)?.count ?? 0;

test.each(WAYS)('by %s the program ends well, and the disk holds what it holds by any other way', (way) => {
  expect(results[way]).toMatchObject({ verdict: '', disk: results['ata-pio']!.disk });
});

test('an emulated controller exits for each register, a ring once, a device of the guest’s own not at all', () => {
  const exits = (way: string): number => results[way]!.exits;
  expect(exits('ata-dma') - exits('virtio')).toBeGreaterThan(10);
  expect(exits('ata-dma') - exits('direct')).toBeGreaterThan(12);
  expect(exits('direct') - exits('exitless')).toBeGreaterThan(2.5);
  expect(Math.abs(exits('virtio') - exits('vhost'))).toBeLessThan(0.5);
  expect(countOf('exitless', 'EXTERNAL_INTERRUPT') + countOf('exitless', 'IO')).toBe(0);
});

test('each request goes once through the steps of its way', () => {
  for (const step of ['eventfd', 'submit', 'disk-interrupt', 'inject'])
    expect(countOf('vhost', step), step).toBeCloseTo(1);
  expect([countOf('vhost', 'process'), countOf('direct', 'submit')]).toEqual([0, 0]);
  // There and back for the request, its end, and the question why it interrupted.
  expect(countOf('hyperv-vmbus', 'vm-switch')).toBeCloseTo(6);
  expect(countOf('hyperv-emulated', 'vm-switch')).toBeGreaterThan(25);
});

test.each([
  ['English', chapterEn],
  ['Japanese', chapterJa],
])('the table of the %s text has these figures', (_, text) => {
  const rows = [...text.matchAll(/^\|[^|]+\| (\d+\.\d) \| ([\d,]+) \|$/gm)];
  const told = rows.map(([, exits, cycles]) => [exits, cycles]);
  const measured = WAYS.map((way) => [
    results[way]!.exits.toFixed(1),
    (100 * Math.round(results[way]!.cycles / 100)).toLocaleString('en'),
  ]);
  expect(told).toEqual(measured);
});
