/**
 * Hexadecimal floating-point multiplication and division, and addition of extended numbers, on whole fractions.
 * GA22-7000, "Floating-Point Instructions". Pure. Fractions are `bigint`s of a stated number of hexadecimal digits:
 * products of 28-digit fractions have 56, and exactness matters more here than speed.
 */

export const SHORT_DIGITS = 6;
export const LONG_DIGITS = 14;
export const EXTENDED_DIGITS = 28;

/** A number taken apart; a result's characteristic may leave 0 … 127. */
export interface Wide {
  readonly negative: boolean;
  readonly characteristic: number;
  readonly fraction: bigint;
}

const TRUE_ZERO: Wide = { negative: false, characteristic: 0, fraction: 0n };

const wide = (high: number, fraction: bigint): Wide => ({
  negative: high >>> 31 !== 0,
  characteristic: (high >>> 24) & 127,
  fraction,
});

const longFraction = (high: number, low: number): bigint => (BigInt(high & 0xff_ffff) << 32n) | BigInt(low);

export const wideShort = (high: number): Wide => wide(high, BigInt(high & 0xff_ffff));
export const wideLong = (high: number, low: number): Wide => wide(high, longFraction(high, low));
/** From the four words of an extended number; sign and characteristic of the low-order part are ignored. */
export const wideExtended = (words: ArrayLike<number>): Wide =>
  wide(words[0]!, (longFraction(words[0]!, words[1]!) << 56n) | longFraction(words[2]!, words[3]!));

const places = (digits: number): bigint => BigInt(4 * digits);

/** Shifts a fraction other than zero, of `digits` digits, until its first digit is not zero. */
function normalized(number: Wide, digits: number): Wide {
  const least = 1n << places(digits - 1);
  let { characteristic, fraction } = number;
  while (fraction < least) {
    fraction <<= 4n;
    characteristic--;
  }
  return { negative: number.negative, characteristic, fraction };
}

/** The normalized product, truncated to `resultDigits`, of two numbers of `digits` digits; a true zero if one is zero. */
export function product(a: Wide, b: Wide, digits: number, resultDigits: number): Wide {
  if (a.fraction === 0n || b.fraction === 0n) return TRUE_ZERO;
  const multiplicand = normalized(a, digits);
  const multiplier = normalized(b, digits);
  const exact = normalized(
    {
      negative: a.negative !== b.negative,
      characteristic: multiplicand.characteristic + multiplier.characteristic - 64,
      fraction: multiplicand.fraction * multiplier.fraction,
    },
    2 * digits,
  );
  const excess = places(2 * digits - resultDigits);
  return { ...exact, fraction: excess >= 0n ? exact.fraction >> excess : exact.fraction << -excess };
}

/** The normalized quotient, truncated, of two numbers of `digits` digits; the divisor's fraction must not be zero. */
export function quotient(a: Wide, b: Wide, digits: number): Wide {
  if (a.fraction === 0n) return TRUE_ZERO;
  const dividend = normalized(a, digits);
  const divisor = normalized(b, digits);
  // Where the fractions' quotient is 1 or more, it needs one digit before the point: all moves right by one.
  const carry = dividend.fraction >= divisor.fraction ? 1 : 0;
  return {
    negative: a.negative !== b.negative,
    characteristic: dividend.characteristic - divisor.characteristic + 64 + carry,
    fraction: (dividend.fraction << places(digits - carry)) / divisor.fraction,
  };
}

/**
 * The sum of two extended numbers, normalized unless its fraction is zero. Characteristics are made to agree as in
 * short and long addition, with one guard digit; a zero sum keeps the larger characteristic and is positive.
 */
export function extendedSum(a: Wide, b: Wide): Wide {
  const [large, small] = a.characteristic < b.characteristic ? [b, a] : [a, b];
  const distance = Math.min(large.characteristic - small.characteristic, EXTENDED_DIGITS + 1);
  const signed = (number: Wide, fraction: bigint): bigint => (number.negative ? -fraction : fraction);
  const sum = signed(large, large.fraction << 4n) + signed(small, (small.fraction << 4n) >> places(distance));
  if (sum === 0n) return { negative: false, characteristic: large.characteristic, fraction: 0n };
  const negative = sum < 0n;
  const fraction = negative ? -sum : sum;
  const carry = fraction >> places(EXTENDED_DIGITS + 1) !== 0n;
  if (carry) return { negative, characteristic: large.characteristic + 1, fraction: fraction >> 8n };
  const shifted = normalized(
    { negative, characteristic: large.characteristic, fraction },
    EXTENDED_DIGITS + 1,
  );
  return { ...shifted, fraction: shifted.fraction >> 4n };
}
