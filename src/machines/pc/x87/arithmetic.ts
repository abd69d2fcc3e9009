/** Arithmetic of the x87 unit on double extended-precision numbers. SDM vol. 1, sections 8.3.5 to 8.3.7, 8.5. */
import {
  BIAS,
  bitLength,
  cut,
  DE,
  DOWN,
  exact,
  exactly,
  IE,
  infinity,
  INTEGER_BIT,
  invalid,
  isDenormal,
  isInfinite,
  isNan,
  isSignalling,
  isUnsupported,
  isZero,
  negated,
  PE,
  powerOf,
  quieted,
  round,
  ZE,
  zero,
  type Extended,
  type Mode,
  type Outcome,
} from './extended.ts';

// ---------------------------------------------------------------- operands that decide the result by themselves

/** Of two NaNs the one with the larger significand; a quiet one before a signalling one. Table 4-7. */
function nanOf(a: Extended, b: Extended): Extended {
  if (!isNan(b)) return quieted(a);
  if (!isNan(a)) return quieted(b);
  if (isSignalling(a) !== isSignalling(b)) return isSignalling(a) ? b : a;
  if (a.significand !== b.significand) return quieted(a.significand > b.significand ? a : b);
  return quieted(a.negative ? b : a);
}

/** The outcome if an operand is no number, else null. */
function notNumbers(a: Extended, b: Extended): Outcome | null {
  if (isUnsupported(a) || isUnsupported(b)) return invalid();
  if (!isNan(a) && !isNan(b)) return null;
  return exactly(nanOf(a, b), isSignalling(a) || isSignalling(b) ? IE : 0);
}

export function notNumber(a: Extended): Outcome | null {
  if (isUnsupported(a)) return invalid();
  return isNan(a) ? exactly(quieted(a), isSignalling(a) ? IE : 0) : null;
}

export const denormal = (...operands: readonly Extended[]): number => (operands.some(isDenormal) ? DE : 0);
export const withFlags = (outcome: Outcome, flags: number): Outcome =>
  flags === 0 ? outcome : { ...outcome, flags: outcome.flags | flags };

const rounded = (a: Extended, mode: Mode): Outcome =>
  round(a.negative, a.significand, powerOf(a), false, mode);

// ---------------------------------------------------------------- add, multiply, divide, root

/** Far apart, the smaller operand is no more than a hint that there is something. */
const FAR = 70;

function sumOfFinite(a: Extended, b: Extended, mode: Mode): Outcome {
  if (isZero(a) !== isZero(b)) return rounded(isZero(a) ? b : a, mode);
  const [pa, pb] = [powerOf(a), powerOf(b)];
  const [high, low] = pa >= pb ? [a, b] : [b, a];
  const apart = Math.abs(pa - pb);
  const signed = (x: Extended): bigint => (x.negative ? -x.significand : x.significand);
  if (apart > 2 * FAR) {
    const shifted = signed(high) << BigInt(FAR);
    // A little less is: one less, and a little more.
    const sum = shifted + (low.negative === high.negative ? 0n : low.negative ? -1n : 1n);
    return round(high.negative, sum < 0n ? -sum : sum, powerOf(high) - FAR, true, mode);
  }
  const sum = (signed(high) << BigInt(apart)) + signed(low);
  if (sum === 0n) {
    const negative = a.negative === b.negative ? a.negative : mode.rounding === DOWN;
    return exactly(zero(negative));
  }
  return round(sum < 0n, sum < 0n ? -sum : sum, Math.min(pa, pb), false, mode);
}

export function add(a: Extended, b: Extended, mode: Mode): Outcome {
  const early = notNumbers(a, b);
  if (early) return early;
  if (isInfinite(a) && isInfinite(b) && a.negative !== b.negative) return invalid();
  const flags = denormal(a, b);
  if (isInfinite(a)) return exactly(a, flags);
  if (isInfinite(b)) return exactly(b, flags);
  return withFlags(sumOfFinite(a, b, mode), flags);
}

export function subtract(a: Extended, b: Extended, mode: Mode): Outcome {
  // The sign of a NaN is not that of a difference.
  return isNan(b) ? add(a, b, mode) : add(a, negated(b), mode);
}

