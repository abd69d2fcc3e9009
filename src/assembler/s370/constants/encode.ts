/** Constants to bytes, in the second pass. */
import { assertNever } from '../../../base/bugs.ts';
import { evaluate, usesLocation, type Scope } from '../../core/expression.ts';
import { Problem } from '../../core/problem.ts';
import { resolved } from '../../core/value.ts';
import { encodeFixed, type Encoded } from './fixed.ts';
import { encodeFloat } from './float.ts';
import type { Nominal } from './operand.ts';
import { boundedValue, type SizedConstant } from './sizing.ts';
import { encodeCharacters, encodeDecimal, encodeDigits } from './text.ts';

/** What address constants ask for. */
export interface ConstantContext {
  /** Symbols, with the location counter at `offset` bytes after the first constant of the operand. */
  scopeAt(offset: number): Scope;
  /** Base register and displacement for S constants. */
  addressable(nominal: Nominal & { kind: 'address' }, scope: Scope): { base: number; displacement: number };
}

/** Writes `value`, `bits` wide, at bit `at` of `bytes`. */
function putBits(bytes: Uint8Array, at: number, bits: number, value: bigint): void {
  if (at % 8 === 0 && bits % 8 === 0) {
    const digits = value.toString(16).padStart(bits / 4, '0');
    for (let i = 0; i < bits / 8; i++) bytes[at / 8 + i] = parseInt(digits.slice(2 * i, 2 * i + 2), 16);
    return;
  }
  const digits = value.toString(2).padStart(bits, '0');
  for (let i = 0; i < bits; i++) {
    const byte = (at + i) >> 3;
    const mask = 0x80 >> ((at + i) & 7);
    bytes[byte] = digits[i] === '1' ? bytes[byte]! | mask : bytes[byte]! & ~mask;
  }
}

/** Writes `constant` into `bytes` from bit `start` on. */
export function writeConstant(
  bytes: Uint8Array,
  start: number,
  constant: SizedConstant,
  context: ConstantContext,
): void {
  const { operand, bits, duplication } = constant;
  if (operand.nominals.length === 0 || duplication === 0) return;
  const unit = bits.reduce((sum, b) => sum + b, 0);
  const varies = operand.nominals.some((n) => n.kind === 'address' && usesLocation(n.value));
  const writeOne = (copy: number): void => {
    let at = copy * unit;
    operand.nominals.forEach((nominal, i) => {
      putBits(bytes, start + at, bits[i]!, encode(constant, nominal, bits[i]!, context, at >> 3));
      at += bits[i]!;
    });
  };
  writeOne(0);
  if (start % 8 === 0 && unit % 8 === 0 && !varies) repeat(bytes, start / 8, unit / 8, duplication);
  else for (let copy = 1; copy < duplication; copy++) writeOne(copy);
}

/** Fills `copies` units from the first one, doubling what is there. */
function repeat(bytes: Uint8Array, start: number, unit: number, copies: number): void {
  const end = start + unit * copies;
  for (let filled = unit; start + filled < end; filled *= 2)
    bytes.copyWithin(start + filled, start, Math.min(start + filled, end - filled));
}

function encode(
  constant: SizedConstant,
  nominal: Nominal,
  bits: number,
  context: ConstantContext,
  offset: number,
): bigint {
  if (nominal.kind === 'address') return encodeAddress(constant, nominal, bits, context, offset);
  const encoded = encodeText(constant, nominal.text, bits);
  if (typeof encoded === 'bigint') return encoded;
  throw new Problem(nominal.span, encoded.problem);
}

function encodeText({ operand, scale, exponent }: SizedConstant, text: string, bits: number): Encoded {
  const { type } = operand;
  switch (type) {
    case 'C':
      return encodeCharacters(text, bits);
    case 'X':
    case 'B':
      return encodeDigits(type, text, bits);
    case 'P':
    case 'Z':
      return bits % 8 === 0 || type === 'P'
        ? encodeDecimal(type, text, bits)
        : { problem: 'a zoned constant has whole bytes' };
    case 'F':
    case 'H':
      return encodeFixed(text, bits, scale, exponent);
    case 'E':
    case 'D':
    case 'L':
      return scale < 0 || scale > 28
        ? { problem: 'the scale modifier of a floating-point constant is 0 to 28' }
        : encodeFloat(text, bits / 8, scale, exponent);
    case 'A':
    case 'S':
    case 'V':
    case 'Y':
      return { problem: `type ${type} takes an address in parentheses` };
    default:
      return assertNever(type);
  }
}

function encodeAddress(
  constant: SizedConstant,
  nominal: Nominal & { kind: 'address' },
  bits: number,
  context: ConstantContext,
  offset: number,
): bigint {
  const { type } = constant.operand;
  const scope = context.scopeAt(offset);
  if (type === 'S') {
    const { base, displacement } = context.addressable(nominal, scope);
    return BigInt((base << 12) | displacement);
  }
  if (nominal.base) throw new Problem(nominal.base.span, `only S constants name a base register`);
  if (type === 'V' && nominal.value.kind !== 'symbol')
    throw new Problem(nominal.span, 'a V constant names one external symbol, without arithmetic');
  const value = resolved(evaluate(nominal.value, scope));
  if (value === null)
    throw new Problem(
      nominal.span,
      'a name in a dummy section has no address',
      'a DSECT only describes storage; subtract the name of the section to get a displacement',
    );
  if (value >= 2 ** bits || value < -(2 ** (bits - 1)))
    throw new Problem(nominal.span, `the value ${value} does not fit in ${bits} bits`);
  return BigInt.asUintN(bits, BigInt(value));
}

/** The base register and displacement of an S constant whose register is written out. */
export function explicitAddress(
  nominal: Nominal & { kind: 'address' },
  scope: Scope,
): { base: number; displacement: number } | null {
  if (!nominal.base) return null;
  const displacement = boundedValue(nominal.value, scope, 'the displacement', 0, 4095);
  return { base: boundedValue(nominal.base, scope, 'the base register', 0, 15), displacement };
}
