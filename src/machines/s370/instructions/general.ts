/**
 * General instructions on registers and single storage operands: load, store, add, subtract, compare, multiply,
 * divide, shift. GA22-7000, "General Instructions".
 */
import type { Cpu } from '../cpu.ts';
import { FIXED_POINT_DIVIDE, FIXED_POINT_OVERFLOW, SPECIFICATION } from '../assigned-storage.ts';
import { row, type Execute, type Row } from './row.ts';

const SIGN = ['zero', 'negative', 'positive', 'overflow'] as const;
const COMPARE = ['equal', 'first low', 'first high', '--'] as const;
const CARRY = ['zero, no carry', 'not zero, no carry', 'zero, carry', 'not zero, carry'] as const;

const r1 = (word: number): number => (word >>> 20) & 15;
const r2 = (word: number): number => (word >>> 16) & 15;

const signCode = (value: number): number => (value === 0 ? 0 : value < 0 ? 1 : 2);

const fetchHalf = (cpu: Cpu, word: number): number => (cpu.fetch2(cpu.indexed(word)) << 16) >> 16;

/** Sets CC 3 and, if the program mask allows, ends in a fixed-point-overflow interruption: completion. */
function overflow(cpu: Cpu): void {
  cpu.cc = 3;
  if ((cpu.programMask & 8) !== 0) cpu.program(FIXED_POINT_OVERFLOW);
}

/** Puts a signed sum (or difference) of two words, computed exactly, into a register. */
function setSum(cpu: Cpu, r: number, exact: number): void {
  const result = exact | 0;
  cpu.gr[r] = result;
  if (result !== exact) overflow(cpu);
  else cpu.cc = signCode(result);
}

/** Adds within 32 bits: overflow is where the sum has the sign of neither operand. */
function addSigned(cpu: Cpu, r: number, a: number, b: number): void {
  const sum = (a + b) | 0;
  cpu.gr[r] = sum;
  if (((a ^ sum) & (b ^ sum)) < 0) overflow(cpu);
  else cpu.cc = signCode(sum);
}

/** Subtracts within 32 bits: overflow is where the signs differ and the difference has the second's. */
function subtractSigned(cpu: Cpu, r: number, a: number, b: number): void {
  const difference = (a - b) | 0;
  cpu.gr[r] = difference;
  if (((a ^ b) & (a ^ difference)) < 0) overflow(cpu);
  else cpu.cc = signCode(difference);
}

function compareSigned(cpu: Cpu, a: number, b: number): void {
  cpu.cc = a === b ? 0 : a < b ? 1 : 2;
}

/** Logical sum of a, b and a carry in; the condition code tells zero and carry. */
function setLogicalSum(cpu: Cpu, r: number, a: number, b: number, carryIn: number): void {
  const sum = (a >>> 0) + (b >>> 0) + carryIn;
  const result = sum | 0;
  cpu.gr[r] = result;
  cpu.cc = (result === 0 ? 0 : 1) + (sum > 0xffff_ffff ? 2 : 0);
}

const addRegister: Execute = (cpu, w) => {
  addSigned(cpu, r1(w), cpu.gr[r1(w)]!, cpu.gr[r2(w)]!);
};
export const add: Execute = (cpu, w) => {
  const operand = cpu.fetch4(cpu.indexed(w));
  addSigned(cpu, r1(w), cpu.gr[r1(w)]!, operand);
};
const addHalfword: Execute = (cpu, w) => {
  const operand = fetchHalf(cpu, w);
  addSigned(cpu, r1(w), cpu.gr[r1(w)]!, operand);
};
const subtractRegister: Execute = (cpu, w) => {
  subtractSigned(cpu, r1(w), cpu.gr[r1(w)]!, cpu.gr[r2(w)]!);
};
const subtract: Execute = (cpu, w) => {
  const operand = cpu.fetch4(cpu.indexed(w));
  subtractSigned(cpu, r1(w), cpu.gr[r1(w)]!, operand);
};
const subtractHalfword: Execute = (cpu, w) => {
  const operand = fetchHalf(cpu, w);
  subtractSigned(cpu, r1(w), cpu.gr[r1(w)]!, operand);
};
const addLogicalRegister: Execute = (cpu, w) => {
  setLogicalSum(cpu, r1(w), cpu.gr[r1(w)]!, cpu.gr[r2(w)]!, 0);
};
const addLogical: Execute = (cpu, w) => {
  const operand = cpu.fetch4(cpu.indexed(w));
  setLogicalSum(cpu, r1(w), cpu.gr[r1(w)]!, operand, 0);
};
// Subtraction adds the one's complement and a one: only so does the carry come out as the manual defines it.
const subtractLogicalRegister: Execute = (cpu, w) => {
  setLogicalSum(cpu, r1(w), cpu.gr[r1(w)]!, ~cpu.gr[r2(w)]!, 1);
};
const subtractLogical: Execute = (cpu, w) => {
  const operand = cpu.fetch4(cpu.indexed(w));
  setLogicalSum(cpu, r1(w), cpu.gr[r1(w)]!, ~operand, 1);
};

