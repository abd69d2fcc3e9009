/**
 * How floating-point instructions reach their operands and place their results. GA22-7000, "Floating-Point
 * Instructions", "Exceptions". Short numbers leave the low-order half of a register alone.
 */
import type { Cpu } from '../cpu.ts';
import { EXPONENT_OVERFLOW, EXPONENT_UNDERFLOW, SIGNIFICANCE, SPECIFICATION } from '../assigned-storage.ts';
import { firstWord, type HexFloat } from './hexfloat.ts';
import type { Wide } from './hexfloat-wide.ts';
import type { Execute } from './row.ts';

/** Program-mask bits. */
const UNDERFLOW_MASK = 2;
const SIGNIFICANCE_MASK = 1;

export const r1 = (word: number): number => (word >>> 20) & 15;
export const r2 = (word: number): number => (word >>> 16) & 15;

/** Registers 0, 2, 4, 6 exist. Extended numbers occupy 0 and 2, or 4 and 6, and are named by the first. */
const NOT_A_REGISTER = 0b1001;
const NOT_A_PAIR = 0b1011;
export function checkRegister(cpu: Cpu, r: number): void {
  if ((r & NOT_A_REGISTER) !== 0) cpu.program(SPECIFICATION);
}
export function checkPair(cpu: Cpu, r: number): void {
  if ((r & NOT_A_PAIR) !== 0) cpu.program(SPECIFICATION);
}

/** What an instruction does with register `r` and the words of its second operand. */
export type Operation = (cpu: Cpu, r: number, high: number, low: number) => void;

/** RR and RX forms of an operation: short (`low` is 0) and long. */
export const shortRegisters =
  (operation: Operation): Execute =>
  (cpu, w) => {
    checkRegister(cpu, r1(w));
    checkRegister(cpu, r2(w));
    operation(cpu, r1(w), cpu.fpr[r2(w)]!, 0);
  };
export const longRegisters =
  (operation: Operation): Execute =>
  (cpu, w) => {
    checkRegister(cpu, r1(w));
    checkRegister(cpu, r2(w));
    operation(cpu, r1(w), cpu.fpr[r2(w)]!, cpu.fpr[r2(w) + 1]!);
  };
export const shortStorage =
  (operation: Operation): Execute =>
  (cpu, w) => {
    checkRegister(cpu, r1(w));
    operation(cpu, r1(w), cpu.fetch4(cpu.indexed(w)) >>> 0, 0);
  };
export const longStorage =
  (operation: Operation): Execute =>
  (cpu, w) => {
    checkRegister(cpu, r1(w));
    const at = cpu.indexed(w);
    const high = cpu.fetch4(at) >>> 0;
    operation(cpu, r1(w), high, cpu.fetch4((at + 4) & 0xffffff) >>> 0);
  };

/** Places a number; its characteristic is taken modulo 128. */
export function setShort(cpu: Cpu, r: number, number: HexFloat): void {
  cpu.fpr[r] = firstWord(number);
}
export function setLong(cpu: Cpu, r: number, number: HexFloat): void {
  cpu.fpr[r] = firstWord(number);
  cpu.fpr[r + 1] = number.low;
}
/** Places both parts of an extended number: same sign, the low-order characteristic 14 below the other, modulo 128. */
export function setExtended(cpu: Cpu, r: number, { negative, characteristic, fraction }: Wide): void {
  const part = (below: number, digits: bigint): HexFloat => ({
    negative,
    characteristic: characteristic - below,
    high: Number((digits >> 32n) & 0xff_ffffn),
    low: Number(digits & 0xffff_ffffn),
  });
  setLong(cpu, r, part(0, fraction >> 56n));
  setLong(cpu, r + 2, part(14, fraction));
}

/** How a format places a number, and how many words it has. */
export interface Format<Result> {
  readonly set: (cpu: Cpu, r: number, number: Result) => void;
  readonly words: 1 | 2 | 4;
}
export const SHORT: Format<HexFloat> = { set: setShort, words: 1 };
export const LONG: Format<HexFloat> = { set: setLong, words: 2 };
export const EXTENDED: Format<Wide> = { set: setExtended, words: 4 };

export function setTrueZero<Result>(cpu: Cpu, r: number, format: Format<Result>): void {
  cpu.fpr.fill(0, r, r + format.words);
}

/** Whether exponent underflow makes the result a true zero, its interruption being masked off. */
const vanishes = (cpu: Cpu, characteristic: number): boolean =>
  characteristic < 0 && (cpu.programMask & UNDERFLOW_MASK) === 0;

/** The interruption for a characteristic out of range. The result is in place: the operation is completed. */
function checkCharacteristic(cpu: Cpu, characteristic: number): void {
  if (characteristic > 127) cpu.program(EXPONENT_OVERFLOW);
  if (characteristic < 0) cpu.program(EXPONENT_UNDERFLOW);
}

interface Characterized {
  readonly negative: boolean;
  readonly characteristic: number;
}

/** Places a product, quotient, half or rounded number; the condition code stays. */
export function deliver<Result extends Characterized>(
  cpu: Cpu,
  r: number,
  format: Format<Result>,
  number: Result,
): void {
  if (vanishes(cpu, number.characteristic)) {
    setTrueZero(cpu, r, format);
    return;
  }
  format.set(cpu, r, number);
  checkCharacteristic(cpu, number.characteristic);
}

/** Places a sum whose fraction is not zero, and sets the condition code: 0 true zero · 1 negative · 2 positive. */
export function deliverSum<Result extends Characterized>(
  cpu: Cpu,
  r: number,
  format: Format<Result>,
  sum: Result,
): void {
  cpu.cc = vanishes(cpu, sum.characteristic) ? 0 : sum.negative ? 1 : 2;
  deliver(cpu, r, format, sum);
}

/**
 * A sum with zero fraction: condition code 0, and a true zero; or, if the mask allows a significance interruption,
 * the characteristic stays and the interruption follows.
 */
export function deliverZeroSum<Result>(cpu: Cpu, r: number, format: Format<Result>, sum: Result): void {
  cpu.cc = 0;
  if ((cpu.programMask & SIGNIFICANCE_MASK) === 0) {
    setTrueZero(cpu, r, format);
    return;
  }
  format.set(cpu, r, sum);
  cpu.program(SIGNIFICANCE);
}
