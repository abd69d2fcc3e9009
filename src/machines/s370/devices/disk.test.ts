import { describe, expect, test } from 'vitest';
import { ebcdicBytes } from '../../../base/ebcdic.ts';
import { Bench, CYCLES_PER_MS } from '../channels/bench.ts';
import { CC, CD, SLI } from '../channels/ccw.ts';
import { CHANNEL_END, DEVICE_END, INCORRECT_LENGTH, UNIT_CHECK, UNIT_EXCEPTION } from '../channels/csw.ts';
import {
  blockAddress,
  emptyImage,
  formattedImage,
  packImage,
  readBlock,
  setRecords,
  trackOf,
  unpackImage,
  writeBlock,
} from './ckd-image.ts';
import { circumference, places, recordsPerTrack } from './ckd-track.ts';
import { disk3330, GEOMETRY_3330 } from './disk-3330.ts';
import { drum2305, GEOMETRY_2305 } from './drum-2305.ts';

type Row = readonly [number, number, number, number];

const DONE = CHANNEL_END | DEVICE_END;
const DISK = 0x130;
const ROTATION = 16.7 * CYCLES_PER_MS;
/** Where the tests keep their arguments. */
const SEEK_AT = 0x3000;
const ID_AT = 0x3010;
const BUFFER = 0x4000;

function mounted(image = formattedImage(GEOMETRY_3330, 800)) {
  const bench = new Bench();
  const disk = disk3330(image);
  bench.channels.attach(DISK, disk);
  const at = (cylinder: number, head: number, record = 0): void => {
    bench.storage.write(SEEK_AT, [0, 0, cylinder >> 8, cylinder & 255, head >> 8, head & 255]);
    bench.storage.write(ID_AT, [cylinder >> 8, cylinder & 255, head >> 8, head & 255, record]);
  };
  const run = (rows: readonly Row[]): void => {
    bench.program(0x1000, rows);
    expect(bench.channels.startIo(DISK, false)).toBe(0);
    expect(bench.interruption()).toBe(DISK);
  };
  const sense = (): Uint8Array => {
    run([[0x04, 0x3100, 0, 24]]);
    return bench.bytes(0x3100, 24);
  };
  return { bench, disk, image, at, run, sense };
}

/** Seek, search for the record, then `last`: the classic channel program. */
const locate = (...last: Row[]): Row[] => [
  [0x07, SEEK_AT, CC, 6],
  [0x31, ID_AT, CC, 5],
  [0x08, 0x1008, 0, 0],
  ...last,
];

describe('track format', () => {
  test('holds as many records as the published capacity tables say', () => {
    expect([13_030, 4096, 800, 80].map((length) => recordsPerTrack(GEOMETRY_3330, 0, length))).toEqual([
      1, 3, 14, 61,
    ]);
    expect(recordsPerTrack(GEOMETRY_2305, 0, 4096)).toBe(3);
    expect(recordsPerTrack(GEOMETRY_2305, 0, 14_660)).toBe(1);
  });

  test('places areas in order within one revolution', () => {
    const spots = places(GEOMETRY_3330, trackOf(formattedImage(GEOMETRY_3330, 800), 5, 3)).flatMap((p) => [
      p.count,
      p.data,
      p.end,
    ]);
    expect(spots).toEqual([...spots].sort((a, b) => a - b));
    expect(spots.at(-1)).toBeLessThanOrEqual(circumference(GEOMETRY_3330));
  });

  test('keeps an image as bytes, and says what is wrong with others', () => {
    const image = formattedImage(GEOMETRY_3330, 800);
    writeBlock(image, 1000, ebcdicBytes('BLOCK 1000'));
    const again = unpackImage(GEOMETRY_3330, packImage(image));
    expect(again).toEqual(image);
    expect(blockAddress(image, 1000)).toEqual({ cylinder: 3, head: 14, record: 7 });
    expect(unpackImage(GEOMETRY_2305, packImage(image))).toBe('an image of a 3330, not of a 2305');
    expect(unpackImage(GEOMETRY_3330, Uint8Array.of(1, 2, 3))).toBe('not a count-key-data image');
    expect(unpackImage(GEOMETRY_3330, packImage(image).subarray(0, 700))).toMatch(/middle of a record/);
  });
});

