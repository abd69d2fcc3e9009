// The interrupt controllers: priorities, ends of interrupt, edges and levels, and the modes that few programs use.
import { expect, test } from 'vitest';
import { InterruptControllers } from './pic-8259.ts';

const EOI = 0x20;

/** Vectors 20 and 28, nothing masked; `icw4` of the first controller. */
function setUp(icw4 = 1): InterruptControllers {
  const pic = new InterruptControllers();
  const words: readonly (readonly [number, number])[] = [
    [0x20, 0x11],
    [0x21, 0x20],
    [0x21, 4],
    [0x21, icw4],
    [0xa0, 0x11],
    [0xa1, 0x28],
    [0xa1, 2],
    [0xa1, 1],
  ];
  for (const [port, value] of words) pic.write(port, value);
  return pic;
}
function pulse(pic: InterruptControllers, irq: number): void {
  pic.line(irq, true);
}

test('lower lines come first, and others wait for the end', () => {
  const pic = setUp();
  pulse(pic, 4);
  pulse(pic, 1);
  expect(pic.acknowledge()).toBe(0x21);
  expect(pic.pending).toBe(false);
  pic.write(0x20, EOI);
  expect(pic.acknowledge()).toBe(0x24);
});

test('lines 8 to 15 come through line 2 and need two ends', () => {
  const pic = setUp();
  pulse(pic, 14);
  expect(pic.acknowledge()).toBe(0x2e);
  pulse(pic, 15);
  pic.write(0xa0, EOI);
  expect(pic.pending).toBe(false);
  pic.write(0x20, EOI);
  expect(pic.acknowledge()).toBe(0x2f);
});

test('a line that falls before it is acknowledged gives the spurious vector', () => {
  const pic = setUp();
  pulse(pic, 3);
  pic.line(3, false);
  expect(pic.pending).toBe(false);
  expect(pic.acknowledge()).toBe(0x27);
  pic.write(0x20, 0x0b);
  expect(pic.read(0x20)).toBe(0);
});

test('a level asks as long as it lasts, an edge once', () => {
  const pic = setUp();
  pic.write(0x4d1, 0x08);
  for (const irq of [11, 10]) pulse(pic, irq);
  expect(pic.acknowledge()).toBe(0x2a);
  for (const port of [0xa0, 0x20]) pic.write(port, EOI);
  expect(pic.acknowledge()).toBe(0x2b);
  for (const port of [0xa0, 0x20]) pic.write(port, EOI);
  expect(pic.acknowledge()).toBe(0x2b);
  pic.line(11, false);
  for (const port of [0xa0, 0x20]) pic.write(port, EOI);
  expect(pic.pending).toBe(false);
  expect(pic.read(0x4d1)).toBe(0x08);
});

test('special fully nested: a more urgent line of the slave interrupts one of its own', () => {
  for (const [icw4, nests] of [
    [0x01, false],
    [0x11, true],
  ] as const) {
    const pic = setUp(icw4);
    pulse(pic, 12);
    pic.acknowledge();
    pulse(pic, 8);
    expect(pic.pending).toBe(nests);
  }
});

test('polling names the line and takes it into service', () => {
  const pic = setUp();
  pulse(pic, 5);
  pic.write(0x20, 0x0c);
  expect(pic.read(0x20)).toBe(0x85);
  pic.write(0x20, 0x0b);
  expect(pic.read(0x20)).toBe(0x20);
  pic.write(0x20, 0x0c);
  expect(pic.read(0x20)).toBe(0);
});

test('rotation puts the line that was served last', () => {
  const pic = setUp();
  pulse(pic, 3);
  pic.acknowledge();
  pic.write(0x20, 0xa0);
  pulse(pic, 2 + 1); // still high: no new edge
  pic.line(3, false);
  for (const irq of [3, 6]) pulse(pic, irq);
  expect(pic.acknowledge()).toBe(0x26);
});

test('special mask mode lets lower lines in while one is in service', () => {
  const pic = setUp();
  pulse(pic, 1);
  pic.acknowledge();
  pulse(pic, 6);
  expect(pic.pending).toBe(false);
  pic.write(0x20, 0x68);
  expect(pic.pending).toBe(true);
});
