/**
 * Packed decimal numbers as digits: reading, adding, multiplying, dividing, shifting. GA22-7000, "Decimal
 * Instructions". Pure of processor and storage, so that the arithmetic can be read (and tested) by itself.
 */

/** Digits of the largest operand (31) and of a carry beyond it; wide enough for the longest product. */
export const DIGITS = 32;

/** A number taken apart. `digits[0]` is the units digit. Invariant: from `count` upwards all digits are zero. */
export interface Decimal {
  readonly digits: Uint8Array;
  count: number;
  negative: boolean;
}

export const decimal = (): Decimal => ({ digits: new Uint8Array(DIGITS), count: 0, negative: false });

/** How many digits a packed field of `length` bytes holds. */
export const digitsIn = (length: number): number => 2 * length - 1;

/** Sign codes: 1010, 1100, 1110, 1111 plus; 1011, 1101 minus; what is below is a digit. */
export const isSign = (code: number): boolean => code > 9;
export const isMinus = (code: number): boolean => code === 0xb || code === 0xd;
const PLUS = 0xc;
const MINUS = 0xd;

function setCount(number: Decimal, count: number): void {
  number.count = count;
  number.digits.fill(0, count);
}

/** Takes the first `length` bytes of `field` apart. False where a digit or sign code is invalid: data exception. */
export function unpackDecimal(field: Uint8Array, length: number, into: Decimal): boolean {
  const last = field[length - 1]!;
  const sign = last & 15;
  let valid = isSign(sign);
  const { digits } = into;
  into.negative = isMinus(sign);
  let at = 0;
  digits[at++] = last >>> 4;
  if (last > 0x9f) valid = false;
  for (let i = length - 2; i >= 0; i--) {
    const byte = field[i]!;
    if (byte > 0x99 || (byte & 15) > 9) valid = false;
    digits[at++] = byte & 15;
    digits[at++] = byte >>> 4;
  }
  setCount(into, at);
  return valid;
}

/** Puts digits and a preferred sign code into the first `length` bytes of `field`; digits beyond them are lost. */
export function packDecimal(number: Decimal, length: number, field: Uint8Array): void {
  const { digits } = number;
  field[length - 1] = (digits[0]! << 4) | (number.negative ? MINUS : PLUS);
  for (let i = length - 2, at = 1; i >= 0; i--, at += 2) field[i] = (digits[at + 1]! << 4) | digits[at]!;
}

/** Whether all digits from position `from` upwards are zero. */
export function isZeroFrom(number: Decimal, from: number): boolean {
  const { digits, count } = number;
  for (let i = from; i < count; i++) if (digits[i] !== 0) return false;
  return true;
}

export const isZero = (number: Decimal): boolean => isZeroFrom(number, 0);

/** Compares magnitudes of `a` and `b` × 10^`shift`: negative, zero or positive. */
function compareMagnitudes(a: Decimal, b: Decimal, shift = 0): number {
  for (let i = Math.max(a.count, b.count + shift) - 1; i >= 0; i--) {
    const difference = a.digits[i]! - (i >= shift ? b.digits[i - shift]! : 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `into` := |a| − |b| × 10^`shift`, which must not be negative. */
function subtractMagnitudes(a: Decimal, b: Decimal, into: Decimal, shift = 0): void {
  const count = Math.max(a.count, b.count);
  let borrow = 0;
  for (let i = 0; i < count; i++) {
    const difference = a.digits[i]! - (i >= shift ? b.digits[i - shift]! : 0) - borrow;
    borrow = difference < 0 ? 1 : 0;
    into.digits[i] = difference + 10 * borrow;
  }
  setCount(into, count);
}

function addMagnitudes(a: Decimal, b: Decimal, into: Decimal): void {
  const count = Math.min(Math.max(a.count, b.count) + 1, DIGITS);
  let carry = 0;
  for (let i = 0; i < count; i++) {
    const sum = a.digits[i]! + b.digits[i]! + carry;
    carry = sum > 9 ? 1 : 0;
    into.digits[i] = sum - 10 * carry;
  }
  setCount(into, count);
}

/** `into` := a + b. The sign of a zero is left to the caller, who knows whether digits will be lost. */
export function addDecimals(a: Decimal, b: Decimal, into: Decimal): void {
  if (a.negative === b.negative) {
    addMagnitudes(a, b, into);
    into.negative = a.negative;
    return;
  }
  const order = compareMagnitudes(a, b);
  if (order >= 0) subtractMagnitudes(a, b, into);
  else subtractMagnitudes(b, a, into);
  into.negative = order >= 0 ? a.negative : b.negative;
}

/** −1, 0 or 1 as `a` is below, equal to or above `b`; zeros are equal whatever their signs. */
export function compareDecimals(a: Decimal, b: Decimal): -1 | 0 | 1 {
  const order = compareMagnitudes(a, b);
  if (a.negative === b.negative) return order === 0 ? 0 : order > 0 !== a.negative ? 1 : -1;
  if (order === 0 && isZero(a)) return 0;
  return a.negative ? -1 : 1;
}

/** `into` := a × b, which must fit in 31 digits; the sign follows the rules of algebra even for zero. */
export function multiplyDecimals(a: Decimal, b: Decimal, into: Decimal): void {
  setCount(into, 0);
  for (let i = 0; i < b.count; i++) {
    const multiplier = b.digits[i]!;
    if (multiplier === 0) continue;
    let carry = 0;
    for (let j = 0; j <= a.count && i + j < DIGITS; j++) {
      const sum = into.digits[i + j]! + a.digits[j]! * multiplier + carry;
      carry = Math.floor(sum / 10);
      into.digits[i + j] = sum - 10 * carry;
    }
  }
  into.count = Math.min(a.count + b.count, DIGITS);
  into.negative = a.negative !== b.negative;
}

/**
 * Divides as the machine does, by repeated subtraction from the left. `dividend` becomes the remainder and keeps its
 * sign. False, and nothing changed, where the quotient needs more than `digits` digits (or the divisor is zero).
 */
export function divideDecimals(
  dividend: Decimal,
  divisor: Decimal,
  digits: number,
  quotient: Decimal,
): boolean {
  // The manual's trial subtraction: the divisor aligned one place beyond the quotient must exceed the dividend.
  if (compareMagnitudes(dividend, divisor, digits) >= 0) return false;
  setCount(quotient, 0);
  quotient.count = digits;
  for (let place = digits - 1; place >= 0; place--)
    while (compareMagnitudes(dividend, divisor, place) >= 0) {
      subtractMagnitudes(dividend, divisor, dividend, place);
      quotient.digits[place]!++;
    }
  quotient.negative = dividend.negative !== divisor.negative;
  return true;
}

/** Shifts `number` by `places` to the left. True where a digit other than zero left a field of `digits` digits. */
export function shiftDecimalLeft(number: Decimal, places: number, digits: number): boolean {
  const lost = !isZeroFrom(number, Math.max(0, digits - places));
  number.digits.copyWithin(places, 0, DIGITS - places);
  number.digits.fill(0, 0, places);
  number.count = Math.min(number.count + places, DIGITS);
  return lost;
}

/** Shifts `number` by `places` (at least 1) to the right; `rounding` is first added to the leftmost digit to leave. */
export function shiftDecimalRight(number: Decimal, places: number, rounding: number): void {
  const { digits, count } = number;
  let carry = digits[places - 1]! + rounding > 9 ? 1 : 0;
  for (let i = 0; i < count; i++) {
    const digit = (i + places < DIGITS ? digits[i + places]! : 0) + carry;
    carry = digit > 9 ? 1 : 0;
    digits[i] = digit - 10 * carry;
  }
}
