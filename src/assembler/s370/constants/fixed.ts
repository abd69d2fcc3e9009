/** Fixed-point constants F and H (GC33-4010, "Fixed-point constants"). */
import { divideRounded, parseDecimal } from './decimal-number.ts';

export type Encoded = bigint | { readonly problem: string };

/** `text` × 10**exponent × 2**scale, rounded, as `bits` bits of two's complement. */
export function encodeFixed(text: string, bits: number, scale: number, exponent: number): Encoded {
  const value = parseDecimal(text, exponent);
  if (!value) return { problem: `expected a decimal number but found ${text === '' ? 'nothing' : text}` };
  const { numerator, denominator } = value;
  const magnitude =
    scale >= 0
      ? divideRounded(numerator << BigInt(scale), denominator)
      : divideRounded(numerator, denominator << BigInt(-scale));
  const number = value.negative ? -magnitude : magnitude;
  const limit = 1n << BigInt(bits - 1);
  if (number < -limit || number >= limit)
    return { problem: `${text} does not fit in ${bits} bits: the range is ${-limit} to ${limit - 1n}` };
  return BigInt.asUintN(bits, number);
}
