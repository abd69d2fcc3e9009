// Disks as drivers find them: by PIO, by bus-master DMA, by the older addresses, and when they are not there.
import { expect, test } from 'vitest';
import { AtaChannel } from './ata-channel.ts';
import { BusMaster } from './bus-master.ts';
import { Medium, SECTOR } from './medium.ts';
import type { Dma } from './wiring.ts';

const BASE = 0x1f0;
const STATUS = BASE + 7;

/** A channel with one disk of 64 sectors, sector n full of bytes n, and a clock that goes to the next event. */
function setUp() {
  const image = Uint8Array.from({ length: 64 * SECTOR }, (_, k) => Math.floor(k / SECTOR));
  const memory = new Uint8Array(0x10000);
  const now = { clock: 0, frequency: 1e6, changed: () => undefined };
  const lines: boolean[] = [];
  const disk = new Medium(image);
  const channel = new AtaChannel('ATA', BASE, [disk, null], {
    ...now,
    get clock() {
      return now.clock;
    },
    line: (high) => {
      lines.push(high);
    },
  });
  const dma: Dma = {
    read: (at, length) => memory.slice(at, at + length),
    write: (at, bytes) => {
      memory.set(bytes, at);
    },
  };
  const clocked = {
    ...now,
    get clock() {
      return now.clock;
    },
  };
  const master = new BusMaster(channel, clocked, dma);
  const pass = (): void => {
    const next = Math.min(channel.nextEvent(), master.nextEvent());
    if (next !== Infinity) now.clock = next;
    channel.advance();
    master.advance();
  };
  const command = (registers: readonly number[], code: number): void => {
    registers.forEach((value, k) => {
      channel.write(BASE + 1 + k, value);
    });
    channel.write(STATUS, code);
  };
  const words = (count: number): number[] =>
    Array.from({ length: count }, () => channel.readWide(BASE, 2) ?? -1);
  return { channel, master, memory, disk, lines, pass, command, words };
}

test('a disk says how large it is', () => {
  const { pass, command, words, channel } = setUp();
  command([0, 0, 0, 0, 0, 0xa0], 0xec);
  expect(channel.read(STATUS) & 0x80).toBe(0x80);
  pass();
  expect(channel.read(STATUS)).toBe(0x58);
  const identity = words(256);
  expect([identity[60], identity[61], identity[49]! & 0x200]).toEqual([64, 0, 0x200]);
  expect(channel.read(STATUS)).toBe(0x50);
});

test('sectors are read one by one, each with its interrupt', () => {
  const { pass, command, words, lines, channel } = setUp();
  command([0, 2, 5, 0, 0, 0xe0], 0x20);
  for (const sector of [5, 6]) {
    pass();
    expect(lines.at(-1)).toBe(true);
    expect(channel.read(STATUS)).toBe(0x58);
    expect(lines.at(-1)).toBe(false);
    expect(new Set(words(256))).toEqual(new Set([sector * 0x101]));
  }
  expect(channel.read(STATUS)).toBe(0x50);
});

test('cylinder, head and sector name the same sectors', () => {
  const { pass, command, words } = setUp();
  command([0, 1, 4, 0, 0, 0xa0], 0x20);
  pass();
  expect(words(1)).toEqual([0x0303]);
});

test('what is written is read again, and states keep what was there before', () => {
  const { pass, command, channel, disk } = setUp();
  const before = channel.save();
  command([0, 1, 7, 0, 0, 0xe0], 0x30);
  expect(channel.read(STATUS)).toBe(0x58);
  for (let k = 0; k < 256; k++) channel.writeWide(BASE, 2, 0xbeef);
  pass();
  expect(channel.read(STATUS)).toBe(0x50);
  expect([...disk.read(7, 1).slice(0, 2)]).toEqual([0xef, 0xbe]);
  channel.restore(before);
  expect(disk.read(7, 1)[0]).toBe(7);
});

test('a sector beyond the end is not found, an unknown command aborted', () => {
  const { pass, command, channel } = setUp();
  command([0, 1, 64, 0, 0, 0xe0], 0x20);
  pass();
  expect([channel.read(STATUS), channel.read(BASE + 1)]).toEqual([0x51, 0x10]);
  command([0, 1, 0, 0, 0, 0xe0], 0xa1);
  expect([channel.read(STATUS), channel.read(BASE + 1)]).toEqual([0x51, 0x04]);
});

test('a bus master moves sectors along its table of regions', () => {
  const { pass, command, master, memory, channel } = setUp();
  const view = new DataView(memory.buffer);
  for (const [k, word] of [0x2000, 512, 0x3000, 0x80000200 | 0].entries())
    view.setUint32(0x100 + 4 * k, word, true);
  master.write(5, 1);
  command([0, 2, 9, 0, 0, 0xe0], 0xc8);
  master.write(0, 0x09);
  expect(master.read(2)).toBe(1);
  pass();
  expect([memory[0x2000], memory[0x21ff], memory[0x3000], memory[0x31ff]]).toEqual([9, 9, 10, 10]);
  expect([master.read(2), channel.read(STATUS)]).toEqual([0, 0x50]);
});

test('a drive that is not there reads as zeros', () => {
  const { command, channel } = setUp();
  command([0, 0, 0, 0, 0, 0xf0], 0xec);
  expect(channel.read(STATUS)).toBe(0);
});
