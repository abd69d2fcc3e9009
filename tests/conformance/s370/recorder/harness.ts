/**
 * The program that runs the cases inside Hercules: it puts the state of a case in place, executes its one instruction
 * by loading its PSW, and writes what it finds after the interruption that ends it over the case's record.
 * Machine code by a few encoders; nothing of it comes from the sources under test.
 */
import { AREAS, KEYED_BLOCKS, LANDING } from '../layout.ts';

// #region record
/** A case's record: input, overwritten by output. */
export const RECORD = 2048;
export const RECORD_GR = 0;
export const RECORD_FPR = 64;
export const RECORD_PSW = 96;
export const RECORD_KEYS = 104;
export const RECORD_CR = 112;
export const RECORD_ENDING = 176;
export const RECORD_AREAS = 192;
// #endregion
export const RECORDS_AT = 0x10000;

// Working storage of the harness, all below 4096 so that base register 0 reaches it.
const CASE = 0x200; // address of the current record
const LAST = 0x204; // address behind the last record
const STEP = 0x208; // length of a record
export const DONE = 0x20c;
const SAVED_GR = 0x240;
const NEXT_PSW = 0x280;
const WAIT_PSW = 0x288;
const ZEROS = 0x290; // 64 bytes
const KEYS_AT = 0x2d0; // addresses of the keyed blocks
const AREAS_AT = 0x2f0; // addresses of the areas' pieces of at most 256 bytes
const CODES = 0x320; // ending codes

const LOOP = 0x400;
const FINISH = 0x580;
const HANDLERS = 0x600; // 32 bytes each
const COLLECT = 0x700;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
const address = (b: number, d: number): string => hex(b, 1) + hex(d, 3);
const rr = (op: number, r1: number, r2: number): string => hex(op, 2) + hex(r1, 1) + hex(r2, 1);
const rx = (op: number, r1: number, b: number, d: number): string =>
  hex(op, 2) + hex(r1, 1) + '0' + address(b, d);
const rs = (op: number, r1: number, r3: number, b: number, d: number): string =>
  hex(op, 2) + hex(r1, 1) + hex(r3, 1) + address(b, d);
const move = (length: number, b1: number, d1: number, b2: number, d2: number): string =>
  'd2' + hex(length - 1, 2) + address(b1, d1) + address(b2, d2);

const SSK = 0x08;
const ISK = 0x09;
const IC = 0x43;
const STC = 0x42;
const BC = 0x47;
const ST = 0x50;
const L = 0x58;
const C = 0x59;
const A = 0x5a;
const STD = 0x60;
const LD = 0x68;
const LPSW = 0x82;
const STM = 0x90;
const LM = 0x98;
const STCTL = 0xb6;
const LCTL = 0xb7;
const PTLB = 'b20d0000';

const ENDING_CODES = 5;
/** Old PSWs of program, SVC, external, machine-check and I/O interruptions; the new ones are 64 bytes further. */
const OLD_PSWS = [0x28, 0x20, 0x18, 0x30, 0x38] as const;

interface Piece {
  readonly at: number;
  readonly length: number;
  readonly record: number;
}

/** Areas cut into what one MVC moves, with their places in the record. */
function pieces(): Piece[] {
  const list: Piece[] = [];
  let record = RECORD_AREAS;
  for (const area of AREAS)
    for (let done = 0; done < area.length; done += 256) {
      const length = Math.min(256, area.length - done);
      list.push({ at: area.at + done, length, record });
      record += length;
    }
  return list;
}

export const PIECES = pieces();

const FLOATING = [0, 2, 4, 6] as const;

/** GR13 addresses the record throughout; GR1 and GR2 work. */
function prepare(): string {
  return [
    rx(L, 13, 0, CASE),
    rx(C, 13, 0, LAST),
    rx(BC, 10, 0, FINISH), // not low
    ...PIECES.flatMap((p, i) => [rx(L, 2, 0, AREAS_AT + 4 * i), move(p.length, 2, 0, 13, p.record)]),
    ...FLOATING.map((r) => rx(LD, r, 13, RECORD_FPR + 4 * r)),
    rs(LCTL, 0, 15, 13, RECORD_CR),
    PTLB,
    move(8, 0, NEXT_PSW, 13, RECORD_PSW),
    // Keys last: the moves above would set reference and change bits.
    ...KEYED_BLOCKS.flatMap((_, i) => [
      rx(IC, 1, 13, RECORD_KEYS + i),
      rx(L, 2, 0, KEYS_AT + 4 * i),
      rr(SSK, 1, 2),
    ]),
    rs(LM, 0, 15, 13, RECORD_GR),
    rx(LPSW, 0, 0, NEXT_PSW),
  ].join('');
}

const handler = (code: number, oldPsw: number): string =>
  [
    rs(STM, 0, 15, 0, SAVED_GR),
    rx(L, 13, 0, CASE),
    move(1, 13, RECORD_ENDING, 0, CODES + code),
    move(8, 13, RECORD_ENDING + 8, 0, oldPsw),
    rx(BC, 15, 0, COLLECT),
  ].join('');

function collect(): string {
  return [
    ...KEYED_BLOCKS.flatMap((_, i) => [
      rx(L, 2, 0, KEYS_AT + 4 * i),
      rr(ISK, 1, 2),
      rx(STC, 1, 13, RECORD_KEYS + i),
    ]),
    move(64, 13, RECORD_GR, 0, SAVED_GR),
    ...FLOATING.map((r) => rx(STD, r, 13, RECORD_FPR + 4 * r)),
    rs(STCTL, 0, 15, 13, RECORD_CR),
    // A control register 0 that a case has made up may guard low storage against us.
    rs(LCTL, 0, 0, 0, ZEROS),
    ...PIECES.flatMap((p, i) => [rx(L, 2, 0, AREAS_AT + 4 * i), move(p.length, 13, p.record, 2, 0)]),
    rx(A, 13, 0, STEP),
    rx(ST, 13, 0, CASE),
    rx(BC, 15, 0, LOOP),
  ].join('');
}

/** Puts the harness for `count` records into `image`; a restart begins it. */
export function install(image: Buffer, count: number): void {
  const code = (at: number, text: string): void => void image.write(text, at, 'hex');
  // EC mode, because only there ISK tells the reference and change bits.
  const psw = (at: number, ia: number): void => code(at, '00080000' + hex(ia, 8));
  psw(0, LOOP);
  OLD_PSWS.forEach((old, i) => {
    psw(old + 0x40, HANDLERS + 32 * i);
    code(HANDLERS + 32 * i, handler(i, old));
    image[CODES + i] = i;
  });
  if (OLD_PSWS.length !== ENDING_CODES) throw new Error('an ending lacks its old PSW');
  code(LOOP, prepare());
  code(FINISH, [move(4, 0, DONE, 0, STEP), rx(LPSW, 0, 0, WAIT_PSW)].join(''));
  code(COLLECT, collect());
  code(WAIT_PSW, '000a000000000fff');
  image.fill(0, ZEROS, ZEROS + 64);
  image.writeUInt32BE(RECORDS_AT, CASE);
  image.writeUInt32BE(RECORDS_AT + count * RECORD, LAST);
  image.writeUInt32BE(RECORD, STEP);
  KEYED_BLOCKS.forEach((at, i) => image.writeUInt32BE(at, KEYS_AT + 4 * i));
  PIECES.forEach((p, i) => image.writeUInt32BE(p.at, AREAS_AT + 4 * i));
  for (let i = 0; i < LANDING.length; i++) image[LANDING.at + i] = LANDING.fill(i);
}