const compareRegister: Execute = (cpu, w) => {
  compareSigned(cpu, cpu.gr[r1(w)]!, cpu.gr[r2(w)]!);
};
const compare: Execute = (cpu, w) => {
  const operand = cpu.fetch4(cpu.indexed(w));
  compareSigned(cpu, cpu.gr[r1(w)]!, operand);
};
const compareHalfword: Execute = (cpu, w) => {
  const operand = fetchHalf(cpu, w);
  compareSigned(cpu, cpu.gr[r1(w)]!, operand);
};
const compareLogicalRegister: Execute = (cpu, w) => {
  compareSigned(cpu, cpu.gr[r1(w)]! >>> 0, cpu.gr[r2(w)]! >>> 0);
};
const compareLogical: Execute = (cpu, w) => {
  const operand = cpu.fetch4(cpu.indexed(w));
  compareSigned(cpu, cpu.gr[r1(w)]! >>> 0, operand >>> 0);
};

const loadRegister: Execute = (cpu, w) => {
  cpu.gr[r1(w)] = cpu.gr[r2(w)]!;
};
export const load: Execute = (cpu, w) => {
  cpu.gr[r1(w)] = cpu.fetch4(cpu.indexed(w));
};
const loadHalfword: Execute = (cpu, w) => {
  cpu.gr[r1(w)] = fetchHalf(cpu, w);
};
export const loadAddress: Execute = (cpu, w) => {
  cpu.gr[r1(w)] = cpu.indexed(w);
};
const loadAndTestRegister: Execute = (cpu, w) => {
  const value = cpu.gr[r2(w)]!;
  cpu.gr[r1(w)] = value;
  cpu.cc = signCode(value);
};
const loadComplementRegister: Execute = (cpu, w) => {
  setSum(cpu, r1(w), -cpu.gr[r2(w)]! + 0); // + 0: no minus zero
};
const loadPositiveRegister: Execute = (cpu, w) => {
  setSum(cpu, r1(w), Math.abs(cpu.gr[r2(w)]!));
};
const loadNegativeRegister: Execute = (cpu, w) => {
  const value = -Math.abs(cpu.gr[r2(w)]!) | 0;
  cpu.gr[r1(w)] = value;
  cpu.cc = signCode(value);
};
const insertCharacter: Execute = (cpu, w) => {
  const byte = cpu.fetch1(cpu.indexed(w));
  cpu.gr[r1(w)] = (cpu.gr[r1(w)]! & ~0xff) | byte;
};
export const store: Execute = (cpu, w) => {
  cpu.store4(cpu.indexed(w), cpu.gr[r1(w)]!);
};
const storeHalfword: Execute = (cpu, w) => {
  cpu.store2(cpu.indexed(w), cpu.gr[r1(w)]!);
};
const storeCharacter: Execute = (cpu, w) => {
  cpu.store1(cpu.indexed(w), cpu.gr[r1(w)]!);
};

/** Registers r1 through r3, wrapping from 15 to 0. */
const span = (w: number): number => ((r2(w) - r1(w)) & 15) + 1;