export function multiply(a: Extended, b: Extended, mode: Mode): Outcome {
  const early = notNumbers(a, b);
  if (early) return early;
  const negative = a.negative !== b.negative;
  if ((isInfinite(a) && isZero(b)) || (isZero(a) && isInfinite(b))) return invalid();
  const flags = denormal(a, b);
  if (isInfinite(a) || isInfinite(b)) return exactly(infinity(negative), flags);
  const product = a.significand * b.significand;
  return withFlags(round(negative, product, powerOf(a) + powerOf(b), false, mode), flags);
}

/** Bits of a quotient that decide any rounding. */
const QUOTIENT = 66;

export function divide(a: Extended, b: Extended, mode: Mode): Outcome {
  const early = notNumbers(a, b);
  if (early) return early;
  const negative = a.negative !== b.negative;
  if ((isInfinite(a) && isInfinite(b)) || (isZero(a) && isZero(b))) return invalid();
  if (isZero(b) && !isInfinite(a)) return exactly(infinity(negative), ZE);
  const flags = denormal(a, b);
  if (isInfinite(a)) return exactly(infinity(negative), flags);
  if (isInfinite(b) || isZero(a)) return exactly(zero(negative), flags);
  const by = Math.max(0, QUOTIENT + bitLength(b.significand) - bitLength(a.significand));
  const dividend = a.significand << BigInt(by);
  const quotient = dividend / b.significand;
  const sticky = quotient * b.significand !== dividend;
  return withFlags(round(negative, quotient, powerOf(a) - powerOf(b) - by, sticky, mode), flags);
}

