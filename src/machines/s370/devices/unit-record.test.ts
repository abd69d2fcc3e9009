import { describe, expect, test } from 'vitest';
import { ebcdicBytes, fromEbcdic } from '../../../base/ebcdic.ts';
import { Bench, CYCLES_PER_MS } from '../channels/bench.ts';
import { CC, SLI } from '../channels/ccw.ts';
import {
  ATTENTION,
  BUSY,
  CHANNEL_END,
  DEVICE_END,
  INCORRECT_LENGTH,
  UNIT_CHECK,
  UNIT_EXCEPTION,
} from '../channels/csw.ts';
import { CardPunch } from './card-punch.ts';
import { CardReader } from './card-reader.ts';
import { Console3215 } from './console-3215.ts';
import { Printer1403 } from './printer-1403.ts';

const DONE = CHANNEL_END | DEVICE_END;
const card = (text: string): Uint8Array => ebcdicBytes(text, 80);

function withConsole() {
  const bench = new Bench();
  const console = new Console3215();
  bench.channels.attach(0x009, console);
  return { bench, console };
}

describe('3215 console', () => {
  test('types what a program writes, at 85 characters a second', () => {
    const { bench, console } = withConsole();
    bench.storage.write(0x2000, ebcdicBytes('HELLO'));
    bench.program(0x1000, [[0x01, 0x2000, 0, 5]]);
    expect(bench.channels.startIo(0x009, false)).toBe(0);
    expect(bench.interruption()).toBe(0x009);
    expect(bench.csw).toMatchObject({ status: DONE, count: 0, address: 0x1008 });
    expect(console.output).toBe('HELLO');
    expect(bench.clock).toBe(Math.ceil((5 / 85) * 1000 * CYCLES_PER_MS));
  });

  test('returns the carriage after command 09, which takes time', () => {
    const { bench, console } = withConsole();
    bench.storage.write(0x2000, ebcdicBytes('HELLO'));
    bench.program(0x1000, [
      [0x09, 0x2000, CC, 5],
      [0x01, 0x2000, SLI, 2],
    ]);
    bench.channels.startIo(0x009, false);
    bench.interruption();
    expect(console.output).toBe('HELLO\nHE');
    expect(bench.clock).toBeGreaterThan(Math.ceil((7 / 85) * 1000 * CYCLES_PER_MS) + 150 * CYCLES_PER_MS);
  });

  test('calls for attention with the request key; a read then waits for the line', () => {
    const { bench, console } = withConsole();
    console.request();
    expect(bench.interruption()).toBe(0x009);
    expect(bench.csw.status).toBe(ATTENTION);
    bench.program(0x1000, [[0x0a, 0x2000, SLI, 80]]);
    expect(bench.channels.startIo(0x009, false)).toBe(0);
    expect(bench.interruption()).toBeNull();
    expect(console.awaitsInput).toBe(true);
    console.type('query time');
    expect(bench.interruption()).toBe(0x009);
    expect(bench.csw).toMatchObject({ status: DONE, count: 70 });
    expect(fromEbcdic(bench.bytes(0x2000, 10))).toBe('query time');
    expect(console.output).toBe('query time\n');
  });

  test('keeps lines typed ahead and calls again for each', () => {
    const { bench, console } = withConsole();
    console.type('ONE');
    console.type('TWO');
    expect(bench.interruption()).toBe(0x009);
    bench.program(0x1000, [[0x0a, 0x2000, SLI, 80]]);
    bench.channels.startIo(0x009, false);
    bench.interruption();
    expect(bench.csw.count).toBe(77);
    expect(bench.interruption()).toBe(0x009);
    expect(bench.csw.status).toBe(ATTENTION);
    bench.channels.startIo(0x009, false);
    bench.interruption();
    expect(fromEbcdic(bench.bytes(0x2000, 3))).toBe('TWO');
    expect(bench.interruption()).toBeNull();
  });

  test('ends a read with unit exception when the operator cancels, and with zero data when halted', () => {
    const { bench, console } = withConsole();
    bench.program(0x1000, [[0x0a, 0x2000, SLI, 80]]);
    bench.channels.startIo(0x009, false);
    console.cancel();
    bench.interruption();
    expect(bench.csw).toMatchObject({ status: DONE | UNIT_EXCEPTION, count: 80 });
    bench.channels.startIo(0x009, false);
    expect(bench.channels.haltIo(0x009)).toBe(1);
    bench.interruption();
    expect(bench.csw).toMatchObject({ status: DONE, count: 80 });
    expect(console.awaitsInput).toBe(false);
  });

  test('sounds the alarm as an immediate operation: condition code 1 with the status stored', () => {
    const { bench, console } = withConsole();
    bench.program(0x1000, [[0x0b, 0, 0, 1]]);
    expect(bench.channels.startIo(0x009, false)).toBe(1);
    expect(bench.csw.status).toBe(DONE);
    expect(console.paper).toMatchObject([{ from: 'alarm' }]);
  });

  test('rejects a command it does not know, and tells why when sensed', () => {
    const { bench } = withConsole();
    bench.program(0x1000, [[0x17, 0x2000, 0, 1]]);
    expect(bench.channels.startIo(0x009, false)).toBe(1);
    expect(bench.csw.status).toBe(UNIT_CHECK);
    bench.program(0x1000, [[0x04, 0x2000, 0, 1]]);
    expect(bench.channels.startIo(0x009, false)).toBe(0);
    bench.interruption();
    expect(bench.bytes(0x2000, 1)).toEqual(Uint8Array.of(0x80));
  });
});

