/** Hexadecimal floating point, short, long and extended: exponents at both ends, fractions with leading zeros. */
import { hex } from '../vector.ts';
import { family, rr, type Case, type Draft, type Family } from './draft.ts';
import { storageOperand } from './fixed.ts';
import type { Chance } from './random.ts';

const characteristic = (c: Chance): number =>
  c.pick([
    0,
    1,
    2,
    0x3f,
    0x40,
    0x41,
    0x41,
    0x42,
    0x46,
    0x4e,
    0x7e,
    0x7f,
    c.below(128),
    c.between(0x38, 0x50),
  ]);

const fraction = (c: Chance, digits: number): string => {
  const any = (n: number): string => (hex(c.bits(), 8) + hex(c.bits(), 8)).slice(0, n);
  return c.pick([
    (): string => '0'.repeat(digits),
    (): string => 'f'.repeat(digits),
    (): string => '1'.padEnd(digits, '0'),
    (): string => '8'.padEnd(digits, '0'),
    (): string => '1'.padStart(digits, '0'),
    (): string => any(digits - 3).padStart(digits, '0'), // unnormalized
    (): string => any(3).padStart(digits, '0'),
    (): string => any(digits),
    (): string => c.pick(['1', '9', 'f']) + any(digits - 1),
    (): string => c.pick(['1', '9', 'f']) + any(digits - 1),
  ])();
};

const number = (c: Chance, digits: number, e = characteristic(c)): string =>
  hex((c.oneIn(2) ? 0x80 : 0) | (e & 127), 2) + fraction(c, digits);

/** A second number near the first in exponent, or its equal or opposite, half the time. */
function near(c: Chance, first: string): string {
  const digits = first.length - 2;
  const head = parseInt(first.slice(0, 2), 16);
  switch (c.below(5)) {
    case 0: // the same sign at the end of the range: overflow; the other sign at its beginning: underflow
      if ((head & 127) > 0x7c) return hex(head, 2) + 'f'.repeat(digits);
      if ((head & 127) < 3) return hex(head ^ 0x80, 2) + first.slice(2, -1) + c.pick(['0', '1', 'f']);
      return number(c, digits, (head & 127) + c.between(-1, 1));
    case 1:
      return hex(head ^ (c.oneIn(2) ? 0x80 : 0), 2) + first.slice(2);
    case 2:
      return number(c, digits, Math.min(127, Math.max(0, (head & 127) + c.between(-7, 7))));
    default:
      return number(c, digits);
  }
}

type Size = 'short' | 'long';
const SHORT = 6;
const LONG = 14;
const digitsOf = (size: Size): number => (size === 'short' ? SHORT : LONG);
const bytesOf = (size: Size): number => (size === 'short' ? 4 : 8);

/** Contents of a register whose operand is `text`: of a short one the right half is anything. */
const filled = (d: Draft, text: string): string =>
  text.length === 8 ? text + hex(d.chance.bits(), 8) : text;

/** 0, 2, 4 or 6; rarely a register that does not exist. */
const register = (d: Draft): number => (d.chance.oneIn(25) ? d.chance.below(16) : d.chance.below(4) * 2);

function setRegister(d: Draft, r: number, text: string): void {
  if (r % 2 === 0 && r < 8) d.fpr.set(r, text);
}

const inRegisters =
  (op: number, size: Size) =>
  (d: Draft): Case => {
    const r1 = register(d);
    const r2 = d.chance.oneIn(8) ? r1 : register(d);
    const first = number(d.chance, digitsOf(size));
    setRegister(d, r1, filled(d, first));
    if (r2 !== r1) setRegister(d, r2, filled(d, near(d.chance, first)));
    return d.finish(rr(op, r1, r2));
  };

const fromStorage =
  (op: number, size: Size) =>
  (d: Draft): Case => {
    const r1 = register(d);
    const first = number(d.chance, digitsOf(size));
    setRegister(d, r1, filled(d, first));
    const at = d.spot(bytesOf(size));
    d.put(at, near(d.chance, first));
    d.results.fpr.push(r1);
    return d.finish(storageOperand(d, op, r1, at));
  };

const toStorage =
  (op: number, size: Size) =>
  (d: Draft): Case => {
    const r1 = register(d);
    setRegister(d, r1, number(d.chance, LONG));
    const at = d.spot(bytesOf(size));
    d.results.storage.push([at, bytesOf(size)]);
    return d.finish(storageOperand(d, op, r1, at));
  };

/** Extended numbers stand in registers 0 and 2, or 4 and 6; the low part's sign and characteristic mean nothing. */
function extended(c: Chance): [string, string] {
  const high = number(c, LONG);
  const low = c.oneIn(3)
    ? number(c, LONG)
    : hex((parseInt(high.slice(0, 2), 16) & 0x80) | ((parseInt(high.slice(0, 2), 16) - 14) & 127), 2) +
      fraction(c, LONG);
  return [high, low];
}

