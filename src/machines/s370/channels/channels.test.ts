import { describe, expect, test } from 'vitest';
import { ebcdicBytes } from '../../../base/ebcdic.ts';
import { CardPunch } from '../devices/card-punch.ts';
import { CardReader } from '../devices/card-reader.ts';
import { setRecords, emptyImage } from '../devices/ckd-image.ts';
import { Console3215 } from '../devices/console-3215.ts';
import { disk3330, GEOMETRY_3330 } from '../devices/disk-3330.ts';
import { Printer1403 } from '../devices/printer-1403.ts';
import { Bench, CYCLES_PER_MS } from './bench.ts';
import { CC, CD, IDA, packCcw, PCI, SKIP, SLI } from './ccw.ts';
import {
  ATTENTION,
  BUSY,
  CHANNEL_END,
  DEVICE_END,
  INCORRECT_LENGTH,
  PROGRAM_CHECK,
  PROGRAM_CONTROLLED,
  PROTECTION_CHECK,
  UNIT_CHECK,
} from './csw.ts';
import type { ChannelKind } from './host.ts';

type Row = readonly [number, number, number, number];

const DONE = CHANNEL_END | DEVICE_END;
const READER = 0x00c;
const CONSOLE = 0x009;
const CARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** A reader with ten equal cards, its device end for becoming ready taken away. */
function withReader(kinds?: readonly ChannelKind[]) {
  const bench = new Bench(kinds);
  const reader = new CardReader();
  bench.channels.attach(READER, reader);
  reader.load(Array.from({ length: 10 }, () => ebcdicBytes(CARD, 80)));
  bench.channels.accept(-1);
  const run = (rows: readonly Row[], key = 0) => {
    bench.program(0x1000, rows, key);
    const cc = bench.channels.startIo(READER, false);
    if (cc === 0) bench.interruption();
    return { cc, ...bench.csw };
  };
  return { bench, reader, run };
}

