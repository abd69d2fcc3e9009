// The network card with the host at the other end of its cable.
import { expect, test } from 'vitest';
import { localNetwork } from './local-network.ts';
import { Ne2000 } from './ne2000.ts';

const MAC = [0x52, 0x54, 0, 0x12, 0x34, 0x56];
const GUEST = [10, 0, 2, 15];
const HOST = [10, 0, 2, 2];
const HOST_MAC = [0x52, 0x55, 10, 0, 2, 2];
const FIRST = 0x46;
const LAST = 0x80;

function setUp() {
  const now = { clock: 0 };
  const lines: boolean[] = [];
  const card = new Ne2000(Uint8Array.from(MAC), localNetwork, {
    frequency: 1e6,
    changed: () => undefined,
    line: (high) => {
      lines.push(high);
    },
    get clock() {
      return now.clock;
    },
  });
  const out = (register: number, ...values: readonly number[]): void => {
    values.forEach((value) => {
      card.write(register, value);
    });
  };
  const remote = (at: number, count: number, command: number): void => {
    for (const [register, value] of [
      [8, at & 255],
      [9, at >> 8],
      [10, count & 255],
      [11, count >> 8],
    ] as const)
      out(register, value);
    out(0, command);
  };
  const read = (at: number, count: number): number[] => {
    remote(at, count, 0x0a);
    return Array.from({ length: count }, () => card.read(0x10));
  };
  // Page 0, ring from 46 to 80, broadcasts wanted, everything interrupts; page 1: current page and address.
  out(0, 0x21);
  for (const [register, value] of [
    [14, 0x49],
    [12, 4],
    [13, 0],
    [1, FIRST],
    [2, LAST],
    [3, FIRST],
    [7, 0xff],
    [15, 0x7f],
  ] as const)
    out(register, value);
  out(0, 0x61);
  MAC.forEach((byte, k) => {
    out(1 + k, byte);
  });
  out(7, FIRST + 1);
  out(0, 0x22);
  const send = (frame: readonly number[]): void => {
    remote(0x4000, frame.length, 0x12);
    out(0x10, ...frame);
    for (const [register, value] of [
      [4, 0x40],
      [5, frame.length & 255],
      [6, frame.length >> 8],
    ] as const)
      out(register, value);
    out(7, 0xff);
    out(0, 0x26);
  };
  const pass = (): void => {
    now.clock = card.nextEvent();
    card.advance();
  };
  return { card, lines, out, read, send, pass };
}

const pair = (value: number): number[] => [value >> 8, value & 255];
const sum = (bytes: readonly number[]): number => {
  let total = 0;
  for (let k = 0; k < bytes.length; k += 2) total += ((bytes[k] ?? 0) << 8) | (bytes[k + 1] ?? 0);
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
  return total;
};
function packet(protocol: number, body: readonly number[]): number[] {
  const start = [0x45, 0, ...pair(20 + body.length), 0, 1, 0, 0, 64, protocol];
  const addresses = [...GUEST, ...HOST];
  const check = ~sum([...start, 0, 0, ...addresses]) & 0xffff;
  return [...HOST_MAC, ...MAC, 8, 0, ...start, ...pair(check), ...addresses, ...body];
}

test('shows its address in the PROM, each byte twice', () => {
  const { read } = setUp();
  expect(read(0, 12)).toEqual(MAC.flatMap((byte) => [byte, byte]));
});

test('asks who has an address and finds the answer in the ring', () => {
  const { card, lines, read, send, pass } = setUp();
  const question = [0, 1, 8, 0, 6, 4, 0, 1, ...MAC, ...GUEST, 0, 0, 0, 0, 0, 0, ...HOST];
  send([255, 255, 255, 255, 255, 255, ...MAC, 8, 6, ...question]);
  pass();
  expect([card.read(7) & 2, lines.at(-1)]).toEqual([2, true]);
  pass();
  expect(card.read(7) & 1).toBe(1);
  const [status, next, low, high, ...frame] = read(0x100 * (FIRST + 1), 4 + 42);
  expect([status, next, low! + 256 * high!]).toEqual([1, FIRST + 2, 64]);
  expect(frame.slice(0, 14)).toEqual([...MAC, ...HOST_MAC, 8, 6]);
  expect(frame.slice(20, 42)).toEqual([0, 2, ...HOST_MAC, ...HOST, ...MAC, ...GUEST]);
});

test('gets an echo from UDP port 7, and from any other that nobody listens', () => {
  const { read, send, pass } = setUp();
  const datagram = (port: number): number[] => [
    ...pair(4000),
    ...pair(port),
    ...pair(8 + 5),
    0,
    0,
    ...[1, 2, 3, 4, 5],
  ];
  send(packet(17, datagram(7)));
  pass();
  pass();
  const echo = read(0x100 * (FIRST + 1) + 4 + 34, 13);
  expect(echo.slice(0, 4)).toEqual([...pair(7), ...pair(4000)]);
  expect(echo.slice(8)).toEqual([1, 2, 3, 4, 5]);
  const pseudo = [...HOST, ...GUEST, 0, 17, 0, 13];
  expect(sum([...pseudo, ...echo, 0])).toBe(0xffff);
  send(packet(17, datagram(99)));
  pass();
  pass();
  expect(read(0x100 * (FIRST + 2) + 4 + 34, 2)).toEqual([3, 3]);
});

test('answers an echo request', () => {
  const { read, send, pass } = setUp();
  const body = [8, 0, 0, 0, 0, 7, 0, 1, 0xab, 0xcd];
  send(packet(1, [...body.slice(0, 2), ...pair(~sum(body) & 0xffff), ...body.slice(4)]));
  pass();
  pass();
  const reply = read(0x100 * (FIRST + 1) + 4 + 34, 10);
  expect([reply[0], reply[9], sum(reply)]).toEqual([0, 0xcd, 0xffff]);
});

test('says so when the ring has no room left', () => {
  const { card, out, send, pass } = setUp();
  out(0, 0x62);
  out(7, FIRST - 1 + 2); // the current page stands just before the boundary
  out(0, 0x22);
  out(3, FIRST + 2);
  const question = [0, 1, 8, 0, 6, 4, 0, 1, ...MAC, ...GUEST, 0, 0, 0, 0, 0, 0, ...HOST];
  send([255, 255, 255, 255, 255, 255, ...MAC, 8, 6, ...question]);
  pass();
  pass();
  expect(card.read(7) & 0x11).toBe(0x10);
});
