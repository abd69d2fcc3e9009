// PCI configuration space, and the windows of ports that its base address registers place.
import { expect, test } from 'vitest';
import { Pc } from '../machine.ts';

function setUp() {
  const { bus } = new Pc({ memory: 4 << 20 }).chipset;
  const select = (slot: number, fn: number, register: number): void => {
    bus.output(0xcf8, 4, (0x80000000 | (slot << 11) | (fn << 8) | register) >>> 0);
  };
  return {
    bus,
    read: (slot: number, fn: number, register: number): number => {
      select(slot, fn, register);
      return bus.input(0xcfc, 4) >>> 0;
    },
    write: (slot: number, fn: number, register: number, value: number): void => {
      select(slot, fn, register);
      bus.output(0xcfc, 4, value);
    },
  };
}

const IDE = [1, 1] as const;
const NETWORK = [3, 0] as const;

test('functions name themselves, and where there is none everything reads as ones', () => {
  const { read } = setUp();
  expect(read(0, 0, 0)).toBe(0x12378086);
  expect(read(...IDE, 8) >>> 8).toBe(0x010180);
  expect(read(...NETWORK, 0)).toBe(0x802910ec);
  expect(read(9, 0, 0)).toBe(0xffffffff);
});

test('a base address register tells its size', () => {
  const { read, write } = setUp();
  write(...IDE, 0x20, 0xffffffff);
  expect(read(...IDE, 0x20)).toBe(0xfffffff1);
});

test('a window stands where its register says, and goes where the register goes', () => {
  const { bus, write } = setUp();
  const prom = (port: number): number => bus.input(port + 0x0a, 1);
  expect(prom(0x300)).toBe(0x50);
  write(...NETWORK, 0x10, 0xd000);
  expect([prom(0x300), prom(0xd000)]).toEqual([0xff, 0x50]);
});

test('a window that another was in the way of is there when that one has gone', () => {
  const { bus, write } = setUp();
  write(...NETWORK, 0x10, 0xc000); // where the bus master still is
  write(...IDE, 0x20, 0xe000);
  expect(bus.input(0xc00a, 1)).toBe(0x50);
  bus.output(0xe002, 1, 0x60);
  expect(bus.input(0xe002, 1)).toBe(0x60);
});

test('a window is shut while the command register says so', () => {
  const { bus, write } = setUp();
  write(...NETWORK, 4, 0);
  expect(bus.input(0x30a, 1)).toBe(0xff);
});
