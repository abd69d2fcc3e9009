/**
 * Hexadecimal floating-point constants E, D and L (GA22-7000, "Floating-Point Instructions"; GC33-4010,
 * "Floating-point constants"): sign, characteristic (exponent of 16, plus 64), fraction. Exactly rounded.
 */
import { divideRounded, parseDecimal } from './decimal-number.ts';
import type { Encoded } from './fixed.ts';

const LONG_DIGITS = 14;

/** `text` × 10**exponent in `bytes` bytes; `scale`: hexadecimal zeros left in front of the fraction. */
export function encodeFloat(text: string, bytes: number, scale: number, exponent: number): Encoded {
  const value = parseDecimal(text, exponent);
  if (!value)
    return { problem: `expected a number such as 1.5 or -2E3 but found ${text === '' ? 'nothing' : text}` };
  const digits = bytes <= 8 ? 2 * (bytes - 1) : LONG_DIGITS + Math.max(0, 2 * (bytes - 9));
  const { numerator, denominator } = value;
  if (numerator === 0n) return 0n;
  let power = powerOf16(numerator, denominator) + scale;
  const scaled = (at: number): bigint => {
    const shift = BigInt(4 * (digits - at));
    return shift >= 0n
      ? divideRounded(numerator << shift, denominator)
      : divideRounded(numerator, denominator << -shift);
  };
  let fraction = scaled(power);
  // Rounding up can need one digit more: .FFFFFF8 becomes 1.000000, that is .100000 with the next exponent.
  if (fraction >> BigInt(4 * digits) > 0n) fraction = scaled(++power);
  const characteristic = power + 64;
  if (characteristic < 0 || characteristic > 127)
    return { problem: `${text} is outside the range of floating-point numbers, about 5.4E-79 to 7.2E75` };
  return assemble(value.negative, characteristic, fraction, digits, bytes);
}

/** The smallest p with numerator / denominator < 16**p. */
function powerOf16(numerator: bigint, denominator: bigint): number {
  let power = Math.ceil((numerator.toString(2).length - denominator.toString(2).length) / 4);
  const below = (p: number): boolean =>
    p >= 0 ? numerator < denominator << BigInt(4 * p) : numerator << BigInt(-4 * p) < denominator;
  while (!below(power)) power++;
  while (below(power - 1)) power--;
  return power;
}

function assemble(
  negative: boolean,
  characteristic: number,
  fraction: bigint,
  digits: number,
  bytes: number,
): bigint {
  const first = (c: number): bigint => BigInt((negative ? 0x80 : 0) | (c & 0x7f));
  if (bytes <= 8) return (first(characteristic) << BigInt(4 * digits)) | fraction;
  // An extended number is two long ones; the characteristic of the second is 14 less.
  const lowDigits = digits - LONG_DIGITS;
  const low = BigInt.asUintN(4 * lowDigits, fraction);
  const high = (first(characteristic) << 56n) | (fraction >> BigInt(4 * lowDigits));
  return (
    (high << BigInt(8 + 4 * lowDigits)) | (first(characteristic - LONG_DIGITS) << BigInt(4 * lowDigits)) | low
  );
}
