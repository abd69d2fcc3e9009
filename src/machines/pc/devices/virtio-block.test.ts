// The virtio block device as a driver finds it: requests in a ring, one notification, one interrupt; and drivers that err.
import { beforeEach, expect, test } from 'vitest';
import { Medium, SECTOR } from './medium.ts';
import { VirtioBlock } from './virtio-block.ts';
import type { Dma } from './wiring.ts';

const PORT = 0xc100;
const [FEATURES, PAGE, SIZE, SELECT, NOTIFY, STATUS, ISR, CAPACITY] = [0, 8, 12, 14, 16, 18, 19, 20];
/** The ring is in pages 1 and 2, buffers behind it. */
const [RING, USED, HEADER, DATA, ANSWER] = [0x1000, 0x2000, 0x4000, 0x5000, 0x6000];
const AVAILABLE = RING + 128 * 16;
const [NEXT, WRITE] = [1, 2];

const memory = new Uint8Array(0x10000);
const view = new DataView(memory.buffer);
const now = { clock: 0 };
let lines: boolean[] = [];
let device: VirtioBlock;
let medium: Medium;

beforeEach(() => {
  memory.fill(0);
  [now.clock, lines] = [0, []];
  medium = new Medium(Uint8Array.from({ length: 64 * SECTOR }, (_, k) => Math.floor(k / SECTOR)));
  const dma: Dma = {
    read: (at, length) => Uint8Array.from({ length }, (_, k) => memory[at + k] ?? 0xff),
    write: (at, bytes) => {
      bytes.forEach((byte, k) => {
        if (at + k < memory.length) memory[at + k] = byte;
      });
    },
  };
  const wiring = {
    frequency: 1e6,
    changed: () => undefined,
    line: (high: boolean) => void lines.push(high),
    get clock() {
      return now.clock;
    },
  };
  device = new VirtioBlock(medium, wiring, dma);
  device.transport.base = PORT;
  device.transport.write(PORT + STATUS, 7);
  device.transport.writeWide(PORT + SELECT, 2, 0);
  device.transport.writeWide(PORT + PAGE, 4, RING / 4096);
});

const read32 = (register: number): number =>
  [0, 1, 2, 3].reduce((sum, k) => sum | (device.transport.read(PORT + register + k) << (8 * k)), 0);

type Descriptor = readonly [at: number, length: number, flags: number, next?: number];

function describe(descriptors: readonly Descriptor[]): void {
  descriptors.forEach(([at, length, flags, next], k) => {
    view.setUint32(RING + 16 * k, at, true);
    view.setUint32(RING + 16 * k + 8, length, true);
    view.setUint16(RING + 16 * k + 12, flags, true);
    view.setUint16(RING + 16 * k + 14, next ?? k + 1, true);
  });
}

function request(type: number, sector: number): void {
  view.setUint32(HEADER, type, true);
  view.setUint32(HEADER + 8, sector, true);
  memory[ANSWER] = 0xff;
}

/** Offers the chain at descriptor 0 and lets the disk do it. */
function offer(): void {
  const index = view.getUint16(AVAILABLE + 2, true);
  view.setUint16(AVAILABLE + 4 + 2 * (index % 128), 0, true);
  view.setUint16(AVAILABLE + 2, index + 1, true);
  device.transport.writeWide(PORT + NOTIFY, 2, 0);
  while (device.nextEvent() !== Infinity) {
    now.clock = device.nextEvent();
    device.advance();
  }
}
const used = (): number => view.getUint16(USED + 2, true);

test('says what it offers, how long its queue is, and how many sectors the disk has', () => {
  expect(read32(FEATURES)).toBe(0x244);
  expect(read32(SIZE) & 0xffff).toBe(128);
  expect([read32(CAPACITY), read32(CAPACITY + 4)]).toEqual([64, 0]);
});

test('moves sectors at one notification, takes its time, and interrupts until it is asked why', () => {
  request(0, 3);
  describe([
    [HEADER, 16, NEXT],
    [DATA, 512, NEXT | WRITE],
    [DATA + 0x800, 512, NEXT | WRITE],
    [ANSWER, 1, WRITE],
  ]);
  offer();
  expect([memory[DATA], memory[DATA + 0x800], memory[ANSWER]]).toEqual([3, 4, 0]);
  expect([used(), view.getUint32(USED + 4, true), view.getUint32(USED + 8, true)]).toEqual([1, 0, 1025]);
  expect(now.clock).toBe(80);
  expect(lines).toEqual([true]);
  expect([device.transport.read(PORT + ISR), device.transport.read(PORT + ISR)]).toEqual([1, 0]);
  expect(lines.at(-1)).toBe(false);

  request(1, 9);
  memory.fill(0x5a, DATA, DATA + 512);
  describe([
    [HEADER, 16, NEXT],
    [DATA, 512, NEXT],
    [ANSWER, 1, WRITE],
  ]);
  view.setUint16(AVAILABLE, 1, true); // no interrupt, please
  lines = [];
  offer();
  expect([medium.read(9, 1)[0], memory[ANSWER], used(), lines.length]).toEqual([0x5a, 0, 2, 0]);
});

test.each([
  ['a sector behind the end', 0, 63, 1024, NEXT | WRITE, 1],
  ['half a sector', 0, 1, 256, NEXT | WRITE, 1],
  ['reading into what the device may not write', 0, 1, 512, NEXT, 1],
  ['a request that nobody knows', 77, 1, 512, NEXT | WRITE, 2],
])('answers %s with an error', (_, type, sector, length, flags, status) => {
  request(type, sector);
  describe([
    [HEADER, 16, NEXT],
    [DATA, length, flags],
    [ANSWER, 1, WRITE],
  ]);
  offer();
  expect([memory[ANSWER], used()]).toEqual([status, 1]);
});

test('takes chains that lead in a circle, nowhere, or beyond memory for no requests, and lives', () => {
  const chains: readonly (readonly Descriptor[])[] = [
    [[HEADER, 16, NEXT, 0]],
    [[HEADER, 16, NEXT, 500]],
    [[0xfffffff0, 16, 0]],
    [[HEADER, 4, NEXT], [ANSWER, 1, WRITE]], // prettier-ignore
  ];
  for (const chain of chains) {
    describe(chain);
    offer();
  }
  expect([used(), lines]).toEqual([0, []]);
});

test('forgets its queue and what is under way when it is reset, and keeps both in a state', () => {
  request(0, 3);
  describe([
    [HEADER, 16, NEXT],
    [DATA, 512, NEXT | WRITE],
    [ANSWER, 1, WRITE],
  ]);
  view.setUint16(AVAILABLE + 2, 1, true);
  device.transport.writeWide(PORT + NOTIFY, 2, 0);
  const state = device.save();
  device.transport.write(PORT + STATUS, 0);
  expect([device.nextEvent(), read32(PAGE)]).toEqual([Infinity, 0]);
  device.restore(state);
  now.clock = device.nextEvent();
  device.advance();
  expect([memory[DATA], used()]).toEqual([3, 1]);
});