describe('2540 card reader', () => {
  function withReader(texts: readonly string[], endOfFile = true) {
    const bench = new Bench();
    const reader = new CardReader();
    bench.channels.attach(0x00c, reader);
    reader.load(texts.map(card), endOfFile);
    return { bench, reader };
  }

  test('calls with device end when it becomes ready', () => {
    const { bench } = withReader(['A']);
    expect(bench.interruption()).toBe(0x00c);
    expect(bench.csw.status).toBe(DEVICE_END);
  });

  test('reads a card from its buffer, then feeds the next: device end 60 ms later', () => {
    const { bench } = withReader(['FIRST', 'SECOND']);
    bench.interruption();
    bench.program(0x1000, [[0x02, 0x2000, 0, 80]]);
    bench.channels.startIo(0x00c, false);
    bench.interruption();
    expect(bench.csw).toMatchObject({ status: CHANNEL_END, count: 0 });
    expect(bench.bytes(0x2000, 80)).toEqual(card('FIRST'));
    const buffered = bench.clock;
    expect(buffered).toBe(8000);
    expect(bench.channels.startIo(0x00c, false)).toBe(1);
    expect(bench.csw.status).toBe(BUSY);
    bench.interruption();
    expect(bench.csw.status).toBe(DEVICE_END);
    expect(bench.clock - buffered).toBe(60 * CYCLES_PER_MS);
  });

  test('ends with unit exception after the last card, then asks for intervention', () => {
    const { bench } = withReader(['LAST']);
    bench.interruption();
    bench.program(0x1000, [
      [0x02, 0x2000, CC, 80],
      [0x02, 0x2000, 0, 80],
    ]);
    bench.channels.startIo(0x00c, false);
    bench.interruption();
    expect(bench.csw).toMatchObject({ status: DONE | UNIT_EXCEPTION, address: 0x1010, count: 80 });
    expect(bench.channels.startIo(0x00c, false)).toBe(1);
    expect(bench.csw.status).toBe(UNIT_CHECK);
    bench.program(0x1000, [[0x04, 0x2000, 0, 1]]);
    bench.channels.startIo(0x00c, false);
    bench.interruption();
    expect(bench.bytes(0x2000, 1)).toEqual(Uint8Array.of(0x40));
  });

  test('tells an incorrect length when the program wants less than a card, unless suppressed', () => {
    const { bench } = withReader(['ABC', 'DEF']);
    bench.interruption();
    bench.program(0x1000, [[0x02, 0x2000, 0, 3]]);
    bench.channels.startIo(0x00c, false);
    bench.interruption();
    expect(bench.csw).toMatchObject({ status: CHANNEL_END | INCORRECT_LENGTH, count: 0 });
    bench.interruption();
    bench.program(0x1000, [[0x02, 0x2000, SLI, 3]]);
    bench.channels.startIo(0x00c, false);
    bench.interruption();
    expect(bench.csw).toMatchObject({ status: CHANNEL_END, count: 0 });
  });
});

