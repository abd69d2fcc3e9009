/**
 * Multiplication and division of every length, and the extended-precision instructions. GA22-7000, "Floating-Point
 * Instructions". Operands are prenormalized; results need at most one digit of postnormalization.
 */
import type { Cpu } from '../cpu.ts';
import { FLOATING_POINT_DIVIDE } from '../assigned-storage.ts';
import {
  checkPair,
  checkRegister,
  deliver,
  deliverSum,
  deliverZeroSum,
  EXTENDED,
  LONG,
  r1,
  r2,
  setTrueZero,
  SHORT,
  type Operation,
} from './floating-registers.ts';
import { roundToLong, type HexFloat } from './hexfloat.ts';
import {
  EXTENDED_DIGITS,
  extendedSum,
  LONG_DIGITS,
  product,
  quotient,
  SHORT_DIGITS,
  wideExtended,
  wideLong,
  wideShort,
  type Wide,
} from './hexfloat-wide.ts';
import type { Execute } from './row.ts';

const longOf = ({ negative, characteristic, fraction }: Wide): HexFloat => ({
  negative,
  characteristic,
  high: Number(fraction >> 32n),
  low: Number(fraction & 0xffff_ffffn),
});
const shortOf = ({ negative, characteristic, fraction }: Wide): HexFloat => ({
  negative,
  characteristic,
  high: Number(fraction),
  low: 0,
});

const registerShort = (cpu: Cpu, r: number): Wide => wideShort(cpu.fpr[r]!);
const registerLong = (cpu: Cpu, r: number): Wide => wideLong(cpu.fpr[r]!, cpu.fpr[r + 1]!);
const registerExtended = (cpu: Cpu, r: number): Wide => wideExtended(cpu.fpr.subarray(r, r + 4));

/**
 * MER, ME [short operands, long product] Multiply. CC unchanged; a zero fraction makes a true zero.
 * Program interruptions: access (RX); specification; exponent overflow; exponent underflow (mask).
 */
export const multiplyShort: Operation = (cpu, r, high) => {
  const result = product(registerShort(cpu, r), wideShort(high), SHORT_DIGITS, LONG_DIGITS);
  deliver(cpu, r, LONG, longOf(result));
};

/** MDR, MD [long operands] Multiply. As MER; the product is truncated to 14 digits. */
export const multiplyLong: Operation = (cpu, r, high, low) => {
  const result = product(registerLong(cpu, r), wideLong(high, low), LONG_DIGITS, LONG_DIGITS);
  deliver(cpu, r, LONG, longOf(result));
};

/** An extended zero as set by its characteristic would have another one in its low-order part: a true zero has not. */
function deliverExtendedProduct(cpu: Cpu, r: number, result: Wide): void {
  if (result.fraction === 0n) setTrueZero(cpu, r, EXTENDED);
  else deliver(cpu, r, EXTENDED, result);
}

/** MXDR, MXD [long operands, extended product] Multiply. As MER; the product is exact. */
const multiplyLongToExtended = (cpu: Cpu, r: number, multiplier: Wide): void => {
  deliverExtendedProduct(cpu, r, product(registerLong(cpu, r), multiplier, LONG_DIGITS, EXTENDED_DIGITS));
};
export const multiplyLongToExtendedRegisters: Execute = (cpu, w) => {
  checkPair(cpu, r1(w));
  checkRegister(cpu, r2(w));
  multiplyLongToExtended(cpu, r1(w), registerLong(cpu, r2(w)));
};
export const multiplyLongToExtendedStorage: Execute = (cpu, w) => {
  checkPair(cpu, r1(w));
  const at = cpu.indexed(w);
  const high = cpu.fetch4(at) >>> 0;
  multiplyLongToExtended(cpu, r1(w), wideLong(high, cpu.fetch4((at + 4) & 0xffffff) >>> 0));
};

/** MXR R1,R2 [extended operands] Multiply. As MER; the product is truncated to 28 digits. */
export const multiplyExtended: Execute = (cpu, w) => {
  checkPair(cpu, r1(w));
  checkPair(cpu, r2(w));
  const a = registerExtended(cpu, r1(w));
  const b = registerExtended(cpu, r2(w));
  deliverExtendedProduct(cpu, r1(w), product(a, b, EXTENDED_DIGITS, EXTENDED_DIGITS));
};

/**
 * DER, DE [short operands] Divide. CC unchanged; no remainder; a zero dividend makes a true zero.
 * Program interruptions: access (RX); specification; exponent overflow; exponent underflow (mask); floating-point
 * divide (divisor fraction zero: suppressed).
 */
export const divideShort: Operation = (cpu, r, high) => {
  const divisor = wideShort(high);
  if (divisor.fraction === 0n) cpu.program(FLOATING_POINT_DIVIDE);
  deliver(cpu, r, SHORT, shortOf(quotient(registerShort(cpu, r), divisor, SHORT_DIGITS)));
};

/** DDR, DD [long operands] Divide. As DER. */
export const divideLong: Operation = (cpu, r, high, low) => {
  const divisor = wideLong(high, low);
  if (divisor.fraction === 0n) cpu.program(FLOATING_POINT_DIVIDE);
  deliver(cpu, r, LONG, longOf(quotient(registerLong(cpu, r), divisor, LONG_DIGITS)));
};

const addOrSubtractExtended =
  (subtract: boolean): Execute =>
  (cpu, w) => {
    checkPair(cpu, r1(w));
    checkPair(cpu, r2(w));
    const b = registerExtended(cpu, r2(w));
    const negative = b.negative !== subtract;
    const sum = extendedSum(registerExtended(cpu, r1(w)), { ...b, negative });
    if (sum.fraction === 0n) deliverZeroSum(cpu, r1(w), EXTENDED, sum);
    else deliverSum(cpu, r1(w), EXTENDED, sum);
  };
/**
 * AXR R1,R2 [extended operands] Add Normalized. CC: 0 zero · 1 negative · 2 positive.
 * Program interruptions: specification; exponent overflow; exponent underflow (mask); significance (mask).
 */
export const addNormalizedExtended: Execute = addOrSubtractExtended(false);
/** SXR R1,R2 [extended operands] Subtract Normalized. As AXR. */
export const subtractNormalizedExtended: Execute = addOrSubtractExtended(true);

/**
 * LRDR R1,R2 [extended to long] Load Rounded. CC unchanged; no normalization.
 * Program interruptions: specification; exponent overflow.
 */
export const loadRoundedToLong: Execute = (cpu, w) => {
  checkRegister(cpu, r1(w));
  checkPair(cpu, r2(w));
  const from = r2(w);
  deliver(cpu, r1(w), LONG, roundToLong(cpu.fpr[from]!, cpu.fpr[from + 1]!, cpu.fpr[from + 2]!));
};
