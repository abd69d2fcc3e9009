/** Initialized and reserved data: DB and its kin, RESB and its kin. NASM manual, section 3.2. */
import type { Span } from '../../base/diagnostics.ts';
import { Problem } from '../core/problem.ts';
import { evaluate, evaluateNow, resolved, type Scope } from './expression.ts';
import type { Token } from './tokens.ts';

const UNITS: Readonly<Record<string, number>> = { b: 1, w: 2, d: 4, q: 8, t: 10 };

/** More than a flat program of this lab could use. */
const LARGEST = 1 << 26;

/** Bytes that a data statement stands for, in the order of addresses, and values that were cut to fit. */
export interface Data {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly cut: readonly Span[];
}

export const isInitialized = (operation: string): boolean => /^d[bwdqt]$/i.test(operation);
export const isReserved = (operation: string): boolean => /^res[bwdqt]$/i.test(operation);

/** Bytes of one item of DB, RESW, … */
export const unitOf = (operation: string): number => UNITS[operation.at(-1)!.toLowerCase()]!;

export function dataOf(
  operation: string,
  operands: readonly (readonly Token[])[],
  scope: Scope,
  end: Span,
): Data {
  const unit = unitOf(operation);
  const bytes: number[] = [];
  const cut: Span[] = [];
  if (operands.length === 0) throw new Problem(end, `${operation} needs at least one value`);
  for (const tokens of operands) {
    const [first] = tokens;
    if (!first) throw new Problem(end, 'a value is missing between two commas');
    const sign = first.text === '-' ? 1 : 0;
    const literal = tokens[sign];
    if (tokens.length === 1 && first.kind === 'string') bytes.push(...stringBytes(first, unit));
    else if (tokens.length === 1 + sign && literal?.kind === 'float')
      bytes.push(...floatBytes(literal, sign === 1 ? -1 : 1, unit));
    else if (tokens.length === 1 && first.text === '?') bytes.push(...new Uint8Array(unit));
    else {
      const value = evaluate(tokens, scope, end);
      const number = resolved(value);
      const bits = BigInt(8 * unit);
      if (!value.guessed && (number >= 1n << bits || number < -(1n << (bits - 1n)))) cut.push(first.span);
      for (let i = 0; i < unit; i++) bytes.push(Number((number >> BigInt(8 * i)) & 0xffn));
    }
  }
  return { bytes: new Uint8Array(bytes), cut };
}

/** Strings are filled up with zeros to whole units. */
function stringBytes({ text }: Token, unit: number): number[] {
  const bytes = Array.from(text, (char) => char.charCodeAt(0));
  while (bytes.length % unit !== 0) bytes.push(0);
  return bytes;
}

/** A floating-point constant in single, double or extended precision. SDM vol. 1, section 4.2.2. */
function floatBytes({ text, span }: Token, sign: number, unit: number): Uint8Array {
  const value = sign * Number(text.replaceAll('_', ''));
  const bytes = new Uint8Array(unit);
  const view = new DataView(bytes.buffer);
  if (unit === 4) view.setFloat32(0, value, true);
  else if (unit === 8) view.setFloat64(0, value, true);
  else if (unit === 10) extended(view, value);
  else throw new Problem(span, 'a floating-point number needs dd, dq or dt');
  return bytes;
}

/** A double in the extended format; its 53 bits fit exactly. */
function extended(view: DataView, value: number): void {
  const double = new DataView(new ArrayBuffer(8));
  double.setFloat64(0, value);
  const bits = double.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  const signBit = Number(bits >> 63n) << 15;
  if (exponent === 0 && fraction === 0n) {
    view.setUint16(8, signBit, true);
    return;
  }
  // A literal in decimal that is below the normal range of doubles is normal here: shift until its integer bit is set.
  let significand = exponent === 0 ? fraction << 12n : (1n << 63n) | (fraction << 11n);
  let power = exponent === 0 ? 1 - 1023 + 16383 : exponent - 1023 + 16383;
  for (; significand >> 63n === 0n; power--) significand <<= 1n;
  view.setBigUint64(0, BigInt.asUintN(64, significand), true);
  view.setUint16(8, signBit | power, true);
}

/** Bytes that RESB and its kin reserve. */
export function reservedBytes(operation: string, rest: readonly Token[], scope: Scope, end: Span): number {
  const count = evaluateNow(rest, scope, end, 'the count');
  const bytes = count * unitOf(operation);
  if (count < 0 || bytes > LARGEST) throw new Problem(end, `${count} items cannot be reserved`);
  return bytes;
}