const loadMultiple: Execute = (cpu, w) => {
  const at = cpu.based(w & 0xffff);
  const count = span(w);
  // All storage is checked first: the base register may be among those replaced.
  cpu.checkFetch(at, 4 * count);
  cpu.spend((count - 1) * cpu.costs.word);
  for (let i = 0; i < count; i++) cpu.gr[(r1(w) + i) & 15] = cpu.fetch4((at + 4 * i) & 0xffffff);
};
const storeMultiple: Execute = (cpu, w) => {
  const at = cpu.based(w & 0xffff);
  const count = span(w);
  cpu.checkStore(at, 4 * count);
  cpu.spend((count - 1) * cpu.costs.word);
  for (let i = 0; i < count; i++) cpu.store4((at + 4 * i) & 0xffffff, cpu.gr[(r1(w) + i) & 15]!);
};

/** Full 64-bit product of two signed words into the even–odd pair that starts at r. */
function setProduct(cpu: Cpu, r: number, a: number, b: number): void {
  const product = BigInt(a) * BigInt(b);
  cpu.gr[r] = Number(BigInt.asIntN(32, product >> 32n));
  cpu.gr[r + 1] = Math.imul(a, b);
}
const evenRegister = (cpu: Cpu, w: number): number => {
  if ((r1(w) & 1) !== 0) cpu.program(SPECIFICATION);
  return r1(w);
};
const multiplyRegister: Execute = (cpu, w) => {
  const pair = evenRegister(cpu, w);
  setProduct(cpu, pair, cpu.gr[pair + 1]!, cpu.gr[r2(w)]!);
};
const multiply: Execute = (cpu, w) => {
  const pair = evenRegister(cpu, w);
  const operand = cpu.fetch4(cpu.indexed(w));
  setProduct(cpu, pair, cpu.gr[pair + 1]!, operand);
};
const multiplyHalfword: Execute = (cpu, w) => {
  const operand = fetchHalf(cpu, w);
  cpu.gr[r1(w)] = Math.imul(cpu.gr[r1(w)]!, operand);
};

/** Quotient to the odd, remainder to the even register; suppressed when the quotient does not fit. */
function divideBy(cpu: Cpu, pair: number, divisor: number): void {
  if (divisor === 0) cpu.program(FIXED_POINT_DIVIDE);
  const dividend = (BigInt(cpu.gr[pair]!) << 32n) | BigInt(cpu.gr[pair + 1]! >>> 0);
  const quotient = dividend / BigInt(divisor);
  if (quotient !== BigInt.asIntN(32, quotient)) cpu.program(FIXED_POINT_DIVIDE);
  cpu.gr[pair] = Number(dividend % BigInt(divisor));
  cpu.gr[pair + 1] = Number(quotient);
}
const divideRegister: Execute = (cpu, w) => {
  const pair = evenRegister(cpu, w);
  divideBy(cpu, pair, cpu.gr[r2(w)]!);
};
const divide: Execute = (cpu, w) => {
  const pair = evenRegister(cpu, w);
  divideBy(cpu, pair, cpu.fetch4(cpu.indexed(w)));
};

/** Shift amounts are the low six bits of the address. */
const amount = (cpu: Cpu, w: number): number => cpu.based(w & 0xffff) & 63;

const shiftLeftLogical: Execute = (cpu, w) => {
  const n = amount(cpu, w);
  cpu.gr[r1(w)] = n > 31 ? 0 : cpu.gr[r1(w)]! << n;
};
const shiftRightLogical: Execute = (cpu, w) => {
  const n = amount(cpu, w);
  cpu.gr[r1(w)] = n > 31 ? 0 : cpu.gr[r1(w)]! >>> n;
};
const shiftRight: Execute = (cpu, w) => {
  const value = cpu.gr[r1(w)]! >> Math.min(amount(cpu, w), 31);
  cpu.gr[r1(w)] = value;
  cpu.cc = signCode(value);
};
const shiftLeft: Execute = (cpu, w) => {
  const value = cpu.gr[r1(w)]!;
  const n = amount(cpu, w);
  // A product with a power of two is exact in a double, so overflow shows as a difference.
  const exact = value * 2 ** n;
  const result = (value & 0x8000_0000) | (n > 30 ? 0 : (value << n) & 0x7fff_ffff);
  cpu.gr[r1(w)] = result;
  if (exact !== result) overflow(cpu);
  else cpu.cc = signCode(result);
};

