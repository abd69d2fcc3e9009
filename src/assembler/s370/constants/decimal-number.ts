/** Decimal numbers of constants, kept exact: a fraction of big integers. */

/** (negative ? −1 : 1) × numerator / denominator. */
export interface Fraction {
  readonly negative: boolean;
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Powers of ten that a nominal value or exponent modifier may have (GC33-4010: 10**−85 to 10**75). */
const LARGEST_EXPONENT = 85;

/** `text` × 10**`exponent`; null where it is no number, or its exponent is out of range. */
export function parseDecimal(text: string, exponent = 0): Fraction | null {
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?(?:E([+-]?\d{1,3}))?$/i.exec(text);
  if (!parts) return null;
  const [, sign = '', whole = '', fraction = '', power = '0'] = parts;
  if (whole === '' && fraction === '') return null;
  const total = Number(power) + exponent;
  if (Math.abs(total) > LARGEST_EXPONENT) return null;
  const shift = total - fraction.length;
  const digits = BigInt(whole + fraction);
  return {
    negative: sign === '-',
    numerator: shift > 0 ? digits * 10n ** BigInt(shift) : digits,
    denominator: shift < 0 ? 10n ** BigInt(-shift) : 1n,
  };
}

/** numerator / denominator to the nearest integer; halves go up. Both must be positive or zero. */
export const divideRounded = (numerator: bigint, denominator: bigint): bigint =>
  (2n * numerator + denominator) / (2n * denominator);