describe('2540 card punch', () => {
  test('punches 300 cards a minute, padded with blanks', () => {
    const bench = new Bench();
    const punch = new CardPunch();
    bench.channels.attach(0x00d, punch);
    bench.storage.write(0x2000, ebcdicBytes('TEXT'));
    bench.program(0x1000, [
      [0x41, 0x2000, CC, 4],
      [0x01, 0x2000, 0, 4],
    ]);
    bench.channels.startIo(0x00d, false);
    bench.interruption();
    expect(punch.cards).toEqual([card('TEXT'), card('TEXT')]);
    expect(bench.clock).toBeGreaterThan(200 * CYCLES_PER_MS);
    expect(bench.clock).toBeLessThan(202 * CYCLES_PER_MS);
  });
});

describe('1403 printer', () => {
  function print(ccws: readonly (readonly [number, number, number, number])[], sensesEnd = false) {
    const bench = new Bench();
    const printer = new Printer1403({ sensesEnd });
    bench.channels.attach(0x00e, printer);
    bench.storage.write(0x2000, ebcdicBytes('TITLE  _____ '));
    bench.program(0x1000, ccws);
    const cc = bench.channels.startIo(0x00e, false);
    return { bench, printer, cc };
  }

  test('spaces, overprints and skips to a new page', () => {
    const { bench, printer } = print([
      [0x01, 0x2000, CC, 5],
      [0x11, 0x2007, CC, 5],
      [0x89, 0x2000, CC, 5],
      [0x8b, 0, CC | SLI, 1],
      [0x09, 0x2000, 0, 5],
    ]);
    bench.interruption();
    expect(bench.csw.status).toBe(CHANNEL_END);
    expect(printer.output).toBe('TITLE\r_____\n\nTITLE\fTITLE\n');
  });

  test('prints 1100 lines a minute', () => {
    const { bench } = print([[0x09, 0x2000, 0, 13]]);
    bench.interruption();
    const buffered = bench.clock;
    bench.interruption();
    expect(bench.csw.status).toBe(DEVICE_END);
    expect(bench.clock - buffered).toBe(Math.ceil((60_000 / 1100) * CYCLES_PER_MS));
  });

  test('answers an immediate space with channel end at once and device end later', () => {
    const { bench, cc } = print([[0x0b, 0, 0, 1]]);
    expect(cc).toBe(1);
    expect(bench.csw.status).toBe(CHANNEL_END);
    bench.interruption();
    expect(bench.csw.status).toBe(DEVICE_END);
  });

  test('leaves the count and tells an incorrect length for more than 132 characters', () => {
    const { bench } = print([[0x09, 0x2000, 0, 140]]);
    bench.interruption();
    expect(bench.csw).toMatchObject({ status: CHANNEL_END | INCORRECT_LENGTH, count: 8 });
  });

  test('tells the end of the form when asked to', () => {
    const lines = Array.from({ length: 60 }, () => [0x09, 0x2000, CC, 5] as const);
    const { bench } = print([...lines, [0x09, 0x2000, 0, 5]], true);
    bench.interruption();
    expect(bench.csw).toMatchObject({ status: DEVICE_END | UNIT_EXCEPTION });
  });
});
