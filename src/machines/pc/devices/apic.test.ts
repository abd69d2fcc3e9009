// The local and the I/O APIC: priorities, ends of interrupt, the timer, edges and levels.
import { expect, test } from 'vitest';
import { IoApic } from './io-apic.ts';
import { LocalApic } from './local-apic.ts';

const TASK_PRIORITY = 0x80;
const END = 0xb0;
const SPURIOUS = 0xf0;
const COMMAND = 0x300;
const TIMER = 0x320;
const COUNT = 0x380;
const CURRENT = 0x390;
const DIVIDE = 0x3e0;
const TO_ITSELF = 0x40000;

function setUp() {
  const now = { clock: 0 };
  const local = new LocalApic({
    frequency: 100_000_000,
    changed: () => undefined,
    get clock() {
      return now.clock;
    },
  });
  const io = new IoApic(local);
  const write = (offset: number, value: number): void => {
    local.store(offset, 4, value);
  };
  const route = (pin: number, entry: number): void => {
    io.store(0, 4, 0x10 + 2 * pin);
    io.store(0x10, 4, entry);
  };
  write(SPURIOUS, 0x1ff);
  return { now, local, io, write, route };
}

test('the most urgent request comes first, and lower ones wait for its end', () => {
  const { local, write } = setUp();
  write(COMMAND, TO_ITSELF | 0x31);
  write(COMMAND, TO_ITSELF | 0x52);
  expect(local.acknowledge()).toBe(0x52);
  expect(local.pending).toBe(false);
  write(END, 0);
  expect(local.acknowledge()).toBe(0x31);
});

test('the task priority holds requests of its class back', () => {
  const { local, write } = setUp();
  write(TASK_PRIORITY, 0x50);
  write(COMMAND, TO_ITSELF | 0x5f);
  expect(local.pending).toBe(false);
  expect(local.acknowledge()).toBe(0xff);
  write(TASK_PRIORITY, 0x40);
  expect(local.acknowledge()).toBe(0x5f);
});

test('a vector below 16 is an error', () => {
  const { local, write } = setUp();
  write(COMMAND, TO_ITSELF | 0x0f);
  expect(local.load(0x280, 4)).toBe(0x20);
});

test('the timer counts down once, or again and again', () => {
  const { now, local, write } = setUp();
  write(DIVIDE, 0x3); // by 16
  write(TIMER, 0x40);
  write(COUNT, 100);
  now.clock = 160;
  expect(local.load(CURRENT, 4)).toBe(90);
  expect(local.nextEvent()).toBe(1600);
  now.clock = 1600;
  local.advance();
  expect([local.acknowledge(), local.nextEvent()]).toEqual([0x40, Infinity]);
  write(END, 0);
  write(TIMER, 0x20041);
  write(COUNT, 100);
  now.clock = 3200;
  local.advance();
  expect([local.acknowledge(), local.nextEvent()]).toEqual([0x41, 4800]);
});

test('an edge is lost on a masked input, a level is not', () => {
  const { local, io, route } = setUp();
  io.line(5, true);
  route(5, 0x35);
  expect(local.pending).toBe(false);
  route(6, 0x18036); // level, masked
  io.line(6, true);
  route(6, 0x8036);
  expect(local.acknowledge()).toBe(0x36);
});

test('a level that lasts comes again at the end of its interrupt', () => {
  const { local, io, write, route } = setUp();
  route(11, 0x803b);
  io.line(11, true);
  expect(local.acknowledge()).toBe(0x3b);
  write(END, 0);
  expect(local.acknowledge()).toBe(0x3b);
  io.line(11, false);
  write(END, 0);
  expect(local.pending).toBe(false);
});

test('the 8259 reaches the processor until the APIC masks it', () => {
  const { local, write } = setUp();
  expect(local.passesExternal).toBe(true);
  write(0x350, 0x10700);
  expect(local.passesExternal).toBe(false);
  local.setApicBase(0xfee00000);
  expect(local.passesExternal).toBe(true);
});
