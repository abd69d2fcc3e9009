import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ebcdicBytes } from '../../../base/ebcdic.ts';
import { CardPunch } from '../devices/card-punch.ts';
import { CardReader } from '../devices/card-reader.ts';
import { formattedImage } from '../devices/ckd-image.ts';
import { Console3215 } from '../devices/console-3215.ts';
import { disk3330, GEOMETRY_3330 } from '../devices/disk-3330.ts';
import { drum2305 } from '../devices/drum-2305.ts';
import { Printer1403 } from '../devices/printer-1403.ts';
import { DEVICE_SUPPORT } from '../devices/support.ts';
import { Bench } from './bench.ts';
import { STANDARD_CHANNELS } from './channels.ts';

const ADDRESSES = [0x009, 0x00c, 0x00d, 0x00e, 0x130, 0x131, 0x2d0] as const;
const CODES = DEVICE_SUPPORT.flatMap(({ commands }) => commands.map(({ code }) => code));

function everything(): Bench {
  const bench = new Bench(STANDARD_CHANNELS);
  const reader = new CardReader();
  const devices = [
    new Console3215(),
    reader,
    new CardPunch(),
    new Printer1403(),
    disk3330(formattedImage(GEOMETRY_3330, 800)),
    disk3330(),
    drum2305(),
  ];
  devices.forEach((device, i) => bench.channels.attach(ADDRESSES[i]!, device));
  reader.load(Array.from({ length: 20 }, () => ebcdicBytes('CARD', 80)));
  return bench;
}

const ccw = fc.tuple(
  fc.oneof(fc.constantFrom(...CODES, 0x08, 0x08, 0x08), fc.nat(255)),
  fc.oneof(
    fc.nat(15).map((n) => 0x1000 + 8 * n),
    fc.nat(0x3ffff),
    fc.nat(0xffffff),
  ),
  fc.oneof(fc.constantFrom(0x40, 0x60, 0x20, 0x80, 0), fc.nat(255)),
  fc.oneof(fc.nat(6), fc.nat(5000)),
);
const work = fc.tuple(
  fc.constantFrom(...ADDRESSES),
  fc.array(ccw, { minLength: 1, maxLength: 16 }),
  fc.nat(9),
);

test('whatever a channel program says, the clock goes on, states come back, and nothing throws', () => {
  fc.assert(
    fc.property(fc.array(work, { minLength: 1, maxLength: 6 }), (works) => {
      const bench = everything();
      for (const [address, rows, instruction] of works) {
        bench.program(0x1000, rows);
        const cc = bench.channels.startIo(address, instruction === 1);
        expect(cc).toBeLessThan(4);
        let events = 0;
        for (let last = bench.clock; events < 200 && bench.tick(); events++) {
          expect(bench.clock).toBeGreaterThanOrEqual(last);
          last = bench.clock;
        }
        if (instruction === 2) bench.channels.haltIo(address);
        if (instruction === 3) bench.channels.clearIo(address);
        if (instruction === 4) bench.channels.testIo(address);
        if (instruction === 5) bench.channels.haltDevice(address);
        const state = bench.channels.save();
        bench.channels.restore(structuredClone(state));
        expect(bench.channels.save()).toEqual(state);
        bench.channels.accept(-1);
      }
    }),
    { seed: 370, numRuns: 60 },
  );
});

test('an endless program passes at least a microsecond of the machine per CCW', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ADDRESSES), fc.integer({ min: 1, max: 6 }), (address, length) => {
      const bench = everything();
      bench.channels.accept(-1);
      const rows = Array.from({ length }, () => [0x03, 0, 0x60, 1] as const);
      bench.program(0x1000, [...rows, [0x08, 0x1000, 0, 0]]);
      expect(bench.channels.startIo(address, false)).toBe(0);
      for (let i = 0; i < 500; i++) bench.tick();
      expect(bench.clock).toBeGreaterThanOrEqual(500 * 10);
    }),
    { seed: 370, numRuns: 40 },
  );
});
