/** Shifts and rotates. SDM vol. 2, "SAL/SAR/SHL/SHR", "RCL/RCR/ROL/ROR", "SHLD", "SHRD". */
import type { Cpu } from '../cpu.ts';
import { ECX } from '../registers.ts';
import { FLAG_CF, FLAG_OF } from '../eflags.ts';
import { carry, setFlags, setLazy } from '../flags.ts';
import { BYTE, sized, type Width } from './operands.ts';
import { row, type Decoded, type Execute, type Row } from './row.ts';

/** Shifts `value` (its high bits beyond the operand size are not clean) by 1 to 31 places and sets the flags. */
type Shift = (cpu: Cpu, value: number, count: number, shift: number) => number;

const CARRY_OUT = 0x80000000 | 0;
const CARRY_IN = 0x40000000;
const AUXILIARY = 0x8;

const unsigned = (value: number, shift: number): number => (value << shift) >>> shift;
const signed = (value: number, shift: number): number => (value << shift) >> shift;

/** Result flags with CF and OF as given: bit 30 of the carries tells CF ≠ OF. AF is undefined; as recorded it is 1. */
function finish(cpu: Cpu, result: number, cf: boolean, of: boolean): number {
  setLazy(cpu, result, (cf ? CARRY_OUT : 0) | (cf !== of ? CARRY_IN : 0) | AUXILIARY);
  return result;
}

/** OF is defined for counts of 1 alone; for others it comes out as after the last of as many single steps. */
const shiftLeft: Shift = (cpu, value, count, shift) => {
  const size = 32 - shift;
  const a = unsigned(value, shift);
  const cf = count <= size && ((a >>> (size - count)) & 1) !== 0;
  const result = signed(a << count, shift);
  return finish(cpu, result, cf, cf !== result < 0);
};

const shiftRight: Shift = (cpu, value, count, shift) => {
  const a = unsigned(value, shift);
  const cf = ((a >>> (count - 1)) & 1) !== 0;
  const result = signed(a >>> count, shift);
  // The sign that the last single step shifted out of its place.
  return finish(cpu, result, cf, ((a >>> (count - 1)) << shift) >>> 31 !== 0);
};

const shiftArithmetic: Shift = (cpu, value, count, shift) => {
  const a = signed(value, shift);
  return finish(cpu, a >> count, ((a >> (count - 1)) & 1) !== 0, false);
};

// ---------------------------------------------------------------- rotates: CF and OF alone change

function rotateFlags(cpu: Cpu, cf: boolean, of: boolean): void {
  setFlags(cpu, FLAG_CF | FLAG_OF, (cf ? FLAG_CF : 0) | (of ? FLAG_OF : 0));
}

const topBits = (value: number, shift: number): number => (value << shift) >>> 30;
const topDiffer = (value: number, shift: number): boolean =>
  topBits(value, shift) === 1 || topBits(value, shift) === 2;

const rotateLeft: Shift = (cpu, value, count, shift) => {
  const size = 32 - shift;
  const a = unsigned(value, shift);
  const places = count % size;
  const result = signed(places === 0 ? a : (a << places) | (a >>> (size - places)), shift);
  const cf = (result & 1) !== 0;
  rotateFlags(cpu, cf, cf !== result < 0);
  return result;
};

const rotateRight: Shift = (cpu, value, count, shift) => {
  const size = 32 - shift;
  const a = unsigned(value, shift);
  const places = count % size;
  const result = signed(places === 0 ? a : (a >>> places) | (a << (size - places)), shift);
  rotateFlags(cpu, result < 0, topDiffer(result, shift));
  return result;
};

/** Through carry: one bit more takes part, so places count modulo operand size plus one. */
const rotateCarryLeft: Shift = (cpu, value, count, shift) => {
  const size = 32 - shift;
  let a = unsigned(value, shift);
  let cf = carry(cpu);
  for (let n = count % (size + 1); n > 0; n--) {
    const out = (a << shift) >>> 31 !== 0;
    a = (a << 1) | (cf ? 1 : 0);
    cf = out;
  }
  const result = signed(a, shift);
  rotateFlags(cpu, cf, cf !== result < 0);
  return result;
};

const rotateCarryRight: Shift = (cpu, value, count, shift) => {
  const size = 32 - shift;
  let a = unsigned(value, shift);
  let cf = carry(cpu);
  for (let n = count % (size + 1); n > 0; n--) {
    const out = (a & 1) !== 0;
    a = unsigned((a >>> 1) | (cf ? 1 << (size - 1) : 0), shift);
    cf = out;
  }
  const result = signed(a, shift);
  rotateFlags(cpu, cf, topDiffer(result, shift));
  return result;
};

// ---------------------------------------------------------------- forms

/** Counts are taken modulo 32; a count of 0 changes nothing, but the destination is still to be written. */
const by =
  (operation: Shift, count: (cpu: Cpu, i: Decoded) => number) =>
  (w: Width): Execute =>
  (cpu, i) => {
    const places = count(cpu, i) & 31;
    const value = w.update(cpu, i);
    w.set(cpu, i, places === 0 ? value : operation(cpu, value, places, w.shift));
  };