describe('flags of a CCW', () => {
  test('CD scatters one block over several areas', () => {
    const { bench, run } = withReader();
    const csw = run([
      [0x02, 0x2000, CD, 10],
      [0, 0x3001, CD, 26],
      [0, 0x4000, 0, 44],
    ]);
    expect(csw).toMatchObject({ address: 0x1018, status: CHANNEL_END, count: 0 });
    expect(bench.bytes(0x2000, 10)).toEqual(ebcdicBytes(CARD.slice(0, 10)));
    expect(bench.bytes(0x3001, 26)).toEqual(ebcdicBytes(CARD.slice(10)));
  });

  test('CD follows a TIC between the areas', () => {
    const { run } = withReader();
    expect(
      run([
        [0x02, 0x2000, CD, 10],
        [0x08, 0x1018, 0, 0],
        [0, 0, 0, 0],
        [0, 0x4000, 0, 70],
      ]),
    ).toMatchObject({ address: 0x1020, status: CHANNEL_END, count: 0 });
  });

  test('a block that ends while data are still to be chained is of incorrect length, whatever SLI says', () => {
    const { run } = withReader();
    expect(
      run([
        [0x02, 0x2000, CD | SLI, 90],
        [0, 0x3000, SLI, 10],
      ]),
    ).toMatchObject({ address: 0x1008, status: CHANNEL_END | INCORRECT_LENGTH, count: 10 });
  });

  test('CC starts the next command when the device has ended the one before', () => {
    const { bench, reader, run } = withReader();
    run([
      [0x02, 0x2000, CC, 80],
      [0x02, 0x3000, CC, 80],
      [0x02, 0x4000, 0, 80],
    ]);
    expect(reader.remaining).toBe(7);
    expect(bench.clock).toBeGreaterThan(2 * 60 * CYCLES_PER_MS);
    expect(bench.bytes(0x4000, 80)).toEqual(ebcdicBytes(CARD, 80));
  });

  test('an incorrect length ends the chain unless SLI suppresses it', () => {
    const { run } = withReader();
    const rows = (flags: number): Row[] => [
      [0x02, 0x2000, CC | flags, 100],
      [0x02, 0x3000, 0, 80],
    ];
    expect(run(rows(0))).toMatchObject({
      address: 0x1008,
      status: CHANNEL_END | INCORRECT_LENGTH,
      count: 20,
    });
    const { run: again } = withReader();
    expect(again(rows(SLI))).toMatchObject({ address: 0x1010, status: CHANNEL_END, count: 0 });
  });

  test('SKIP stores nothing but counts', () => {
    const { bench, run } = withReader();
    bench.storage.write(0x2000, new Uint8Array(80).fill(1));
    expect(
      run([
        [0x02, 0x2000, CD | SKIP, 10],
        [0, 0x2000, 0, 70],
      ]),
    ).toMatchObject({ status: CHANNEL_END, count: 0 });
    expect(bench.bytes(0x2000, 10)).toEqual(ebcdicBytes(CARD.slice(10, 20)));
  });

  test('PCI interrupts while the program goes on, and is told once', () => {
    const { bench } = withReader();
    bench.program(0x1000, [
      [0x02, 0x2000, CC, 80],
      [0x02, 0x3000, PCI, 80],
    ]);
    bench.channels.startIo(READER, false);
    expect(bench.interruption()).toBe(READER);
    expect(bench.csw).toMatchObject({ address: 0x1010, status: PROGRAM_CONTROLLED });
    expect(bench.channels.startIo(READER, false)).toBe(2);
    bench.interruption();
    expect(bench.csw).toMatchObject({ address: 0x1010, status: CHANNEL_END, count: 0 });
  });

  test('a PCI that nobody took is told with the end', () => {
    const { bench } = withReader();
    bench.program(0x1000, [[0x02, 0x2000, PCI, 80]]);
    bench.channels.startIo(READER, false);
    while (bench.channels.nextEvent() < CYCLES_PER_MS) bench.tick();
    bench.interruption();
    expect(bench.csw.status).toBe(CHANNEL_END | PROGRAM_CONTROLLED);
  });

  test('IDA takes the data address from a list, a 2 K block at a time', () => {
    const { bench, run } = withReader();
    bench.storage.view.setUint32(0x1100, 0x27fe);
    bench.storage.view.setUint32(0x1104, 0x5000);
    expect(run([[0x02, 0x1100, IDA, 80]])).toMatchObject({ status: CHANNEL_END, count: 0 });
    expect(bench.bytes(0x27fe, 3)).toEqual(Uint8Array.of(...ebcdicBytes('AB'), 0));
    expect(bench.bytes(0x5000, 78)).toEqual(ebcdicBytes(CARD.slice(2), 78));
  });

  test('a second indirect address that begins no block is a program check', () => {
    const { bench, run } = withReader();
    bench.storage.view.setUint32(0x1100, 0x27fe);
    bench.storage.view.setUint32(0x1104, 0x5004);
    expect(run([[0x02, 0x1100, IDA, 80]])).toMatchObject({ status: CHANNEL_END | PROGRAM_CHECK, count: 78 });
  });
});