describe('3330 disk', () => {
  test('writes a record found by its identifier and reads it back', () => {
    const { bench, image, at, run } = mounted();
    at(200, 7, 5);
    bench.storage.write(BUFFER, ebcdicBytes('WRITTEN', 800));
    run(locate([0x05, BUFFER, 0, 800]));
    expect(bench.csw).toMatchObject({ status: DONE, count: 0 });
    expect(trackOf(image, 200, 7)[5]!.data).toEqual(ebcdicBytes('WRITTEN', 800));
    run(locate([0x06, 0x6000, 0, 800]));
    expect(bench.bytes(0x6000, 800)).toEqual(ebcdicBytes('WRITTEN', 800));
  });

  test('needs 10 ms to the next cylinder, 55 ms across the pack, 30 ms on average', () => {
    const { seek, cylinders } = GEOMETRY_3330;
    expect(seek(1)).toBe(10);
    expect(seek(cylinders - 1)).toBe(55);
    let sum = 0;
    let pairs = 0;
    for (let d = 1; d < cylinders; d++) {
      sum += seek(d) * (cylinders - d);
      pairs += cylinders - d;
    }
    expect(sum / pairs).toBeGreaterThan(29.5);
    expect(sum / pairs).toBeLessThan(30.5);
  });

  test('ends a seek in channel end, and in device end when the arm is there', () => {
    const { bench, at } = mounted();
    at(410, 0);
    bench.program(0x1000, [[0x07, SEEK_AT, 0, 6]]);
    bench.channels.startIo(DISK, false);
    bench.interruption();
    expect(bench.csw.status).toBe(CHANNEL_END);
    const channelEnd = bench.clock;
    bench.interruption();
    expect(bench.csw.status).toBe(DEVICE_END);
    expect(bench.clock - channelEnd).toBe(55 * CYCLES_PER_MS);
  });

  test('reads all records of a track in one revolution when they are chained', () => {
    const { bench, at, run } = mounted();
    at(0, 0, 1);
    const first = locate([0x06, BUFFER, CC, 800]);
    const rest = Array.from({ length: 13 }, (_, i): Row => [0x06, BUFFER, i < 12 ? CC : 0, 800]);
    run([...first, ...rest]);
    expect(bench.csw.status).toBe(DONE);
    expect(bench.clock).toBeLessThan(1.1 * ROTATION);
  });

  test('loses a revolution when the same record is wanted again', () => {
    const { bench, at, run } = mounted();
    at(0, 0, 3);
    run(locate([0x06, BUFFER, 0, 800]));
    const first = bench.clock;
    run(locate([0x06, BUFFER, 0, 800]));
    expect((bench.clock - first) / ROTATION).toBeCloseTo(1, 3);
  });

  test('ends a search on two index points with no record found', () => {
    const { bench, at, run, sense } = mounted();
    at(0, 0, 99);
    run(locate([0x06, BUFFER, 0, 800]));
    expect(bench.csw.status).toBe(DONE | UNIT_CHECK | INCORRECT_LENGTH);
    expect(bench.clock).toBeLessThan(2.01 * ROTATION);
    expect(bench.clock).toBeGreaterThan(1.9 * ROTATION);
    expect([...sense().subarray(0, 2)]).toEqual([0x00, 0x08]);
  });

  test('searches on over the tracks of a cylinder with multitrack, and ends at the end of the cylinder', () => {
    const { bench, disk, at, run, sense } = mounted();
    at(0, 17);
    bench.storage.write(ID_AT, [0, 0, 0, 18, 2]);
    const program: Row[] = [
      [0x07, SEEK_AT, CC, 6],
      [0xb1, ID_AT, CC, 5],
      [0x08, 0x1008, 0, 0],
      [0x06, BUFFER, 0, 800],
    ];
    run(program);
    expect(bench.csw.status).toBe(DONE);
    expect(disk.position.head).toBe(18);
    bench.storage.write(ID_AT, [0, 1, 0, 18, 2]);
    run(program);
    expect(bench.csw.status).toBe(DONE | UNIT_CHECK | INCORRECT_LENGTH);
    expect(sense()[1]).toBe(0x20);
  });

  test('finds a record by its key, high or equal', () => {
    const { bench, image, at, run } = mounted(emptyImage(GEOMETRY_3330));
    const record = (n: number, key: string) => ({
      cylinder: 1,
      head: 0,
      record: n,
      key: ebcdicBytes(key),
      data: ebcdicBytes(`DATA OF ${key}`, 40),
    });
    image.tracks.set(19, [trackOf(image, 1, 0)[0]!, record(1, 'ADAM'), record(2, 'EVE '), record(3, 'NOAH')]);
    at(1, 0);
    bench.storage.write(ID_AT, ebcdicBytes('EVE '));
    const search = (command: number): Row[] => [
      [0x07, SEEK_AT, CC, 6],
      [command, ID_AT, CC, 4],
      [0x08, 0x1008, 0, 0],
      [0x06, BUFFER, 0, 40],
    ];
    run(search(0x29));
    expect(bench.bytes(BUFFER, 40)).toEqual(ebcdicBytes('DATA OF EVE ', 40));
    run(search(0x49));
    expect(bench.bytes(BUFFER, 40)).toEqual(ebcdicBytes('DATA OF NOAH', 40));
  });

  test('formats a track by count, key and data, with the count area data-chained', () => {
    const { bench, image, at, run } = mounted(emptyImage(GEOMETRY_3330));
    at(2, 1, 0);
    bench.storage.write(0x3200, [0, 2, 0, 1, 1, 3, 0, 10]);
    bench.storage.write(0x3210, [0, 2, 0, 1, 2, 0, 0, 4]);
    bench.storage.write(BUFFER, ebcdicBytes('KEYDATA-01TEN'));
    run(locate([0x1d, 0x3200, CD | CC, 8], [0, BUFFER, CC, 13], [0x1d, 0x3210, CD, 8], [0, BUFFER, 0, 4]));
    expect(bench.csw).toMatchObject({ status: DONE, count: 0 });
    expect(trackOf(image, 2, 1).slice(1)).toEqual([
      { cylinder: 2, head: 1, record: 1, key: ebcdicBytes('KEY'), data: ebcdicBytes('DATA-01TEN') },
      { cylinder: 2, head: 1, record: 2, key: new Uint8Array(0), data: ebcdicBytes('KEYD') },
    ]);
    run(locate([0x1e, 0x6000, 0, 21]));
    expect(bench.bytes(0x6000, 21)).toEqual(
      Uint8Array.of(0, 2, 0, 1, 1, 3, 0, 10, ...ebcdicBytes('KEYDATA-01TEN')),
    );
  });

  test('rejects a record that overflows its track', () => {
    const { bench, at, run, sense } = mounted(emptyImage(GEOMETRY_3330));
    at(0, 0, 0);
    bench.storage.write(0x3200, [0, 0, 0, 0, 1, 0, 0x40, 0]);
    run(locate([0x1d, 0x3200, SLI, 8]));
    expect(bench.csw.status).toBe(DONE | UNIT_CHECK);
    expect(sense()[1]).toBe(0x40);
  });

  test('rejects a write that no search precedes', () => {
    const { bench, at, run, sense } = mounted();
    at(0, 0);
    run([
      [0x07, SEEK_AT, CC, 6],
      [0x05, BUFFER, 0, 800],
    ]);
    expect(bench.csw).toMatchObject({ status: UNIT_CHECK, address: 0x1010 });
    expect(sense()[0]).toBe(0x80);
  });

  test('protects the file by its mask against writes, seeks and the next head', () => {
    const { bench, at, run, sense } = mounted();
    at(0, 0, 1);
    bench.storage.write(0x3300, [0x58]);
    const mask: Row = [0x1f, 0x3300, CC, 1];
    run([mask, [0x07, SEEK_AT, 0, 6]]);
    expect(bench.csw.status).toBe(UNIT_CHECK);
    expect(sense()[1]).toBe(0x04);
    run([mask, [0x31, ID_AT, CC, 5], [0x08, 0x1008, 0, 0], [0x05, BUFFER, 0, 800]]);
    expect(bench.csw.status).toBe(UNIT_CHECK);
    expect([...sense().subarray(0, 2)]).toEqual([0x80, 0x00]);
    bench.storage.write(ID_AT, [0, 0, 0, 1, 1]);
    run([mask, [0xb1, ID_AT, CC, 5], [0x08, 0x1008, 0, 0], [0x06, BUFFER, 0, 800]]);
    expect(sense()[1]).toBe(0x04);
  });

  test('refuses a cylinder that the pack does not have', () => {
    const { bench, at, run, sense } = mounted();
    at(411, 0);
    run([[0x07, SEEK_AT, 0, 6]]);
    expect(bench.csw.status).toBe(DONE | UNIT_CHECK);
    expect(sense()[0]).toBe(0x80);
  });

  test('disconnects until a sector comes, and tells the sector of a record', () => {
    const { bench, disk, at, run } = mounted();
    at(0, 0, 8);
    run(locate([0x22, 0x3400, 0, 1]));
    const sector = bench.bytes(0x3400, 1)[0]!;
    bench.program(0x1000, [
      [0x23, 0x3400, CC, 1],
      [0x31, ID_AT, CC, 5],
      [0x08, 0x1008, 0, 0],
      [0x06, BUFFER, 0, 800],
    ]);
    bench.channels.startIo(DISK, false);
    bench.tick();
    expect(bench.channels.testChannel(DISK)).toBe(0);
    bench.tick();
    expect(disk.position.angle).toBeCloseTo(sector / 128, 3);
    expect(bench.channels.testChannel(DISK)).toBe(2);
    bench.interruption();
    expect(bench.csw.status).toBe(DONE);
  });

  test('reads home address, record zero and counts', () => {
    const { bench, at, run } = mounted();
    at(3, 2);
    run([
      [0x07, SEEK_AT, CC, 6],
      [0x1a, BUFFER, CC, 5],
      [0x16, BUFFER + 8, CC, 16],
      [0x12, BUFFER + 24, 0, 8],
    ]);
    expect(bench.csw.status).toBe(DONE);
    expect([...bench.bytes(BUFFER, 5)]).toEqual([0, 0, 3, 0, 2]);
    expect([...bench.bytes(BUFFER + 8, 8)]).toEqual([0, 3, 0, 2, 0, 0, 0, 8]);
    expect([...bench.bytes(BUFFER + 24, 8)]).toEqual([0, 3, 0, 2, 1, 0, 800 >> 8, 800 & 255]);
  });

  test('rewrites a track from its home address, with a new record zero', () => {
    const { bench, image, at, run } = mounted();
    at(1, 0);
    bench.storage.write(0x3300, [0xc0]);
    bench.storage.write(0x3200, [0, 1, 0, 0, 0, 0, 0, 8, 9, 9, 9, 9, 9, 9, 9, 9]);
    run([
      [0x07, SEEK_AT, CC, 6],
      [0x1f, 0x3300, CC, 1],
      [0x39, ID_AT, CC, 4],
      [0x08, 0x1010, 0, 0],
      [0x15, 0x3200, 0, 16],
    ]);
    expect(bench.csw.status).toBe(DONE);
    expect(trackOf(image, 1, 0).map(({ data }) => [...data])).toEqual([Array(8).fill(9)]);
  });

  test('tells an end-of-file record by unit exception', () => {
    const { bench, image, at, run } = mounted(emptyImage(GEOMETRY_3330));
    setRecords(image, 0, 0, [new Uint8Array(0)]);
    at(0, 0, 1);
    run(locate([0x06, BUFFER, SLI, 80]));
    expect(bench.csw).toMatchObject({ status: DONE | UNIT_EXCEPTION, count: 80 });
  });

  test('pads a short write with zeros and tells the incorrect length', () => {
    const { bench, image, at, run } = mounted();
    at(0, 0, 1);
    bench.storage.write(BUFFER, ebcdicBytes('X', 800));
    run(locate([0x05, BUFFER, 0, 10]));
    expect(bench.csw.status).toBe(DONE | INCORRECT_LENGTH);
    expect([...readBlock(image, 0).subarray(8, 12)]).toEqual([0x40, 0x40, 0, 0]);
  });

  test('goes on the same way after a restore in the middle of a seek and of a transfer', () => {
    for (const events of [1, 2, 3, 6, 9, 12]) {
      const one = mounted();
      one.at(100, 4, 9);
      one.bench.storage.write(BUFFER, ebcdicBytes('STATE', 800));
      one.bench.program(0x1000, locate([0x05, BUFFER, CC, 800], [0x06, 0x6000, 0, 800]));
      one.bench.channels.startIo(DISK, false);
      for (let i = 0; i < events; i++) one.bench.tick();
      const two = mounted();
      two.bench.storage.restore(one.bench.storage.save());
      two.bench.clock = one.bench.clock;
      two.bench.channels.restore(structuredClone(one.bench.channels.save()));
      const rest = [one, two].map(({ bench }) => ({
        address: bench.interruption(),
        csw: bench.csw,
        at: bench.clock,
      }));
      expect(rest[1]).toEqual(rest[0]);
      expect(two.bench.channels.save()).toEqual(one.bench.channels.save());
    }
  });
});

describe('2305 drum', () => {
  test('reads a page in at most a revolution and its transfer, without any seek', () => {
    const image = formattedImage(GEOMETRY_2305, 4096);
    writeBlock(image, 700, ebcdicBytes('PAGE', 4096));
    const bench = new Bench();
    bench.channels.attach(0x1d0, drum2305(image));
    const { cylinder, head, record } = blockAddress(image, 700);
    bench.storage.write(SEEK_AT, [0, 0, 0, cylinder, 0, head]);
    bench.storage.write(ID_AT, [0, cylinder, 0, head, record]);
    bench.program(0x1000, locate([0x06, BUFFER, 0, 4096]));
    bench.channels.startIo(0x1d0, false);
    bench.interruption();
    expect(bench.csw).toMatchObject({ status: DONE, count: 0 });
    expect(bench.bytes(BUFFER, 4096)).toEqual(ebcdicBytes('PAGE', 4096));
    expect(bench.clock).toBeLessThan(13 * CYCLES_PER_MS);
  });
});
