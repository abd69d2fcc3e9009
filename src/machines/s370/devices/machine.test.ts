import { expect, test } from 'vitest';
import { ebcdicBytes } from '../../../base/ebcdic.ts';
import { packCcw, SLI } from '../channels/ccw.ts';
import { S370 } from '../machine.ts';
import { CardReader } from './card-reader.ts';
import { emptyImage, setRecords } from './ckd-image.ts';
import { Console3215 } from './console-3215.ts';
import { disk3330, GEOMETRY_3330 } from './disk-3330.ts';

/** A program at X'200' that writes its last 5 bytes on the console, waits for the interruption and stops. */
const PROGRAM = Uint8Array.of(
  ...[0x41, 0x10, 0x02, 0x20], // LA   1,X'220'
  ...[0x50, 0x10, 0x00, 0x48], // ST   1,X'48'          CAW
  ...[0xd2, 0x07, 0x00, 0x78, 0x02, 0x30], // MVC X'78'(8),X'230'  new I/O PSW
  ...[0x9c, 0x00, 0x00, 0x09], // SIO  X'009'
  ...[0x82, 0x00, 0x02, 0x28], // LPSW X'228'           wait
  ...new Array<number>(10).fill(0),
  ...packCcw(0x09, 0x238, SLI, 5), // 220
  ...[0xfe, 0x02, 0, 0, 0, 0, 0, 0], // 228: wait for I/O
  ...[0x00, 0x02, 0, 0, 0, 0, 0x0b, 0xad], // 230: disabled wait
  ...ebcdicBytes('READY'), // 238
);

function machine(): { s370: S370; console: Console3215 } {
  const s370 = new S370();
  const console = new Console3215();
  s370.channels.attach(0x009, console);
  return { s370, console };
}

function runs(s370: S370, console: Console3215, address: number): void {
  expect(s370.ipl(address)).toBeNull();
  expect(s370.run(10_000_000)).toEqual({ kind: 'wait' });
  expect(s370.psw.instructionAddress).toBe(0xbad);
  expect(console.output).toBe('READY\n');
}

test('a program loaded from cards writes on the console and is interrupted when that is done', () => {
  const { s370, console } = machine();
  const reader = new CardReader();
  s370.channels.attach(0x00c, reader);
  const first = new Uint8Array(80);
  first.set([0, 0, 0, 0, 0, 0, 2, 0, ...packCcw(0x02, 0x200, SLI, 80)]);
  const second = new Uint8Array(80);
  second.set(PROGRAM);
  reader.load([first, second]);
  runs(s370, console, 0x00c);
});

test('a program loaded from disk does the same', () => {
  const { s370, console } = machine();
  const image = emptyImage(GEOMETRY_3330);
  setRecords(image, 0, 0, [
    Uint8Array.of(0, 0, 0, 0, 0, 0, 2, 0, ...packCcw(0x06, 0x200, SLI, 80), ...new Uint8Array(8)),
    PROGRAM,
  ]);
  s370.channels.attach(0x130, disk3330(image));
  runs(s370, console, 0x130);
});