const one = (): number => 1;
const immediate = (_cpu: Cpu, i: Decoded): number => i.immediate;
const cl = (cpu: Cpu): number => cpu.octets[4 * ECX]!;

const SHIFT_FLAGS = { flags: 'OSZPC', undefinedFlags: 'A' } as const;
const ROTATE_FLAGS = { flags: 'OC' } as const;

function shiftRows(digit: number, mnemonic: string, title: string, operation: Shift): Row[] {
  const rotate = /^R/.test(mnemonic);
  const flags = rotate ? ROTATE_FLAGS : SHIFT_FLAGS;
  const cost = /^RC/.test(mnemonic) ? 'shift' : 'plain';
  return [
    row(`D0 /${digit}`, mnemonic, title, 'Eb,1', cost, by(operation, one)(BYTE), flags),
    row(`D1 /${digit}`, mnemonic, title, 'Ev,1', cost, sized(by(operation, one)), flags),
    row(`C0 /${digit}`, mnemonic, title, 'Eb,Ib', cost, by(operation, immediate)(BYTE), flags),
    row(`C1 /${digit}`, mnemonic, title, 'Ev,Ib', cost, sized(by(operation, immediate)), flags),
    row(`D2 /${digit}`, mnemonic, title, 'Eb,CL', cost, by(operation, cl)(BYTE), flags),
    row(`D3 /${digit}`, mnemonic, title, 'Ev,CL', cost, sized(by(operation, cl)), flags),
  ];
}

// ---------------------------------------------------------------- double shifts

/**
 * Bits come in from the source, and after those (16-bit operands, counts above 16: undefined) from the destination.
 */
const doubleLeft =
  (count: (cpu: Cpu, i: Decoded) => number) =>
  (w: Width): Execute =>
  (cpu, i) => {
    const places = count(cpu, i) & 31;
    const value = w.update(cpu, i);
    if (places === 0) return;
    const size = 32 - w.shift;
    const [a, b] = [unsigned(value, w.shift), unsigned(w.getG(cpu, i), w.shift)];
    const before = shifted(a, b, size, places - 1);
    const result = signed(shifted(a, b, size, places), w.shift);
    const cf = (before << w.shift) >>> 31 !== 0;
    w.set(cpu, i, finish(cpu, result, cf, cf !== result < 0));
  };

/** `a` moved left by `places`, filled from `b` and then from `a` again. */
function shifted(a: number, b: number, size: number, places: number): number {
  if (places === 0) return a;
  if (places <= size) return (places === 32 ? 0 : a << places) | (b >>> (size - places));
  return (b << (places - size)) | (a >>> (2 * size - places));
}

const doubleRight =
  (count: (cpu: Cpu, i: Decoded) => number) =>
  (w: Width): Execute =>
  (cpu, i) => {
    const places = count(cpu, i) & 31;
    const value = w.update(cpu, i);
    if (places === 0) return;
    const size = 32 - w.shift;
    const [a, b] = [unsigned(value, w.shift), unsigned(w.getG(cpu, i), w.shift)];
    const at = (n: number): number =>
      n === 0
        ? a
        : n <= size
          ? (a >>> n) | (n === size ? b : b << (size - n))
          : (b >>> (n - size)) | (a << (2 * size - n));
    const before = at(places - 1);
    const result = signed(at(places), w.shift);
    const changed = ((before ^ result) << w.shift) >>> 31 !== 0;
    w.set(cpu, i, finish(cpu, result, (before & 1) !== 0, changed));
  };

export const SHIFTS: readonly Row[] = [
  ...shiftRows(0, 'ROL', 'Rotate left', rotateLeft),
  ...shiftRows(1, 'ROR', 'Rotate right', rotateRight),
  ...shiftRows(2, 'RCL', 'Rotate left through carry', rotateCarryLeft),
  ...shiftRows(3, 'RCR', 'Rotate right through carry', rotateCarryRight),
  ...shiftRows(4, 'SHL', 'Shift left', shiftLeft),
  ...shiftRows(5, 'SHR', 'Shift right', shiftRight),
  ...shiftRows(6, 'SHL', 'Shift left', shiftLeft).map((each): Row => ({ ...each, alias: true })),
  ...shiftRows(7, 'SAR', 'Shift arithmetic right', shiftArithmetic),
  row(
    '0F A4',
    'SHLD',
    'Double precision shift left',
    'Ev,Gv,Ib',
    'shift',
    sized(doubleLeft(immediate)),
    SHIFT_FLAGS,
  ),
  row(
    '0F A5',
    'SHLD',
    'Double precision shift left',
    'Ev,Gv,CL',
    'shift',
    sized(doubleLeft(cl)),
    SHIFT_FLAGS,
  ),
  row(
    '0F AC',
    'SHRD',
    'Double precision shift right',
    'Ev,Gv,Ib',
    'shift',
    sized(doubleRight(immediate)),
    SHIFT_FLAGS,
  ),
  row(
    '0F AD',
    'SHRD',
    'Double precision shift right',
    'Ev,Gv,CL',
    'shift',
    sized(doubleRight(cl)),
    SHIFT_FLAGS,
  ),
];
