/**
 * Decimal arithmetic on packed operands in storage. GA22-7000, "Decimal Instructions". The rows of the whole chapter
 * stand here; editing is in edit.ts, what the manual counts as general (PACK, CVB, MVO …) in decimal-formats.ts.
 */
import type { Cpu } from '../cpu.ts';
import { DATA, DECIMAL_DIVIDE, DECIMAL_OVERFLOW, SPECIFICATION } from '../assigned-storage.ts';
import {
  convertToBinary,
  convertToDecimal,
  moveNumerics,
  moveWithOffset,
  moveZones,
  pack,
  unpack,
} from './decimal-formats.ts';
import { edit, editAndMark } from './edit.ts';
import {
  addDecimals,
  compareDecimals,
  decimal,
  digitsIn,
  divideDecimals,
  isZero,
  isZeroFrom,
  multiplyDecimals,
  packDecimal,
  shiftDecimalLeft,
  shiftDecimalRight,
  unpackDecimal,
  type Decimal,
} from './packed-decimal.ts';
import { row, type Execute, type Row } from './row.ts';

// Work areas. An instruction is done before the next one begins, on whatever processor: one set serves all.
const field = new Uint8Array(16);
const field2 = new Uint8Array(16);
const first = decimal();
const second = decimal();
const result = decimal();

const length1 = (word: number): number => ((word >>> 20) & 15) + 1;
const length2 = (word: number): number => ((word >>> 16) & 15) + 1;
const address1 = (cpu: Cpu, word: number): number => cpu.based(word & 0xffff);
const address2 = (cpu: Cpu): number => cpu.based(cpu.thirdHalfword());

/**
 * Brings both operands to `first` and `second`. All accesses are checked before a code is looked at, so that access
 * exceptions come before data exceptions; `store` says whether the first operand will be replaced.
 */
function fetchOperands(cpu: Cpu, word: number, store: boolean): void {
  const at = address1(cpu, word);
  if (store) cpu.checkStore(at, length1(word));
  cpu.load(at, length1(word), field);
  cpu.load(address2(cpu), length2(word), field2);
  cpu.spend((length1(word) + length2(word)) * cpu.costs.byte);
  const valid = unpackDecimal(field, length1(word), first);
  if (!unpackDecimal(field2, length2(word), second) || !valid) cpu.program(DATA);
}

/** Stores `number`, shortened to `length` bytes. */
function store(cpu: Cpu, at: number, length: number, number: Decimal): void {
  packDecimal(number, length, field);
  cpu.store(at, length, field);
}

/**
 * Stores a sum and sets the condition code. On overflow the sign stays that of the correct result, even where the
 * digits kept are all zero; the operation is completed before the interruption.
 */
function storeSum(cpu: Cpu, at: number, length: number, number: Decimal, overflow: boolean): void {
  const zero = !overflow && isZero(number);
  if (zero) number.negative = false;
  store(cpu, at, length, number);
  cpu.cc = overflow ? 3 : zero ? 0 : number.negative ? 1 : 2;
  if (overflow && (cpu.programMask & 4) !== 0) cpu.program(DECIMAL_OVERFLOW);
}

const overflows = (number: Decimal, length: number): boolean => !isZeroFrom(number, digitsIn(length));

/**
 * AP D1(L1,B1),D2(L2,B2) [SS] Add Decimal. CC: 0 zero · 1 negative · 2 positive · 3 overflow.
 * Program interruptions: access; data; decimal overflow (mask).
 */
const addDecimal: Execute = (cpu, w) => {
  fetchOperands(cpu, w, true);
  addDecimals(first, second, result);
  storeSum(cpu, address1(cpu, w), length1(w), result, overflows(result, length1(w)));
};

/** SP D1(L1,B1),D2(L2,B2) [SS] Subtract Decimal. As AP with the second operand's sign reversed. */
const subtractDecimal: Execute = (cpu, w) => {
  fetchOperands(cpu, w, true);
  second.negative = !second.negative;
  addDecimals(first, second, result);
  storeSum(cpu, address1(cpu, w), length1(w), result, overflows(result, length1(w)));
};

/**
 * ZAP D1(L1,B1),D2(L2,B2) [SS] Zero and Add. CC as for AP. Only the second operand is checked for valid codes; it is
 * fetched whole before anything is stored, which covers every overlap the manual defines.
 */
const zeroAndAdd: Execute = (cpu, w) => {
  const at = address1(cpu, w);
  cpu.checkStore(at, length1(w));
  cpu.load(address2(cpu), length2(w), field2);
  cpu.spend((length1(w) + length2(w)) * cpu.costs.byte);
  if (!unpackDecimal(field2, length2(w), second)) cpu.program(DATA);
  storeSum(cpu, at, length1(w), second, overflows(second, length1(w)));
};

/** CP D1(L1,B1),D2(L2,B2) [SS] Compare Decimal. CC: 0 equal · 1 first low · 2 first high. Access; data. */
const compareDecimal: Execute = (cpu, w) => {
  fetchOperands(cpu, w, false);
  const order = compareDecimals(first, second);
  cpu.cc = order === 0 ? 0 : order < 0 ? 1 : 2;
};

/** Multiplier and divisor: at most 8 bytes, and shorter than the first operand. */
function checkLengths(cpu: Cpu, word: number): void {
  if (length2(word) > 8 || length2(word) >= length1(word)) cpu.program(SPECIFICATION);
}