describe('checks of the channel', () => {
  const first: readonly [string, Row, number][] = [
    ['a TIC as the first CCW', [0x08, 0x1008, 0, 1], 0],
    ['a command whose low bits are zero', [0xf0, 0x2000, 0, 1], 0],
    ['a count of zero', [0x02, 0x2000, 0, 0], 0],
    ['unassigned flags', [0x02, 0x2000, 0x02, 80], 0],
  ];
  test.each(first)('%s is a program check told by condition code 1', (_, row) => {
    const { run } = withReader();
    expect(run([row])).toMatchObject({ cc: 1, status: PROGRAM_CHECK });
  });

  test('a CAW with bits 4 to 7, off its boundary or beyond storage is a program check', () => {
    const { bench } = withReader();
    for (const caw of [0x0100_1000, 0x1004, 0xf0_0000]) {
      bench.storage.view.setUint32(0x48, caw);
      expect(bench.channels.startIo(READER, false)).toBe(1);
      expect(bench.csw.status).toBe(PROGRAM_CHECK);
    }
  });

  test('condition code 1 stores the status alone', () => {
    const { bench } = withReader();
    bench.storage.view.setUint32(0x40, 0x12345678);
    bench.storage.view.setUint32(0x44, 0xaaaa_bbbb);
    bench.program(0x1000, [[0x03, 0, 0, 1]]);
    expect(bench.channels.startIo(READER, false)).toBe(1);
    expect(bench.storage.view.getUint32(0x40)).toBe(0x12345678);
    expect(bench.storage.view.getUint32(0x44)).toBe(((DONE << 16) | 0xbbbb) >>> 0);
  });

  test('an address beyond storage ends the operation where it is met', () => {
    const { run } = withReader();
    expect(run([[0x02, 0x3fff0, 0, 80]])).toMatchObject({ status: CHANNEL_END | PROGRAM_CHECK, count: 64 });
  });

  test('the key of the CAW protects storage against the channel, up to the block concerned', () => {
    const { bench, run } = withReader();
    bench.storage.keys[0x2000 >> 11] = 0x30;
    bench.storage.keys[0x2800 >> 11] = 0x40;
    expect(run([[0x02, 0x27fe, 0, 80]], 3)).toMatchObject({
      key: 3,
      status: CHANNEL_END | PROTECTION_CHECK,
      count: 78,
    });
    expect(bench.storage.keys[0x2000 >> 11]).toBe(0x36);
    expect(bench.storage.keys[0x2800 >> 11]).toBe(0x40);
  });

  test('fetch protection holds for CCWs and for data that go out', () => {
    const { bench, run } = withReader();
    bench.storage.keys[0x1000 >> 11] = 0x48;
    expect(run([[0x02, 0x2000, 0, 80]], 3)).toMatchObject({ cc: 1, status: PROTECTION_CHECK });
    const punch = new CardPunch();
    bench.channels.attach(0x00d, punch);
    bench.storage.keys[0x1000 >> 11] = 0x40;
    bench.storage.keys[0x2000 >> 11] = 0x48;
    bench.program(0x1000, [[0x01, 0x2000, 0, 80]], 3);
    expect(bench.channels.startIo(0x00d, false)).toBe(0);
    bench.interruption();
    expect(bench.csw.status).toBe(CHANNEL_END | PROTECTION_CHECK);
  });

  test('a TIC to a TIC is a program check at the second', () => {
    const { run } = withReader();
    expect(
      run([
        [0x02, 0x2000, CC, 80],
        [0x08, 0x1010, 0, 0],
        [0x08, 0x1018, 0, 0],
      ]),
    ).toMatchObject({ address: 0x1018, status: DEVICE_END | PROGRAM_CHECK });
  });

  test('a TIC to nowhere is told with the address behind the TIC', () => {
    const { run } = withReader();
    expect(
      run([
        [0x02, 0x2000, CC, 80],
        [0x08, 0x1014, 0, 0],
      ]),
    ).toMatchObject({ address: 0x1010, status: DEVICE_END | PROGRAM_CHECK });
  });

  test('an endless program of no-operations takes time and can be halted', () => {
    const { bench } = withReader();
    bench.program(0x1000, [
      [0x03, 0, CC | SLI, 1],
      [0x08, 0x1000, 0, 0],
    ]);
    expect(bench.channels.startIo(READER, false)).toBe(0);
    for (let i = 0; i < 1000; i++) expect(bench.tick()).toBe(true);
    expect(bench.clock).toBeGreaterThanOrEqual(1000 * 30);
    expect(bench.channels.haltDevice(READER)).toBe(1);
    expect(bench.csw.status).toBe(0);
    expect(bench.interruption()).toBe(READER);
    expect(bench.csw.status).toBe(DONE);
  });
});