/** The whole part of a square root, by Newton's method from above. */
export function wholeRoot(n: bigint): bigint {
  if (n < 2n) return n;
  let x = 1n << BigInt((bitLength(n) + 1) >> 1);
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

export function squareRoot(a: Extended, mode: Mode): Outcome {
  const early = notNumber(a);
  if (early) return early;
  if (isZero(a)) return exactly(a);
  if (a.negative) return invalid();
  const flags = denormal(a);
  if (isInfinite(a)) return exactly(a, flags);
  const power = powerOf(a);
  const by = 2 * QUOTIENT - bitLength(a.significand);
  const even = (power - by) % 2 === 0 ? by : by + 1;
  const radicand = a.significand << BigInt(even);
  const root = wholeRoot(radicand);
  return withFlags(round(false, root, (power - even) / 2, root * root !== radicand, mode), flags);
}

// ---------------------------------------------------------------- FPREM, FPREM1

/** Results do not round to the precision of the control word: remainders are exact. */
const whole = (mode: Mode): Mode => ({ ...mode, precision: 64 });

export interface Remainder extends Outcome {
  /** Low three bits of the quotient. */
  readonly quotient: number;
  /** Only a part of the reduction was done (C2). */
  readonly partial: boolean;
}
const complete = (outcome: Outcome, quotient = 0): Remainder => ({ ...outcome, quotient, partial: false });

/** Remainder of a / b, truncating (FPREM) or rounding to nearest (FPREM1) the quotient. SDM vol. 2A, "FPREM". */
export function remainder(a: Extended, b: Extended, mode: Mode, nearest: boolean): Remainder {
  const early = notNumbers(a, b);
  if (early) return complete(early);
  if (isInfinite(a) || isZero(b)) return complete(invalid());
  const flags = denormal(a, b);
  if (isZero(a)) return complete(exactly(a, flags));
  if (isInfinite(b)) return complete(withFlags(rounded(a, whole(mode)), flags));
  const [pa, pb] = [powerOf(a), powerOf(b)];
  const apart = pa + bitLength(a.significand) - (pb + bitLength(b.significand));
  if (apart >= 64) return partialRemainder(a, b, apart, flags, mode);
  const power = Math.min(pa, pb);
  // Far below the divisor there is nothing to take away.
  if (apart < -1) return complete(withFlags(rounded(a, whole(mode)), flags));
  const [m, n] = [a.significand << BigInt(pa - power), b.significand << BigInt(pb - power)];
  let quotient = m / n;
  let rest = m - quotient * n;
  let negative = a.negative;
  if (nearest && (2n * rest > n || (2n * rest === n && (quotient & 1n) === 1n))) {
    quotient += 1n;
    rest = n - rest;
    negative = !negative;
  }
  const outcome = rest === 0n ? exactly(zero(a.negative)) : round(negative, rest, power, false, whole(mode));
  return complete(withFlags(outcome, flags), Number(quotient & 7n));
}

/** Takes off as much as brings the exponents closer by 32 to 63; the program goes on. */
function partialRemainder(a: Extended, b: Extended, apart: number, flags: number, mode: Mode): Remainder {
  const by = apart - ((apart & 31) | 32);
  const [pa, pb] = [powerOf(a), powerOf(b) + by];
  const power = Math.min(pa, pb);
  const rest = (a.significand << BigInt(pa - power)) % (b.significand << BigInt(pb - power));
  const outcome =
    rest === 0n ? exactly(zero(a.negative)) : round(a.negative, rest, power, false, whole(mode));
  return { ...withFlags(outcome, flags), quotient: 0, partial: true };
}

// ---------------------------------------------------------------- FSCALE, FXTRACT, FRNDINT

/** a × 2^b, b cut to a whole number. */
export function scale(a: Extended, b: Extended, mode: Mode): Outcome {
  const early = notNumbers(a, b);
  if (early) return early;
  const flags = denormal(a, b);
  if (isInfinite(b)) {
    if (b.negative ? isInfinite(a) : isZero(a)) return invalid();
    return exactly(b.negative ? zero(a.negative) : infinity(a.negative), flags);
  }
  if (isInfinite(a) || isZero(a)) return exactly(a, flags);
  const magnitude = b.exponent < BIAS ? 0 : b.exponent > BIAS + 16 ? 0x20000 : wholePart(b);
  const power = powerOf(a) + (b.negative ? -magnitude : magnitude);
  return withFlags(round(a.negative, a.significand, power, false, whole(mode)), flags);
}

const wholePart = (x: Extended): number => Number(x.significand >> BigInt(BIAS + 63 - x.exponent));

/** Exponent and significand as numbers of their own. */
export function extract(a: Extended): { readonly exponent: Extended; readonly outcome: Outcome } {
  const early = notNumber(a);
  if (early) return { exponent: early.value, outcome: early };
  if (isZero(a)) return { exponent: infinity(true), outcome: exactly(a, ZE) };
  if (isInfinite(a)) return { exponent: infinity(false), outcome: exactly(a) };
  const length = bitLength(a.significand);
  const power = powerOf(a) + length - 1;
  const value = { ...a, exponent: BIAS, significand: a.significand << BigInt(64 - length) };
  return { exponent: fromWhole(power), outcome: exactly(value, denormal(a)) };
}

export const fromWhole = (n: number): Extended => exact(n < 0, BigInt(Math.abs(n)), 0);

export function roundToInteger(a: Extended, mode: Mode): Outcome {
  const early = notNumber(a);
  if (early) return early;
  const power = powerOf(a);
  if (isInfinite(a) || isZero(a) || power >= 0) return exactly(a);
  const { m, inexact, up } = cut(a.significand, -power, false, a.negative, mode.rounding);
  const flags = (inexact ? PE : 0) | denormal(a);
  return { value: m === 0n ? zero(a.negative) : exact(a.negative, m, 0), flags, up };
}

// ---------------------------------------------------------------- comparison

export type Order = 'less' | 'equal' | 'greater' | 'unordered';

/** How `a` compares with `b`; whether quiet NaNs are invalid is what tells FCOM from FUCOM. */
export function compare(
  a: Extended,
  b: Extended,
  quiet: boolean,
): { readonly order: Order; readonly flags: number } {
  if (isUnsupported(a) || isUnsupported(b)) return { order: 'unordered', flags: IE };
  if (isNan(a) || isNan(b)) {
    const signals = !quiet || isSignalling(a) || isSignalling(b);
    return { order: 'unordered', flags: signals ? IE : 0 };
  }
  return { order: orderOf(a, b), flags: denormal(a, b) };
}

function orderOf(a: Extended, b: Extended): Order {
  if (isZero(a) && isZero(b)) return 'equal';
  if (a.negative !== b.negative) return a.negative ? 'less' : 'greater';
  // A pseudo-denormal is the normal number of exponent 1.
  const size = (x: Extended): bigint =>
    (BigInt(x.exponent === 0 && x.significand >= INTEGER_BIT ? 1 : x.exponent) << 64n) | x.significand;
  const [m, n] = [size(a), size(b)];
  if (m === n) return 'equal';
  return m < n !== a.negative ? 'less' : 'greater';
}