/**
 * MP D1(L1,B1),D2(L2,B2) [SS] Multiply Decimal. CC unchanged; a zero product keeps the sign of algebra.
 * Program interruptions: access; specification (lengths); data, also where the multiplicand has fewer leftmost zero
 * bytes than the multiplier has bytes, so that a product always fits.
 */
const multiplyDecimal: Execute = (cpu, w) => {
  checkLengths(cpu, w);
  fetchOperands(cpu, w, true);
  if (!isZeroFrom(first, digitsIn(length1(w) - length2(w)))) cpu.program(DATA);
  multiplyDecimals(first, second, result);
  store(cpu, address1(cpu, w), length1(w), result);
};

/**
 * DP D1(L1,B1),D2(L2,B2) [SS] Divide Decimal. CC unchanged. The quotient (L1 − L2 bytes) and the remainder (L2 bytes,
 * sign of the dividend) replace the dividend; zeros keep the sign of algebra.
 * Program interruptions: access; specification (lengths); data; decimal divide (quotient too large), suppressed.
 */
const divideDecimal: Execute = (cpu, w) => {
  checkLengths(cpu, w);
  fetchOperands(cpu, w, true);
  const quotientLength = length1(w) - length2(w);
  if (!divideDecimals(first, second, digitsIn(quotientLength), result)) cpu.program(DECIMAL_DIVIDE);
  const at = address1(cpu, w);
  store(cpu, at, quotientLength, result);
  store(cpu, (at + quotientLength) & 0xffffff, length2(w), first);
};

/**
 * SRP D1(L1,B1),D2(B2),I3 [SS] Shift and Round Decimal. CC as for AP. Bits 26–31 of the second-operand address: places
 * to the left, or in two's complement to the right, where I3 is the rounding digit.
 * Program interruptions: access; data (also an I3 above 9); decimal overflow (mask) of a left shift.
 */
const shiftAndRoundDecimal: Execute = (cpu, w) => {
  const at = address1(cpu, w);
  const length = length1(w);
  const rounding = (w >>> 16) & 15;
  cpu.checkStore(at, length);
  cpu.load(at, length, field);
  cpu.spend(2 * length * cpu.costs.byte);
  if (!unpackDecimal(field, length, first) || rounding > 9) cpu.program(DATA);
  const places = (address2(cpu) << 26) >> 26;
  let overflow = false;
  if (places >= 0) overflow = shiftDecimalLeft(first, places, digitsIn(length));
  else shiftDecimalRight(first, -places, rounding);
  storeSum(cpu, at, length, first, overflow);
};

const SUM = ['zero', 'negative', 'positive', 'overflow'] as const;
const COMPARE = ['equal', 'first low', 'first high', '--'] as const;
const EDITED = ['last field zero', 'last field negative', 'last field positive', '--'] as const;
const TWO_LENGTHS = 'D1(L1,B1),D2(L2,B2)';

export const DECIMAL: readonly Row[] = [
  row(0xfa, 'AP', 'Add Decimal', TWO_LENGTHS, 'decimal-add', addDecimal, { cc: SUM }),
  row(0xf9, 'CP', 'Compare Decimal', TWO_LENGTHS, 'decimal-add', compareDecimal, { cc: COMPARE }),
  row(0x4f, 'CVB', 'Convert to Binary', 'R1,D2(X2,B2)', 'convert', convertToBinary, { writes: 'r1' }),
  row(0x4e, 'CVD', 'Convert to Decimal', 'R1,D2(X2,B2)', 'convert', convertToDecimal),
  row(0xfd, 'DP', 'Divide Decimal', TWO_LENGTHS, 'decimal-divide', divideDecimal),
  row(0xde, 'ED', 'Edit', 'D1(L,B1),D2(B2)', 'move', edit, { cc: EDITED }),
  row(0xdf, 'EDMK', 'Edit and Mark', 'D1(L,B1),D2(B2)', 'move', editAndMark, { cc: EDITED, writes: 'gr1' }),
  row(0xd1, 'MVN', 'Move Numerics', 'D1(L,B1),D2(B2)', 'move', moveNumerics),
  row(0xf1, 'MVO', 'Move with Offset', TWO_LENGTHS, 'move', moveWithOffset),
  row(0xd3, 'MVZ', 'Move Zones', 'D1(L,B1),D2(B2)', 'move', moveZones),
  row(0xfc, 'MP', 'Multiply Decimal', TWO_LENGTHS, 'decimal-multiply', multiplyDecimal),
  row(0xf2, 'PACK', 'Pack', TWO_LENGTHS, 'move', pack),
  row(0xf0, 'SRP', 'Shift and Round Decimal', 'D1(L1,B1),D2(B2),I3', 'decimal-add', shiftAndRoundDecimal, {
    cc: SUM,
  }),
  row(0xfb, 'SP', 'Subtract Decimal', TWO_LENGTHS, 'decimal-add', subtractDecimal, { cc: SUM }),
  row(0xf3, 'UNPK', 'Unpack', TWO_LENGTHS, 'move', unpack),
  row(0xf8, 'ZAP', 'Zero and Add', TWO_LENGTHS, 'decimal-add', zeroAndAdd, { cc: SUM }),
];