describe('condition codes', () => {
  test('3 where there is no channel or no device', () => {
    const { bench } = withReader();
    const { channels } = bench;
    expect(
      [0x00f, 0x70c].map((a) => [channels.startIo(a, false), channels.testIo(a), channels.haltIo(a)]),
    ).toEqual([
      [3, 3, 3],
      [3, 3, 3],
    ]);
    expect([channels.testChannel(0x700), channels.storeChannelId(0x700)]).toEqual([3, 3]);
  });

  test('TIO: available, busy, pending status cleared, device still moving', () => {
    const { bench } = withReader();
    const { channels } = bench;
    expect(channels.testIo(READER)).toBe(0);
    bench.program(0x1000, [[0x02, 0x2000, 0, 80]]);
    channels.startIo(READER, false);
    expect(channels.testIo(READER)).toBe(2);
    bench.tick();
    expect(channels.testChannel(READER)).toBe(1);
    expect(channels.startIo(READER, false)).toBe(2);
    expect(channels.testIo(READER)).toBe(1);
    expect(bench.csw).toMatchObject({ address: 0x1008, status: CHANNEL_END });
    expect(channels.testIo(READER)).toBe(1);
    expect(bench.csw).toMatchObject({ address: 0, status: BUSY });
    expect(channels.pending(-1)).toBe(false);
    bench.tick();
    expect(channels.testIo(READER)).toBe(1);
    expect(bench.csw.status).toBe(DEVICE_END);
    expect(channels.testIo(READER)).toBe(0);
  });

  test('SIO to a device with pending status tells and clears it, with busy', () => {
    const { bench } = withReader();
    const console = new Console3215();
    bench.channels.attach(CONSOLE, console);
    console.request();
    bench.program(0x1000, [[0x09, 0x2000, 0, 1]]);
    expect(bench.channels.startIo(CONSOLE, false)).toBe(1);
    expect(bench.csw.status).toBe(ATTENTION | BUSY);
    expect(bench.channels.startIo(CONSOLE, false)).toBe(0);
  });

  test('SIOF on a block multiplexer answers before the device, and tells a rejection with a deferred code', () => {
    const bench = new Bench();
    bench.channels.attach(0x130, disk3330());
    bench.program(0x1000, [[0x05, 0x2000, 0, 80]]);
    expect(bench.channels.startIo(0x130, true)).toBe(0);
    expect(bench.interruption()).toBe(0x130);
    expect(bench.csw).toMatchObject({ deferred: 1, status: UNIT_CHECK });
  });

  test('STIDC stores the type of the channel', () => {
    const bench = new Bench(['byte-multiplexer', 'selector', 'block-multiplexer']);
    const types = [0x000, 0x100, 0x200].map((address) => {
      expect(bench.channels.storeChannelId(address)).toBe(0);
      return bench.storage.view.getUint32(0xa8);
    });
    expect(types).toEqual([0x1000_0000, 0, 0x2000_0000]);
  });

  test('the CSW goes to real location 64, the data to absolute ones', () => {
    const { bench, run } = withReader();
    bench.prefix = 0x8000;
    bench.storage.write(0x40, new Uint8Array(8));
    expect(run([[0x02, 0x0800, 0, 80]])).toMatchObject({ cc: 0, status: CHANNEL_END });
    expect(bench.bytes(0x0800, 1)).toEqual(ebcdicBytes('A'));
    expect(bench.bytes(0x40, 8)).toEqual(new Uint8Array(8));
  });
});

describe('kinds of channels', () => {
  /** Two disks on channel 1; the first seeks to cylinder 200 and reads record zero there. */
  function twoDisks(kind: ChannelKind) {
    const bench = new Bench(['byte-multiplexer', kind]);
    bench.channels.attach(0x130, disk3330());
    bench.channels.attach(0x131, disk3330());
    bench.storage.write(0x3000, [0, 0, 0, 200, 0, 0]);
    const start = (address: number, at: number): number => {
      bench.program(at, [
        [0x07, 0x3000, CC, 6],
        [0x16, 0x4000, SLI, 16],
      ]);
      return bench.channels.startIo(address, false);
    };
    return { bench, start };
  }

  test('a block multiplexer serves another disk while the first seeks', () => {
    const { bench, start } = twoDisks('block-multiplexer');
    expect(start(0x130, 0x1000)).toBe(0);
    expect(start(0x131, 0x1100)).toBe(2);
    bench.tick();
    expect(start(0x131, 0x1100)).toBe(0);
    const ended = [bench.interruption(), bench.interruption()];
    expect(ended.sort()).toEqual([0x130, 0x131]);
    expect(bench.clock).toBeLessThan(80 * CYCLES_PER_MS);
  });

  test('a device that is ready while the channel is taken waits its turn', () => {
    const { bench, start } = twoDisks('block-multiplexer');
    start(0x130, 0x1000);
    bench.tick();
    start(0x131, 0x1100);
    let waited = false;
    for (let i = 0; i < 20 && bench.tick(); i++)
      waited ||= bench.channels.save().units.some(({ event }) => event?.waiting);
    expect(waited).toBe(true);
    expect([bench.interruption(), bench.interruption()]).toEqual([0x130, 0x131]);
  });

  test('a selector channel stays with its device to the end of the chain', () => {
    const { bench, start } = twoDisks('selector');
    start(0x130, 0x1000);
    bench.tick();
    expect(start(0x131, 0x1100)).toBe(2);
    expect(bench.channels.testChannel(0x131)).toBe(2);
    expect(bench.channels.haltDevice(0x131)).toBe(2);
    while (!bench.channels.pending(-1)) bench.tick();
    expect(start(0x131, 0x1100)).toBe(2);
    expect(bench.channels.accept(-1)).toBe(0x130);
    expect(start(0x131, 0x1100)).toBe(0);
  });

  test('a block multiplexer whose control bit is off behaves as a selector', () => {
    const { bench, start } = twoDisks('block-multiplexer');
    bench.blockMultiplexing = false;
    start(0x130, 0x1000);
    bench.tick();
    expect(start(0x131, 0x1100)).toBe(2);
  });

  test('the byte multiplexer runs reader, printer and console together', () => {
    const { bench } = withReader();
    const console = new Console3215();
    const printer = new Printer1403();
    bench.channels.attach(CONSOLE, console);
    bench.channels.attach(0x00e, printer);
    bench.storage.write(0x2000, ebcdicBytes('TOGETHER'));
    const starts: readonly (readonly [number, Row])[] = [
      [READER, [0x02, 0x3000, 0, 80]],
      [0x00e, [0x09, 0x2000, 0, 8]],
      [CONSOLE, [0x09, 0x2000, 0, 8]],
    ];
    starts.forEach(([address, row], i) => {
      bench.program(0x1000 + 0x100 * i, [row]);
      expect(bench.channels.startIo(address, false)).toBe(0);
    });
    const ended = Array.from({ length: 5 }, () => bench.interruption());
    expect(ended).toEqual([0x00e, READER, 0x00e, READER, CONSOLE]);
    expect([console.output, printer.output]).toEqual(['TOGETHER\n', 'TOGETHER\n']);
  });

  test('interruptions come by channel, then by device, and only from enabled channels', () => {
    const bench = new Bench();
    for (const address of [0x131, 0x009, 0x01f, 0x130]) {
      const console = new Console3215();
      bench.channels.attach(address, console);
      console.request();
    }
    expect(bench.channels.accept(0x2000_0000)).toBeNull();
    expect(bench.channels.accept(0x4000_0000)).toBe(0x130);
    expect([bench.interruption(), bench.interruption(), bench.interruption()]).toEqual([0x009, 0x01f, 0x131]);
  });
});

