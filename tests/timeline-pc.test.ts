// The PC keeps the promises of time: the ledger sums to the clock, a run is the same however it is cut, and what is
// walked back is what was walked forward; with timer interrupts, disks and diskettes at work, and keys typed.
import { describe, expect, test } from 'vitest';
import type { View } from '../src/protocol/frame.ts';
import { Timeline } from '../src/timeline/timeline.ts';
import type { PcConfiguration } from '../src/worlds/pc/configuration.ts';
import { PcWorld } from '../src/worlds/pc/world.ts';
import { kernelCalled } from './conformance/ia32/kernels/kernels.ts';
import { fingerprint } from './fingerprint.ts';

const MEMORY = 4 << 20;
const EVERYTHING: View = {
  parts: ['registers', 'code', 'storage', 'translation', 'ledger', 'terminals', 'devices'],
  subject: '',
  storageAt: 0x100000,
  storageLength: 64,
  walk: 0x100000,
  strataWindow: null,
  strataCycles: 0,
  strataGrain: 0,
  events: 0,
};

/** A boot sector that reads sector after sector into memory for ever, and prints what is typed. */
function reader(): Uint8Array {
  const image = Uint8Array.from({ length: 1440 * 1024 }, (_, k) => (k * 7) >> 9);
  image.set(new Uint8Array(512));
  // push dx; next: pop dx; push dx; mov ax,0201h; mov bx,9000h; mov cx,2; int 13h
  // mov ah,1; int 16h; jz next; mov ah,0; int 16h; mov ah,0Eh; int 10h; jmp next
  image.set([0x52, 0x5a, 0x52, 0xb8, 1, 2, 0xbb, 0, 0x90, 0xb9, 2, 0, 0xcd, 0x13, 0xb4, 1, 0xcd, 0x16, 0x74]);
  image.set([0xed, 0xb4, 0, 0xcd, 0x16, 0xb4, 0x0e, 0xcd, 0x10, 0xeb, 0xe3], 19);
  image.set([0x55, 0xaa], 510);
  return image;
}

const kernel = (name: string): PcConfiguration => ({
  memory: MEMORY,
  program: { kind: 'kernel', file: kernelCalled(name).elf, name, append: '', modules: [], ramdisk: null },
});
const CASES: readonly (readonly [name: string, configuration: PcConfiguration, cycles: number])[] = [
  ['tasks', kernel('tasks'), 1_500_000],
  ['interrupts', kernel('interrupts'), 3_000_000],
  ['a disk read by the BIOS', { memory: MEMORY, disks: [reader()], program: { kind: 'media' } }, 60_000_000],
  ['a diskette', { memory: MEMORY, diskette: reader(), program: { kind: 'media' } }, 60_000_000],
];

function fresh(configuration: PcConfiguration): PcWorld {
  const world = PcWorld.create(configuration);
  if (typeof world === 'string') throw new Error(world);
  world.input({ kind: 'keys', terminal: 'screen', text: 'ab' });
  return world;
}

function runTo(world: { readonly clock: number; run(budget: number): unknown }, clock: number): void {
  for (let before = -1; world.clock < clock && world.clock !== before;) {
    before = world.clock;
    world.run(clock - before);
  }
}

describe.each(CASES)('%s', (_name, configuration, cycles) => {
  test('is the same in one piece and in slices with checkpoints, and its ledger sums to the clock', () => {
    const whole = fresh(configuration);
    const end = whole.clock + cycles;
    runTo(whole, end);
    const { ledger } = whole.parts(EVERYTHING);
    expect(ledger!.reduce((sum, row) => sum + row.cycles, 0)).toBe(whole.clock);

    const sliced = fresh(configuration);
    for (let i = 1; sliced.clock < whole.clock; i++) {
      const before = sliced.clock;
      sliced.run(Math.min(1 + ((i * 7919) % (cycles / 20)), whole.clock - before));
      if (i % 8 === 0) sliced.restore(sliced.save());
      if (i % 8 === 4) sliced.parts(EVERYTHING);
      if (sliced.clock === before) break;
    }
    expect(fingerprint(sliced)).toBe(fingerprint(whole));
    if (configuration.program.kind === 'media') expect(whole.traps['INT 13']).toBeGreaterThan(3);
  });

  test('can be walked back and forward again', () => {
    const world = fresh(configuration);
    const timeline = new Timeline(world, { spacing: cycles / 8, most: 4 });
    runTo(timeline, world.clock + cycles);
    const [start, end, last] = [timeline.start, timeline.clock, fingerprint(world)];
    for (const part of [0.9, 0.4]) {
      timeline.seek(start + Math.floor((end - start) * part));
      const [clock, here] = [world.clock, fingerprint(world)];
      const seen: [number, string][] = [];
      for (let i = 0; i < 2 && timeline.stepBack(); i++) seen.push([world.clock, fingerprint(world)]);
      for (const [at, then] of seen.toReversed()) {
        timeline.seek(at);
        expect(fingerprint(world)).toBe(then);
      }
      timeline.seek(clock);
      expect(fingerprint(world)).toBe(here);
    }
    timeline.seek(end);
    expect(fingerprint(world)).toBe(last);
  });
});
