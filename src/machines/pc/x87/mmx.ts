/**
 * The MMX registers: the significands of the x87 registers, by number and not by place in the stack, seen as lanes.
 * SDM vol. 1, sections 9.2 and 9.5; vol. 3A, table 12-2.
 */
import type { X87 } from './unit.ts';

const BYTES = 8;
const ALL_ONES = 0xffff;
const ALL_VALID = 0xff;

/** 64 bits in every way that an instruction divides them; the lowest lane first. */
export interface Lanes {
  readonly bytes: Uint8Array;
  readonly signedBytes: Int8Array;
  readonly words: Uint16Array;
  readonly signedWords: Int16Array;
  readonly doublewords: Int32Array;
}

const lanesOf = (buffer: ArrayBufferLike, at: number): Lanes => ({
  bytes: new Uint8Array(buffer, at, BYTES),
  signedBytes: new Int8Array(buffer, at, BYTES),
  words: new Uint16Array(buffer, at, BYTES / 2),
  signedWords: new Int16Array(buffer, at, BYTES / 2),
  doublewords: new Int32Array(buffer, at, BYTES / 4),
});

/** 64 bits that belong to no register. */
export const loose = (): Lanes => lanesOf(new ArrayBuffer(BYTES), 0);

/** One for each register; they stand where `significands` stands. */
export const mmxRegisters = (significands: BigUint64Array): readonly Lanes[] =>
  Array.from({ length: 8 }, (_, r) => lanesOf(significands.buffer, significands.byteOffset + BYTES * r));

/** What every MMX instruction but EMMS does to the unit: the stack begins at register 0, and all are taken. */
export function enterMmx(x87: X87): void {
  x87.top = 0;
  x87.occupied = ALL_VALID;
}

/** Replaces register `r`. Seen as a number it is then infinite or none. */
export function setMmx(x87: X87, r: number, low: number, high: number): void {
  const { doublewords } = x87.mmx[r]!;
  doublewords[0] = low;
  doublewords[1] = high;
  x87.exponents[r] = ALL_ONES;
}

/** EMMS: the registers are the x87 unit's again, all empty. */
export function leaveMmx(x87: X87): void {
  x87.top = 0;
  x87.occupied = 0;
}