describe('halting and clearing', () => {
  test('HIO on a working byte-multiplexer subchannel stops the data where they are', () => {
    const bench = new Bench();
    const console = new Console3215();
    bench.channels.attach(CONSOLE, console);
    bench.storage.write(0x2000, ebcdicBytes(CARD));
    bench.program(0x1000, [
      [0x09, 0x2000, CC, 36],
      [0x09, 0x2000, 0, 36],
    ]);
    bench.channels.startIo(CONSOLE, false);
    bench.clock = Math.ceil((10.5 / 85) * 1000 * CYCLES_PER_MS);
    expect(bench.channels.haltIo(CONSOLE)).toBe(1);
    bench.interruption();
    expect(bench.csw).toMatchObject({ status: DONE, count: 26, address: 0x1008 });
    expect(console.output).toBe('ABCDEFGHIJ\n');
    expect(bench.channels.haltIo(CONSOLE)).toBe(1);
  });

  test('HIO ends a burst on the channel, whichever device is addressed', () => {
    const bench = new Bench();
    const image = emptyImage(GEOMETRY_3330);
    setRecords(image, 0, 0, [new Uint8Array(13_030)]);
    bench.channels.attach(0x130, disk3330(image));
    bench.channels.attach(0x131, disk3330());
    bench.program(0x1000, [[0x06, 0x4000, 0, 13_030]]);
    bench.channels.startIo(0x130, false);
    bench.clock = 8 * CYCLES_PER_MS;
    expect(bench.channels.haltIo(0x131)).toBe(2);
    expect(bench.interruption()).toBe(0x130);
    expect(bench.csw.status).toBe(DONE);
    expect(bench.csw.count).toBeGreaterThan(6000);
    expect(bench.clock).toBeGreaterThan(15 * CYCLES_PER_MS);
  });

  test('HIO finds an interruption pending, condition code 0', () => {
    const { bench } = withReader();
    bench.program(0x1000, [[0x02, 0x2000, 0, 80]]);
    bench.channels.startIo(READER, false);
    bench.tick();
    expect(bench.channels.haltIo(READER)).toBe(0);
  });

  test('CLRIO frees the subchannel and stores how far the operation was', () => {
    const bench = new Bench();
    const console = new Console3215();
    bench.channels.attach(CONSOLE, console);
    expect(bench.channels.clearIo(CONSOLE)).toBe(0);
    bench.program(0x1000, [[0x0a, 0x2000, 0, 80]]);
    bench.channels.startIo(CONSOLE, false);
    expect(bench.channels.clearIo(CONSOLE)).toBe(1);
    expect(bench.csw).toMatchObject({ address: 0x1008, status: 0, count: 80 });
    expect(bench.channels.startIo(CONSOLE, false)).toBe(0);
  });

  test('a reset forgets programs and conditions', () => {
    const { bench } = withReader();
    bench.program(0x1000, [[0x02, 0x2000, 0, 80]]);
    bench.channels.startIo(READER, false);
    bench.tick();
    bench.channels.reset();
    expect(bench.channels.pending(-1)).toBe(false);
    expect(bench.channels.nextEvent()).toBe(Infinity);
    expect(bench.channels.testIo(READER)).toBe(0);
  });
});