const pairValue = (cpu: Cpu, pair: number): bigint =>
  (BigInt(cpu.gr[pair]!) << 32n) | BigInt(cpu.gr[pair + 1]! >>> 0);
function setPair(cpu: Cpu, pair: number, value: bigint): void {
  cpu.gr[pair] = Number(BigInt.asIntN(32, value >> 32n));
  cpu.gr[pair + 1] = Number(BigInt.asIntN(32, value));
}
const pairCode = (value: bigint): number => (value === 0n ? 0 : value < 0n ? 1 : 2);

const shiftLeftDoubleLogical: Execute = (cpu, w) => {
  const pair = evenRegister(cpu, w);
  setPair(cpu, pair, pairValue(cpu, pair) << BigInt(amount(cpu, w)));
};
const shiftRightDoubleLogical: Execute = (cpu, w) => {
  const pair = evenRegister(cpu, w);
  setPair(cpu, pair, BigInt.asUintN(64, pairValue(cpu, pair)) >> BigInt(amount(cpu, w)));
};
const shiftRightDouble: Execute = (cpu, w) => {
  const pair = evenRegister(cpu, w);
  const result = pairValue(cpu, pair) >> BigInt(amount(cpu, w));
  setPair(cpu, pair, result);
  cpu.cc = pairCode(result);
};
const shiftLeftDouble: Execute = (cpu, w) => {
  const pair = evenRegister(cpu, w);
  const value = pairValue(cpu, pair);
  const exact = value << BigInt(amount(cpu, w));
  const sign = value < 0n ? -(1n << 63n) : 0n;
  const result = BigInt.asIntN(64, sign | BigInt.asUintN(63, exact));
  setPair(cpu, pair, result);
  if (exact !== result) overflow(cpu);
  else cpu.cc = pairCode(result);
};

