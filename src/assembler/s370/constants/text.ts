/** Constants written digit by digit or character by character: C, X, B, P, Z (GC33-4010, "DC"). */
import { ebcdicBytes } from '../../../base/ebcdic.ts';
import type { Encoded } from './fixed.ts';

const PLUS = 0xcn;
const MINUS = 0xdn;

/** Bytes that a nominal value needs by itself. */
export function impliedLength(type: 'C' | 'X' | 'B' | 'P' | 'Z', text: string): number {
  const decimalDigits = text.replace(/\D/g, '').length;
  const lengths = {
    C: Array.from(text).length,
    X: Math.ceil(text.length / 2),
    B: Math.ceil(text.length / 8),
    P: (decimalDigits >> 1) + 1,
    Z: decimalDigits,
  };
  return Math.max(1, lengths[type]);
}

/** Cut on the right, or padded with blanks. */
export function encodeCharacters(text: string, bits: number): Encoded {
  const length = Math.ceil(bits / 8);
  if (text === '') return { problem: 'a character constant needs at least one character' };
  let value = 0n;
  for (const byte of ebcdicBytes(text, length)) value = (value << 8n) | BigInt(byte);
  return value >> BigInt(8 * length - bits);
}

/** Cut on the left, or padded with zeros. */
export function encodeDigits(type: 'X' | 'B', text: string, bits: number): Encoded {
  const valid = type === 'X' ? /^[0-9A-F]+$/i : /^[01]+$/;
  if (!valid.test(text))
    return {
      problem: `expected ${type === 'X' ? 'hexadecimal' : 'binary'} digits but found ${text === '' ? 'nothing' : text}`,
    };
  return BigInt.asUintN(bits, BigInt((type === 'X' ? '0x' : '0b') + text));
}

/** Packed or zoned; a decimal point is for the reader only. Cut on the left, or padded with zeros. */
export function encodeDecimal(type: 'P' | 'Z', text: string, bits: number): Encoded {
  const parts = /^([+-]?)(\d*)\.?(\d*)$/.exec(text);
  const digits = (parts?.[2] ?? '') + (parts?.[3] ?? '');
  if (!parts || digits === '')
    return { problem: `expected decimal digits with a sign but found ${text === '' ? 'nothing' : text}` };
  const sign = parts[1] === '-' ? MINUS : PLUS;
  if (type === 'P') return BigInt.asUintN(bits, (BigInt('0x' + digits) << 4n) | sign);
  let value = 0n;
  const padded = digits.padStart(bits / 8, '0');
  for (const digit of padded) value = (value << 8n) | 0xf0n | BigInt(digit);
  // The sign takes the zone of the last digit.
  return BigInt.asUintN(bits, (value & ~0xf0n) | (sign << 4n));
}
