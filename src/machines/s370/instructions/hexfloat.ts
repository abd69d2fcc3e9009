/**
 * Short and long hexadecimal floating-point arithmetic in 32-bit words: sums with their guard digit, halving,
 * rounding. GA22-7000, "Floating-Point Instructions". Pure; operands are a number's words as registers hold them.
 *
 * A characteristic may leave 0 … 127 here; whoever places the number decides what that means.
 */

const SIGN = 0x8000_0000;
const FRACTION = 0xff_ffff;

/** A result: six fraction digits in `high`, eight more in `low`, which short numbers leave aside. */
export interface HexFloat {
  negative: boolean;
  characteristic: number;
  high: number;
  low: number;
}

/**
 * An intermediate result: as HexFloat, but followed by a guard digit: the fraction's digits stand one place further
 * left, 7 in `high` (and in sums a carry before them), 8 in `low`. In short numbers `low` is zero and the guard digit
 * is the last digit of `high`.
 */
export interface Guarded extends HexFloat {
  readonly guarded: true;
}

const characteristicOf = (high: number): number => (high >>> 24) & 127;

const guarded = (negative: boolean, characteristic: number, high: number, low: number): Guarded => ({
  guarded: true,
  negative,
  characteristic,
  high,
  low,
});

/** The first word of a number: sign, characteristic modulo 128, six fraction digits. */
export const firstWord = ({ negative, characteristic, high }: HexFloat): number =>
  ((negative ? SIGN : 0) | ((characteristic & 127) << 24) | high) >>> 0;

export const isZeroFraction = (number: HexFloat): boolean => (number.high | number.low) === 0;

/** Moves the fraction one digit to the right; the characteristic grows by one. */
function shiftRight(number: Guarded): void {
  number.low = ((number.low >>> 4) | (number.high << 28)) >>> 0;
  number.high >>>= 4;
  number.characteristic++;
}

/**
 * The exact-to-the-guard-digit sum of two numbers, with its carry still in place. The fraction of the smaller
 * characteristic is shifted until the characteristics agree; of what leaves the last place, one digit is kept.
 */
export function sumOf(aHigh: number, aLow: number, bHigh: number, bLow: number, long: boolean): Guarded {
  const aSmaller = characteristicOf(aHigh) < characteristicOf(bHigh);
  const large = aSmaller ? unpack(bHigh, bLow, long) : unpack(aHigh, aLow, long);
  const small = aSmaller ? unpack(aHigh, aLow, long) : unpack(bHigh, bLow, long);
  while (small.characteristic < large.characteristic && !isZeroFraction(small)) shiftRight(small);
  if (!long) small.low = 0;
  if (large.negative === small.negative) {
    const low = large.low + small.low;
    large.high += small.high + (low > 0xffff_ffff ? 1 : 0);
    large.low = low >>> 0;
  } else subtractFraction(large, small);
  // A zero sum is positive, whatever the signs of the operands were.
  if (isZeroFraction(large)) large.negative = false;
  return large;
}

/** The operand with a zero guard digit. */
function unpack(high: number, low: number, long: boolean): Guarded {
  const fraction = (high & FRACTION) << 4;
  const negative = high >>> 31 !== 0;
  return long
    ? guarded(negative, characteristicOf(high), fraction | (low >>> 28), (low << 4) >>> 0)
    : guarded(negative, characteristicOf(high), fraction, 0);
}

/** `from` := `from` − `number` as numbers of different sign: the larger fraction's sign wins. */
function subtractFraction(from: Guarded, number: Guarded): void {
  const swap = from.high < number.high || (from.high === number.high && from.low < number.low);
  const [a, b] = swap ? [number, from] : [from, number];
  const low = a.low - b.low;
  const high = a.high - b.high - (low < 0 ? 1 : 0);
  from.negative = a.negative;
  from.high = high;
  from.low = low >>> 0;
}

const CARRY = 0x1000_0000;
const LEADING_DIGIT = 0x0f00_0000;

/** Brings a carry back into the fraction; without one the number stays as it is. */
export function takeCarry(number: Guarded): void {
  if (number.high >= CARRY) shiftRight(number);
}

/** Shifts a fraction other than zero until its first digit is not zero; the guard digit takes part. */
export function normalize(number: Guarded): void {
  takeCarry(number);
  while ((number.high & LEADING_DIGIT) === 0) {
    number.high = (number.high << 4) | (number.low >>> 28);
    number.low = (number.low << 4) >>> 0;
    number.characteristic--;
  }
}

/** The number without its guard digit. */
export const truncate = ({ negative, characteristic, high, low }: Guarded): HexFloat => ({
  negative,
  characteristic,
  high: high >>> 4,
  low: ((high << 28) | (low >>> 4)) >>> 0,
});

/** Half of a number, normalized: the bit shifted out enters the guard digit. A zero fraction makes a true zero. */
export function halfOf(high: number, low: number, long: boolean): HexFloat {
  const number = unpack(high, low, long);
  if (isZeroFraction(number)) return { negative: false, characteristic: 0, high: 0, low: 0 };
  number.low = ((number.low >>> 1) | (number.high << 31)) >>> 0;
  number.high >>>= 1;
  if (!long) number.low = 0;
  normalize(number);
  return truncate(number);
}

/** A long number rounded to short: bit 32 decides; a carry out of the fraction moves it one digit. */
export function roundToShort(high: number, low: number): HexFloat {
  const fraction = (high & FRACTION) + (low >>> 31);
  const carry = fraction > FRACTION;
  return {
    negative: high >>> 31 !== 0,
    characteristic: characteristicOf(high) + (carry ? 1 : 0),
    high: carry ? fraction >>> 4 : fraction,
    low: 0,
  };
}

/** An extended number rounded to long: the first fraction bit of its low-order part, whose first word is `next`. */
export function roundToLong(high: number, low: number, next: number): HexFloat {
  const lowSum = low + ((next >>> 23) & 1);
  const fraction = (high & FRACTION) + (lowSum > 0xffff_ffff ? 1 : 0);
  const carry = fraction > FRACTION;
  return {
    negative: high >>> 31 !== 0,
    characteristic: characteristicOf(high) + (carry ? 1 : 0),
    // A carry out of the fraction leaves nothing but zeros behind it.
    high: carry ? fraction >>> 4 : fraction,
    low: lowSum >>> 0,
  };
}
