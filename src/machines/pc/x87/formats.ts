/** From and to the formats of memory: single, double, integers, packed decimal. SDM vol. 1, sections 4.2 and 4.7. */
import {
  BIAS,
  cut,
  DE,
  DOUBLE,
  exact,
  exactly,
  IE,
  infinity,
  INTEGER_BIT,
  isInfinite,
  isNan,
  isSignalling,
  isUnsupported,
  isZero,
  MAXIMUM,
  OE,
  PE,
  powerOf,
  quieted,
  round,
  SINGLE,
  UE,
  zero,
  type Extended,
  type Format,
  type Mode,
  type Outcome,
} from './extended.ts';

/** What is to be stored, and the exceptions found on the way. */
export interface Stored {
  readonly bits: bigint;
  readonly flags: number;
  readonly up: boolean;
}

/** Field widths of single and double. */
interface Layout {
  readonly format: Format;
  readonly fraction: number;
  readonly exponent: number;
}
export const SINGLE_LAYOUT: Layout = { format: SINGLE, fraction: 23, exponent: 8 };
export const DOUBLE_LAYOUT: Layout = { format: DOUBLE, fraction: 52, exponent: 11 };

/** A number of memory is exact in a register; it is told that it was denormal. Signalling NaNs stay what they are. */
export function fromMemory(bits: bigint, { format, fraction, exponent }: Layout): Outcome {
  const width = BigInt(fraction);
  const negative = bits >> (width + BigInt(exponent)) !== 0n;
  const biased = Number((bits >> width) & ((1n << BigInt(exponent)) - 1n));
  const rest = bits & ((1n << width) - 1n);
  const top = BigInt(63 - fraction);
  if (biased === (1 << exponent) - 1) {
    if (rest === 0n) return exactly(infinity(negative));
    return exactly({ negative, exponent: MAXIMUM, significand: INTEGER_BIT | (rest << top) });
  }
  if (biased === 0) {
    if (rest === 0n) return exactly(zero(negative));
    return exactly(exact(negative, rest, format.minimum - fraction), DE);
  }
  const unbiased = biased - format.maximum;
  return exactly({ negative, exponent: unbiased + BIAS, significand: INTEGER_BIT | (rest << top) });
}

/** Rounds a register to a format of memory. */
export function toMemory(x: Extended, { format, fraction, exponent }: Layout, mode: Mode): Stored {
  const width = BigInt(fraction);
  const top = BigInt(63 - fraction);
  const sign = x.negative ? 1n << (width + BigInt(exponent)) : 0n;
  const special = BigInt((1 << exponent) - 1) << width;
  const mask = (1n << width) - 1n;
  if (isUnsupported(x)) {
    const indefinite = (1n << (width + BigInt(exponent))) | special | (1n << (width - 1n));
    return { bits: indefinite, flags: IE, up: false };
  }
  if (isNan(x)) {
    const bits = sign | special | ((quieted(x).significand >> top) & mask);
    return { bits, flags: isSignalling(x) ? IE : 0, up: false };
  }
  if (isInfinite(x)) return { bits: sign | special, flags: 0, up: false };
  if (isZero(x)) return { bits: sign, flags: 0, up: false };
  const { value, flags, up } = round(
    x.negative,
    x.significand,
    powerOf(x),
    false,
    { ...mode, precision: format.precision },
    format,
  );
  // Nothing is stored then, so nothing is inexact.
  if ((flags & ~mode.masks & (OE | UE)) !== 0) return { bits: 0n, flags: flags & ~PE, up: false };
  if (isInfinite(value)) return { bits: sign | special, flags, up };
  if (isZero(value)) return { bits: sign, flags, up };
  const biased = value.exponent - BIAS + format.maximum;
  if (biased >= 1)
    return { bits: sign | (BigInt(biased) << width) | ((value.significand >> top) & mask), flags, up };
  return { bits: sign | (value.significand >> (top + BigInt(1 - biased))), flags, up };
}

// ---------------------------------------------------------------- integers

/** Rounds to a whole number; what does not fit is invalid and gives the integer indefinite. */
export function toInteger(x: Extended, size: number, mode: Mode): Stored {
  const indefinite = { bits: 1n << BigInt(size - 1), flags: IE, up: false };
  if (isUnsupported(x) || x.exponent === MAXIMUM || x.exponent > BIAS + 64) return indefinite;
  const { m, inexact, up } = cut(x.significand, -powerOf(x), false, x.negative, mode.rounding);
  const limit = 1n << BigInt(size - 1);
  if (x.negative ? m > limit : m >= limit) return indefinite;
  const bits = BigInt.asUintN(size, x.negative ? -m : m);
  return { bits, flags: inexact ? PE : 0, up };
}

/** A signed whole number is exact in a register. */
export const fromInteger = (n: bigint): Extended => exact(n < 0n, n < 0n ? -n : n, 0);

// ---------------------------------------------------------------- packed decimal: 18 digits and a sign byte

const TOO_GREAT = 10n ** 18n;
const DECIMAL_INDEFINITE = 0xffffc000000000000000n;

export function fromDecimal(bits: bigint): Extended {
  let n = 0n;
  for (let k = 17n; k >= 0n; k--) n = n * 10n + ((bits >> (4n * k)) & 15n);
  const negative = ((bits >> 79n) & 1n) !== 0n;
  return exact(negative, n, 0);
}

export function toDecimal(x: Extended, mode: Mode): Stored {
  const whole = toInteger(x, 64, mode);
  if ((whole.flags & IE) !== 0) return { ...whole, bits: DECIMAL_INDEFINITE };
  const signed = BigInt.asIntN(64, whole.bits);
  let rest = signed < 0n ? -signed : signed;
  if (rest >= TOO_GREAT) return { bits: DECIMAL_INDEFINITE, flags: IE, up: false };
  let bits = x.negative ? 1n << 79n : 0n;
  for (let k = 0n; rest > 0n; k++, rest /= 10n) bits |= (rest % 10n) << (4n * k);
  return { ...whole, bits };
}
