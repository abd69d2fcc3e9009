/**
 * Transcendental functions of the x87 unit, by series of whole numbers with more bits than any result keeps: results
 * are the nearest to the true value, where a real unit may be off by one in the last place. Angles are reduced by the
 * 66-bit value of π that the units use. SDM vol. 1, sections 8.3.7 and 8.3.8.
 */
import { denormal, notNumber, wholeRoot, withFlags } from './arithmetic.ts';
import {
  BIAS,
  bitLength,
  exactly,
  IE,
  infinity,
  invalid,
  isInfinite,
  isNan,
  isSignalling,
  isUnsupported,
  isZero,
  MAXIMUM,
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

/** Fixed point: numbers × 2^192. */
const BITS = 192;
const UNIT = 1n << BigInt(BITS);
const SHIFT = BigInt(BITS);
const times = (a: bigint, b: bigint): bigint => (a * b) >> SHIFT;
const over = (a: bigint, b: bigint): bigint => (a << SHIFT) / b;

/** A magnitude below 2^64 in fixed point. */
const fixed = (x: Extended): bigint => {
  const by = powerOf(x) + BITS;
  return by >= 0 ? x.significand << BigInt(by) : x.significand >> BigInt(-by);
};
/** Results of series are never exact, however far one goes: sticky. */
const inexact = (negative: boolean, m: bigint, power: number, mode: Mode): Outcome => {
  const outcome = round(negative, m, power, true, { ...mode, precision: 64 });
  return withFlags(outcome, PE);
};
const fromFixed = (value: bigint, mode: Mode): Outcome =>
  inexact(value < 0n, value < 0n ? -value : value, -BITS, mode);

/** Σ x^(2k+1) / (2k+1), alternating for the arc tangent, not for the area tangent. */
function oddSeries(x: bigint, alternating: boolean): bigint {
  const square = times(x, x);
  let [sum, term, n] = [x, x, 1n];
  while (term !== 0n) {
    term = alternating ? -times(term, square) : times(term, square);
    n += 2n;
    sum += term / n;
    if (term > -8n && term < 8n) break;
  }
  return sum;
}

/** ln(m / n) of numbers not far from each other. */
const logarithmOfRatio = (m: bigint, n: bigint): bigint => 2n * oddSeries(over(m - n, m + n), false);
const LN_2 = logarithmOfRatio(4n, 3n) + logarithmOfRatio(3n, 2n);

function wholePi(): bigint {
  // Machin: π = 16 atan(1/5) − 4 atan(1/239).
  return 16n * oddSeries(UNIT / 5n, true) - 4n * oddSeries(UNIT / 239n, true);
}
const PI = wholePi();
/** π as the unit knows it: 66 bits of its significand. */
const UNIT_PI = (PI >> (SHIFT - 64n)) << (SHIFT - 64n);

// ---------------------------------------------------------------- 2^x − 1

/** F2XM1, for −1 ≤ x ≤ 1; beyond that the result is undefined, and x here. */
export function powerOfTwoLessOne(x: Extended, mode: Mode): Outcome {
  const early = notNumber(x);
  if (early) return early;
  if (isInfinite(x)) return exactly(x.negative ? ONE_NEGATIVE : x);
  const flags = denormal(x);
  if (isZero(x)) return exactly(x);
  if (x.exponent > BIAS || (x.exponent === BIAS && x.significand !== ONE_NEGATIVE.significand))
    return exactly(x, PE);
  // Near 0 it is x ln 2.
  if (x.exponent < BIAS - 70)
    return withFlags(inexact(x.negative, x.significand * LN_2, powerOf(x) - BITS, mode), flags);
  if (x.exponent === BIAS) return exactly(x.negative ? HALF_NEGATIVE : x);
  const magnitude = times(fixed(x), LN_2);
  const y = x.negative ? -magnitude : magnitude;
  let [sum, term, n] = [0n, y, 1n];
  while (term > 4n || term < -4n) {
    sum += term;
    n++;
    term = times(term, y) / n;
  }
  return withFlags(fromFixed(sum, mode), flags);
}
const ONE_NEGATIVE: Extended = { negative: true, exponent: BIAS, significand: 1n << 63n };
const HALF_NEGATIVE: Extended = { ...ONE_NEGATIVE, exponent: BIAS - 1 };

// ---------------------------------------------------------------- y log2(x), y log2(x + 1)

/** The product of y and log2 in fixed point. */
function scaled(y: Extended, log: bigint, mode: Mode): Outcome {
  const m = (log < 0n ? -log : log) * y.significand;
  return inexact(y.negative !== log < 0n, m, powerOf(y) - BITS, mode);
}

/** ln of m / 2^63, for 1 ≤ that < 2. */
function logarithm(significand: bigint): bigint {
  // Around √2 the halves are nearer to 1.
  const half = significand > 0xb504f333f9de6485n;
  const log = logarithmOfRatio(significand, half ? 1n << 64n : 1n << 63n);
  return half ? log + LN_2 : log;
}

function twoNans(x: Extended, y: Extended): Outcome | null {
  if (isUnsupported(x) || isUnsupported(y)) return invalid();
  if (!isNan(x) && !isNan(y)) return null;
  const signals = isSignalling(x) || isSignalling(y) ? IE : 0;
  if (!isNan(y)) return exactly(quieted(x), signals);
  if (!isNan(x)) return exactly(quieted(y), signals);
  if (isSignalling(x) !== isSignalling(y)) return exactly(isSignalling(x) ? y : x, signals);
  return exactly(quieted(x.significand > y.significand ? x : y), signals);
}

/** FYL2X: ST(1) × log2(ST(0)). */
export function timesLog(x: Extended, y: Extended, mode: Mode): Outcome {
  const early = twoNans(x, y);
  if (early) return early;
  if (x.negative && !isZero(x)) return invalid();
  const isOne = x.exponent === BIAS && x.significand === 1n << 63n;
  if (isZero(x)) {
    if (isZero(y)) return invalid();
    return exactly(infinity(!y.negative), isInfinite(y) ? 0 : ZE);
  }
  const flags = denormal(x, y);
  const below = x.exponent < BIAS;
  if (isInfinite(y)) return isOne ? invalid() : exactly(infinity(y.negative !== below), flags);
  if (isInfinite(x)) return isZero(y) ? invalid() : exactly(infinity(y.negative), flags);
  if (isZero(y) || isOne) return exactly(zero(y.negative !== (below && !isOne)), flags);
  const length = bitLength(x.significand);
  const power = powerOf(x) + length - 1;
  const significand = x.significand << BigInt(64 - length);
  if (significand === 1n << 63n) {
    const m = BigInt(Math.abs(power)) * y.significand;
    return withFlags(
      round(y.negative !== power < 0, m, powerOf(y), false, { ...mode, precision: 64 }),
      flags,
    );
  }
  const log = BigInt(power) * UNIT + over(logarithm(significand), LN_2);
  return withFlags(scaled(y, log, mode), flags);
}

/** FYL2XP1: ST(1) × log2(ST(0) + 1), for |ST(0)| up to 1 − √2/2. */
export function timesLogOfOneMore(x: Extended, y: Extended, mode: Mode): Outcome {
  const early = twoNans(x, y);
  if (early) return early;
  if (x.negative && x.exponent >= BIAS) return invalid();
  const flags = denormal(x, y);
  if (isZero(x)) return isInfinite(y) ? invalid() : exactly(zero(x.negative !== y.negative), flags);
  if (isInfinite(y)) return exactly(infinity(y.negative !== x.negative), flags);
  if (isInfinite(x)) return isZero(y) ? invalid() : exactly(infinity(y.negative), flags);
  if (isZero(y)) return exactly(zero(x.negative !== y.negative), flags);
  // Near 0 the logarithm is x / ln 2.
  if (x.exponent < BIAS - 70) {
    const m = over(x.significand * y.significand, LN_2);
    return withFlags(inexact(x.negative !== y.negative, m, powerOf(x) + powerOf(y), mode), flags);
  }
  const sum = UNIT + (x.negative ? -fixed(x) : fixed(x));
  const length = bitLength(sum);
  // Close to 1 the ratio keeps all that is there; far from it the power is split off.
  const power = length - 1 - BITS;
  const near = power >= -1 && power <= 0;
  const log = near
    ? logarithmOfRatio(sum, UNIT)
    : logarithmOfRatio(power >= 0 ? sum >> BigInt(power) : sum << BigInt(-power), UNIT) +
      BigInt(power) * LN_2;
  return withFlags(scaled(y, over(log, LN_2), mode), flags);
}

// ---------------------------------------------------------------- sine, cosine, tangent

interface Turned {
  /** sin and cos of what is left of the angle, and how many quarter turns were taken off. */
  readonly sine: bigint;
  readonly cosine: bigint;
}

/** Angles from here on are left to the program (C2). */
export const outOfRange = (x: Extended): boolean =>
  x.exponent >= BIAS + 63 && x.exponent !== MAXIMUM && !isUnsupported(x);

function turn(x: Extended): Turned {
  const magnitude = fixed(x);
  const quarter = UNIT_PI >> 1n;
  const quadrant = (2n * magnitude + quarter) / (2n * quarter);
  const rest = magnitude - quadrant * quarter;
  const square = times(rest, rest);
  let [sine, cosine, term, n] = [0n, 0n, UNIT, 0n];
  // Both series at once: term is ±rest^n / n!.
  let odd = rest;
  while (term !== 0n || odd !== 0n) {
    cosine += term;
    sine += odd;
    term = -times(term, square) / ((n + 1n) * (n + 2n));
    odd = -times(odd, square) / ((n + 2n) * (n + 3n));
    if (term > -8n && term < 8n && odd > -8n && odd < 8n) break;
    n += 2n;
  }
  const places: readonly (readonly [bigint, bigint])[] = [
    [sine, cosine],
    [cosine, -sine],
    [-sine, -cosine],
    [-cosine, sine],
  ];
  const [s, c] = places[Number(quadrant & 3n)]!;
  return { sine: x.negative ? -s : s, cosine: c };
}

/** So near 0 that a series has nothing to add: the angle is its own sine and tangent, and the cosine is 1. */
const tiny = (x: Extended): boolean => x.exponent < BIAS - 68;
/** The value with a hint that the true one is a little nearer to 0. */
const justBelow = (x: Extended, mode: Mode): Outcome =>
  inexact(x.negative, (x.significand << 64n) - 1n, powerOf(x) - 64, mode);
const justAbove = (x: Extended, mode: Mode): Outcome => inexact(x.negative, x.significand, powerOf(x), mode);

function angle(x: Extended, atZero: Extended, of: (t: Turned) => Outcome, near: () => Outcome): Outcome {
  const early = notNumber(x);
  if (early) return early;
  if (isInfinite(x)) return invalid();
  if (isZero(x)) return exactly(atZero);
  return withFlags(tiny(x) ? near() : of(turn(x)), denormal(x));
}

const ONE_POSITIVE: Extended = { ...ONE_NEGATIVE, negative: false };

export const sine = (x: Extended, mode: Mode): Outcome =>
  angle(
    x,
    x,
    (t) => fromFixed(t.sine, mode),
    () => justBelow(x, mode),
  );
export const cosine = (x: Extended, mode: Mode): Outcome =>
  angle(
    x,
    ONE_POSITIVE,
    (t) => fromFixed(t.cosine, mode),
    () => justBelow(ONE_POSITIVE, mode),
  );
export const tangent = (x: Extended, mode: Mode): Outcome =>
  angle(
    x,
    x,
    (t) => fromFixed(over(t.sine, t.cosine), mode),
    () => justAbove(x, mode),
  );

// ---------------------------------------------------------------- arc tangent

/** atan of 0 ≤ t ≤ 1: halved twice, so that the series is short. */
function arcTangent(t: bigint): bigint {
  const halved = (u: bigint): bigint => over(u, UNIT + wholeRoot((UNIT << SHIFT) + u * u));
  return 4n * oddSeries(halved(halved(t)), true);
}

/** FPATAN: the angle of the point (x, y), x in ST(0), y in ST(1). SDM vol. 2A, table 3-30. */
export function angleOf(x: Extended, y: Extended, mode: Mode): Outcome {
  const early = twoNans(x, y);
  if (early) return early;
  const flags = denormal(x, y);
  const signed = (magnitude: bigint): Outcome => inexact(y.negative, magnitude, -BITS, mode);
  if (isInfinite(y)) {
    const quarters = isInfinite(x) ? (x.negative ? 3n : 1n) : 2n;
    return withFlags(signed((PI * quarters) >> 2n), flags);
  }
  if (isInfinite(x) || isZero(y))
    return withFlags(x.negative ? signed(PI) : exactly(zero(y.negative)), flags);
  if (isZero(x)) return withFlags(signed(PI >> 1n), flags);
  return withFlags(finiteAngle(x, y, mode), flags);
}

function finiteAngle(x: Extended, y: Extended, mode: Mode): Outcome {
  const apart = powerOf(y) + bitLength(y.significand) - (powerOf(x) + bitLength(x.significand));
  const signed = (magnitude: bigint): Outcome => inexact(y.negative, magnitude, -BITS, mode);
  if (apart > 100) return signed(PI >> 1n);
  if (apart < -100) {
    if (x.negative) return signed(PI);
    const quotient = (y.significand << BigInt(BITS)) / x.significand;
    return inexact(y.negative, quotient, powerOf(y) - powerOf(x) - BITS, mode);
  }
  const power = Math.min(powerOf(x), powerOf(y));
  const m = x.significand << BigInt(powerOf(x) - power);
  const n = y.significand << BigInt(powerOf(y) - power);
  const acute = n <= m ? arcTangent(over(n, m)) : (PI >> 1n) - arcTangent(over(m, n));
  return signed(x.negative ? PI - acute : acute);
}