const extendedRegister = (d: Draft): number =>
  d.chance.oneIn(20) ? d.chance.below(16) : d.chance.below(2) * 4;

function setExtended(d: Draft, r: number, [high, low]: [string, string]): void {
  setRegister(d, r, high);
  setRegister(d, r + 2, low);
}

const inExtended =
  (op: number) =>
  (d: Draft): Case => {
    const r1 = extendedRegister(d);
    const r2 = d.chance.oneIn(10) ? r1 : extendedRegister(d);
    const first = extended(d.chance);
    setExtended(d, r1, first);
    if (r2 !== r1)
      setExtended(d, r2, d.chance.oneIn(2) ? extended(d.chance) : [near(d.chance, first[0]), first[1]]);
    return d.finish(rr(op, r1, r2));
  };

/** MXDR, MXD: long operands, extended result. */
const widening = (d: Draft): Case => {
  const r1 = extendedRegister(d);
  setRegister(d, r1, number(d.chance, LONG));
  const r2 = d.chance.oneIn(6) ? r1 : register(d);
  if (r2 !== r1) setRegister(d, r2, number(d.chance, LONG));
  return d.finish(rr(0x27, r1, r2));
};

const wideningFromStorage = (d: Draft): Case => {
  const r1 = extendedRegister(d);
  setRegister(d, r1, number(d.chance, LONG));
  const at = d.spot(8);
  d.put(at, number(d.chance, LONG));
  d.results.fpr.push(r1, r1 + 2);
  return d.finish(storageOperand(d, 0x67, r1, at));
};

/** LRDR rounds extended to long. */
const roundExtended = (d: Draft): Case => {
  const r2 = extendedRegister(d);
  setExtended(d, r2, extended(d.chance));
  return d.finish(rr(0x25, register(d), r2));
};

const ARITHMETIC = 90;
const PLAIN = 50;

const registerFamilies = (rows: readonly (readonly [number, string, number])[], size: Size): Family[] =>
  rows.map(([op, mnemonic, count]) => family(mnemonic, count, inRegisters(op, size)));

const storageFamilies = (rows: readonly (readonly [number, string, number])[], size: Size): Family[] =>
  rows.map(([op, mnemonic, count]) => family(mnemonic, count, fromStorage(op, size)));

export const FLOATING: readonly Family[] = [
  ...registerFamilies(
    [
      [0x20, 'LPDR', PLAIN],
      [0x21, 'LNDR', PLAIN],
      [0x22, 'LTDR', PLAIN],
      [0x23, 'LCDR', PLAIN],
      [0x24, 'HDR', 70],
      [0x28, 'LDR', PLAIN],
      [0x29, 'CDR', ARITHMETIC],
      [0x2a, 'ADR', 110],
      [0x2b, 'SDR', ARITHMETIC],
      [0x2c, 'MDR', ARITHMETIC],
      [0x2d, 'DDR', ARITHMETIC],
      [0x2e, 'AWR', ARITHMETIC],
      [0x2f, 'SWR', ARITHMETIC],
    ],
    'long',
  ),
  ...registerFamilies(
    [
      [0x30, 'LPER', PLAIN],
      [0x31, 'LNER', PLAIN],
      [0x32, 'LTER', PLAIN],
      [0x33, 'LCER', PLAIN],
      [0x34, 'HER', 70],
      [0x35, 'LRER', 60],
      [0x38, 'LER', PLAIN],
      [0x39, 'CER', ARITHMETIC],
      [0x3a, 'AER', 110],
      [0x3b, 'SER', ARITHMETIC],
      [0x3c, 'MER', ARITHMETIC],
      [0x3d, 'DER', ARITHMETIC],
      [0x3e, 'AUR', ARITHMETIC],
      [0x3f, 'SUR', ARITHMETIC],
    ],
    'short',
  ),
  family('LRDR', 80, roundExtended),
  family('MXR', 100, inExtended(0x26)),
  family('MXDR', 80, widening),
  family('AXR', 120, inExtended(0x36)),
  family('SXR', 110, inExtended(0x37)),
  family('STD', 30, toStorage(0x60, 'long')),
  family('STE', 30, toStorage(0x70, 'short')),
  family('MXD', 70, wideningFromStorage),
  ...storageFamilies(
    [
      [0x68, 'LD', 40],
      [0x69, 'CD', 70],
      [0x6a, 'AD', 80],
      [0x6b, 'SD', 80],
      [0x6c, 'MD', 80],
      [0x6d, 'DD', 80],
      [0x6e, 'AW', 80],
      [0x6f, 'SW', 80],
    ],
    'long',
  ),
  ...storageFamilies(
    [
      [0x78, 'LE', 40],
      [0x79, 'CE', 70],
      [0x7a, 'AE', 80],
      [0x7b, 'SE', 80],
      [0x7c, 'ME', 80],
      [0x7d, 'DE', 80],
      [0x7e, 'AU', 80],
      [0x7f, 'SU', 80],
    ],
    'short',
  ),
];