export const GENERAL: readonly Row[] = [
  row(0x1a, 'AR', 'Add', 'R1,R2', 'register', addRegister, { cc: SIGN, writes: 'r1' }),
  row(0x5a, 'A', 'Add', 'R1,D2(X2,B2)', 'load', add, { cc: SIGN, writes: 'r1' }),
  row(0x4a, 'AH', 'Add Halfword', 'R1,D2(X2,B2)', 'load', addHalfword, { cc: SIGN, writes: 'r1' }),
  row(0x1e, 'ALR', 'Add Logical', 'R1,R2', 'register', addLogicalRegister, { cc: CARRY, writes: 'r1' }),
  row(0x5e, 'AL', 'Add Logical', 'R1,D2(X2,B2)', 'load', addLogical, { cc: CARRY, writes: 'r1' }),
  row(0x19, 'CR', 'Compare', 'R1,R2', 'register', compareRegister, { cc: COMPARE }),
  row(0x59, 'C', 'Compare', 'R1,D2(X2,B2)', 'load', compare, { cc: COMPARE }),
  row(0x49, 'CH', 'Compare Halfword', 'R1,D2(X2,B2)', 'load', compareHalfword, { cc: COMPARE }),
  row(0x15, 'CLR', 'Compare Logical', 'R1,R2', 'register', compareLogicalRegister, { cc: COMPARE }),
  row(0x55, 'CL', 'Compare Logical', 'R1,D2(X2,B2)', 'load', compareLogical, { cc: COMPARE }),
  row(0x1d, 'DR', 'Divide', 'R1,R2', 'divide', divideRegister, { writes: 'r1-pair' }),
  row(0x5d, 'D', 'Divide', 'R1,D2(X2,B2)', 'divide', divide, { writes: 'r1-pair' }),
  row(0x43, 'IC', 'Insert Character', 'R1,D2(X2,B2)', 'load', insertCharacter, { writes: 'r1' }),
  row(0x18, 'LR', 'Load', 'R1,R2', 'register', loadRegister, { writes: 'r1' }),
  row(0x58, 'L', 'Load', 'R1,D2(X2,B2)', 'load', load, { writes: 'r1' }),
  row(0x41, 'LA', 'Load Address', 'R1,D2(X2,B2)', 'address', loadAddress, { writes: 'r1' }),
  row(0x12, 'LTR', 'Load and Test', 'R1,R2', 'register', loadAndTestRegister, { cc: SIGN, writes: 'r1' }),
  row(0x13, 'LCR', 'Load Complement', 'R1,R2', 'register', loadComplementRegister, {
    cc: SIGN,
    writes: 'r1',
  }),
  row(0x48, 'LH', 'Load Halfword', 'R1,D2(X2,B2)', 'load', loadHalfword, { writes: 'r1' }),
  row(0x98, 'LM', 'Load Multiple', 'R1,R3,D2(B2)', 'multiple', loadMultiple, { writes: 'r1..r3' }),
  row(0x11, 'LNR', 'Load Negative', 'R1,R2', 'register', loadNegativeRegister, {
    cc: ['zero', 'negative', '--', '--'],
    writes: 'r1',
  }),
  row(0x10, 'LPR', 'Load Positive', 'R1,R2', 'register', loadPositiveRegister, {
    cc: ['zero', '--', 'positive', 'overflow'],
    writes: 'r1',
  }),
  row(0x1c, 'MR', 'Multiply', 'R1,R2', 'multiply', multiplyRegister, { writes: 'r1-pair' }),
  row(0x5c, 'M', 'Multiply', 'R1,D2(X2,B2)', 'multiply', multiply, { writes: 'r1-pair' }),
  row(0x4c, 'MH', 'Multiply Halfword', 'R1,D2(X2,B2)', 'multiply', multiplyHalfword, { writes: 'r1' }),
  row(0x8f, 'SLDA', 'Shift Left Double', 'R1,D2(B2)', 'shift', shiftLeftDouble, {
    cc: SIGN,
    writes: 'r1-pair',
  }),
  row(0x8d, 'SLDL', 'Shift Left Double Logical', 'R1,D2(B2)', 'shift', shiftLeftDoubleLogical, {
    writes: 'r1-pair',
  }),
  row(0x8b, 'SLA', 'Shift Left Single', 'R1,D2(B2)', 'shift', shiftLeft, { cc: SIGN, writes: 'r1' }),
  row(0x89, 'SLL', 'Shift Left Single Logical', 'R1,D2(B2)', 'shift', shiftLeftLogical, { writes: 'r1' }),
  row(0x8e, 'SRDA', 'Shift Right Double', 'R1,D2(B2)', 'shift', shiftRightDouble, {
    cc: ['zero', 'negative', 'positive', '--'],
    writes: 'r1-pair',
  }),
  row(0x8c, 'SRDL', 'Shift Right Double Logical', 'R1,D2(B2)', 'shift', shiftRightDoubleLogical, {
    writes: 'r1-pair',
  }),
  row(0x8a, 'SRA', 'Shift Right Single', 'R1,D2(B2)', 'shift', shiftRight, {
    cc: ['zero', 'negative', 'positive', '--'],
    writes: 'r1',
  }),
  row(0x88, 'SRL', 'Shift Right Single Logical', 'R1,D2(B2)', 'shift', shiftRightLogical, { writes: 'r1' }),
  row(0x50, 'ST', 'Store', 'R1,D2(X2,B2)', 'store', store),
  row(0x42, 'STC', 'Store Character', 'R1,D2(X2,B2)', 'store', storeCharacter),
  row(0x40, 'STH', 'Store Halfword', 'R1,D2(X2,B2)', 'store', storeHalfword),
  row(0x90, 'STM', 'Store Multiple', 'R1,R3,D2(B2)', 'multiple', storeMultiple),
  row(0x1b, 'SR', 'Subtract', 'R1,R2', 'register', subtractRegister, { cc: SIGN, writes: 'r1' }),
  row(0x5b, 'S', 'Subtract', 'R1,D2(X2,B2)', 'load', subtract, { cc: SIGN, writes: 'r1' }),
  row(0x4b, 'SH', 'Subtract Halfword', 'R1,D2(X2,B2)', 'load', subtractHalfword, { cc: SIGN, writes: 'r1' }),
  row(0x1f, 'SLR', 'Subtract Logical', 'R1,R2', 'register', subtractLogicalRegister, {
    cc: CARRY,
    writes: 'r1',
  }),
  row(0x5f, 'SL', 'Subtract Logical', 'R1,D2(X2,B2)', 'load', subtractLogical, { cc: CARRY, writes: 'r1' }),
];