describe('initial program load', () => {
  /** PSW, then a CCW that reads 16 bytes to X'200'. */
  const LOADER = Uint8Array.of(
    0,
    0,
    0,
    0,
    0,
    0,
    2,
    0,
    ...packCcw(0x02, 0x200, SLI, 16),
    ...new Uint8Array(8),
  );

  function load(bench: Bench, address: number): string | null {
    bench.channels.ipl(address);
    while (!bench.channels.iplDone() && bench.tick());
    return bench.channels.iplFailure();
  }

  test('from cards: the first brings PSW and CCWs, which read the second', () => {
    const bench = new Bench();
    const reader = new CardReader();
    bench.channels.attach(READER, reader);
    const first = new Uint8Array(80);
    first.set(LOADER);
    reader.load([first, ebcdicBytes('PROGRAM OF CARDS', 80)]);
    bench.channels.reset();
    expect(load(bench, READER)).toBeNull();
    expect(bench.bytes(0, 24)).toEqual(LOADER);
    expect(bench.bytes(0x200, 16)).toEqual(ebcdicBytes('PROGRAM OF CARDS'));
    expect(bench.clock).toBeGreaterThan(60 * CYCLES_PER_MS);
    expect(bench.interruption()).toBe(READER);
    expect(bench.csw.status).toBe(DEVICE_END);
  });

  test('from disk: record 1 of the first track, after a seek', () => {
    const bench = new Bench();
    const image = emptyImage(GEOMETRY_3330);
    const ccws = LOADER.slice();
    ccws.set(packCcw(0x06, 0x200, SLI, 16), 8);
    setRecords(image, 0, 0, [ccws, ebcdicBytes('PROGRAM ON DISK!')]);
    bench.channels.attach(0x130, disk3330(image));
    bench.storage.write(0x3000, [0, 0, 1, 0, 0, 0]);
    bench.program(0x1000, [[0x07, 0x3000, 0, 6]]);
    bench.channels.startIo(0x130, false);
    bench.interruption();
    bench.interruption();
    bench.channels.reset();
    const before = bench.clock;
    expect(load(bench, 0x130)).toBeNull();
    expect(bench.bytes(0x200, 16)).toEqual(ebcdicBytes('PROGRAM ON DISK!'));
    expect(bench.clock - before).toBeGreaterThan(40 * CYCLES_PER_MS);
    expect(bench.channels.pending(-1)).toBe(false);
  });

  test('says why it failed', () => {
    const bench = new Bench();
    bench.channels.attach(READER, new CardReader());
    bench.channels.attach(0x130, disk3330());
    expect(load(bench, 0x130)).toBe('device 130 ended the load with channel end, device end, unit check');
    expect(load(bench, READER)).toBe('device 00C ended the load with unit check');
    expect(load(bench, 0x999)).toBe('device 999 is not there: no load');
  });
});

test('a state taken at any event goes on exactly as the original', () => {
  const build = () => {
    const { bench } = withReader();
    bench.channels.attach(CONSOLE, new Console3215());
    return bench;
  };
  const one = build();
  one.storage.write(0x2000, ebcdicBytes('CONSOLE'));
  one.program(0x1000, [
    [0x02, 0x3000, CC | PCI, 80],
    [0x02, 0x3100, CD, 40],
    [0, 0x3200, 0, 40],
  ]);
  one.channels.startIo(READER, false);
  one.program(0x1100, [
    [0x09, 0x2000, CC, 7],
    [0x0a, 0x2100, SLI, 80],
  ]);
  one.channels.startIo(CONSOLE, false);
  while (one.tick()) {
    const two = build();
    two.storage.restore(one.storage.save());
    two.clock = one.clock;
    const state = structuredClone(one.channels.save());
    two.channels.restore(state);
    expect(two.channels.save()).toEqual(state);
    expect(two.channels.nextEvent()).toBe(one.channels.nextEvent());
  }
  const end = [one.interruption(), one.csw.status, one.interruption(), one.csw.status];
  expect(end).toEqual([READER, CHANNEL_END | PROGRAM_CONTROLLED, READER, DEVICE_END]);
});
