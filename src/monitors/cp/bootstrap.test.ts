// Disk bootstraps that read in their own CCWs load in a virtual machine what they load on the bare one.
import { expect, test } from 'vitest';
import { packCcw, SLI } from '../../machines/s370/channels/ccw.ts';
import { emptyImage, packImage, setRecords } from '../../machines/s370/devices/ckd-image.ts';
import { GEOMETRY_3330 } from '../../machines/s370/devices/disk-3330.ts';
import { standardDasd, type MonitorChoice } from '../../worlds/s370/configuration.ts';
import { S370World } from '../../worlds/s370/world.ts';

const CC = 0x40;
const CD = 0x80;
const SKIP = 0x10;
const READ = 0x06;
const SEEK = 0x07;
const TIC = 0x08;
const SEARCH_ID = 0x31;
const PSW = [0, 2, 0, 0, 0, 0, 0, 0];

/** Bytes of the pieces, one after the other. */
const bytes = (...pieces: readonly ArrayLike<number>[]): Uint8Array =>
  Uint8Array.from(pieces.flatMap((piece) => Array.from(piece)));
const filled = (value: number, length = 64): Uint8Array => new Uint8Array(length).fill(value);

/** Seek to cylinder 3 head 1, find its record 2, read it to X'800': at `at`, the arguments behind it. */
const fromCylinder3 = (at: number): Uint8Array =>
  bytes(
    packCcw(SEEK, at + 40, CC, 6),
    packCcw(SEARCH_ID, at + 42, CC, 5),
    packCcw(TIC, at + 8, 0, 0),
    packCcw(READ, 0x800, SLI, 64),
    new Uint8Array(8),
    [0, 0, 0, 3, 0, 1, 2, 0],
  );

const LOADS: Readonly<Record<string, readonly Uint8Array[]>> = {
  'a second record with the rest of the channel program': [
    bytes(PSW, packCcw(READ, 0x300, CC | SLI, 48), packCcw(TIC, 0x300, 0, 0)),
    fromCylinder3(0x300),
  ],
  'CCWs read over those that are being executed': [
    bytes(PSW, packCcw(READ, 0x8, CC | SLI, 48), packCcw(0xff, 0, 0, 1)),
    // The channel goes on at X'10'.
    bytes(packCcw(0xff, 0, 0, 1), packCcw(READ, 0x400, CC | SLI, 48), packCcw(TIC, 0x400, 0, 0)),
    fromCylinder3(0x400),
  ],
  'three records, each with CCWs for the next, the last one data-chained': [
    bytes(PSW, packCcw(READ, 0x300, CC, 16), packCcw(TIC, 0x300, 0, 0)),
    bytes(packCcw(READ, 0x310, CC | SLI, 24), packCcw(TIC, 0x310, 0, 0)),
    bytes(packCcw(READ, 0x700, CD, 8), packCcw(0, 0x328, CC | SLI, 48), packCcw(TIC, 0x328, 0, 0)),
    bytes(filled(0x77, 8), fromCylinder3(0x328)),
  ],
  'seek arguments that are gone when the load comes by again': [
    bytes(PSW, packCcw(READ, 0x300, CC | SLI, 48), packCcw(TIC, 0x300, 0, 0)),
    bytes(
      packCcw(SEEK, 0x328, CC, 6),
      packCcw(SEARCH_ID, 0x32a, CC, 5),
      packCcw(TIC, 0x308, 0, 0),
      packCcw(READ, 0x320, CC | SLI, 48),
      packCcw(0xff, 0, 0, 1),
      [0, 0, 0, 3, 0, 1, 1, 0],
    ),
  ],
  'a record that is skipped on the way': [
    bytes(PSW, packCcw(READ, 0x300, CC | SLI, 48), packCcw(TIC, 0x300, 0, 0)),
    bytes(packCcw(READ, 0x8, CC | SKIP, 64), packCcw(READ, 0x800, SLI, 64)),
    filled(0x55),
    filled(0x66),
  ],
};

function loaded(records: readonly Uint8Array[], under: readonly MonitorChoice[]) {
  const image = emptyImage(GEOMETRY_3330);
  setRecords(image, 0, 0, records);
  // Record 1 is the end of the load whose seek arguments it overwrites.
  setRecords(image, 3, 1, [bytes(packCcw(READ, 0x800, SLI, 64), filled(0xee, 8)), filled(0x99)]);
  const { world } = S370World.create({
    storage: 0x10000,
    program: { kind: 'ipl', device: 0x190 },
    dasd: standardDasd(packImage(image)),
    under,
  });
  const stop = world!.run(5e7);
  const guest = world!.system.subjects[0]!;
  return { stop: stop.kind, ended: guest.psw.instructionAddress, storage: [...world!.peek('', 0, 0x1000)] };
}

/** All but the interval timer, and the CSW and old PSWs that only a real load leaves. */
const comparable = ({ storage, ...rest }: ReturnType<typeof loaded>) => ({
  ...rest,
  low: storage.slice(0x4, 0x18),
  rest: storage.slice(0x58),
});

test.each(Object.entries(LOADS))('%s', (_, records) => {
  const bare = loaded(records, []);
  expect(bare.ended).toBe(0);
  expect(new Set(bare.storage.slice(0x800, 0x840)).size).toBe(1);
  expect(bare.storage[0x800]).not.toBe(0);
  const cp: MonitorChoice = { name: 'cp' };
  expect(comparable(loaded(records, [cp]))).toEqual(comparable(bare));
  expect(comparable(loaded(records, [{ name: 'cp', frames: 12 }]))).toEqual(comparable(bare));
  expect(comparable(loaded(records, [cp, cp]))).toEqual(comparable(bare));
});

test('a load that reads over itself for ever is ended', () => {
  const forEver = [bytes(PSW, packCcw(READ, 0x8, CC | SLI, 8), packCcw(TIC, 0x8, 0, 0))];
  const records = [...forEver, bytes(packCcw(READ, 0x8, CC | SLI, 8))];
  expect(loaded(records, [{ name: 'cp' }]).stop).toBe('check');
});
