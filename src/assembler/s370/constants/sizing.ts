/** Lengths and boundaries of constants, settled in the first pass. */
import type { Span } from '../../../base/diagnostics.ts';
import { evaluate, type Expression, type Scope } from '../../core/expression.ts';
import { Problem } from '../../core/problem.ts';
import { isAbsolute } from '../../core/value.ts';
import type { ConstantOperand } from './operand.ts';
import { impliedLength } from './text.ts';
import { TYPE_RULES, type TypeRule } from './types.ts';

/** An operand whose lengths are known. */
export interface SizedConstant {
  readonly operand: ConstantOperand;
  readonly duplication: number;
  /** Boundary in bytes. */
  readonly alignment: number;
  /** Bits of each nominal value; a single entry where there is none. */
  readonly bits: readonly number[];
  /** Starts at the next bit instead of the next byte. */
  readonly packed: boolean;
  readonly scale: number;
  readonly exponent: number;
}

/** Longest area that one operand of DS reserves per duplication. */
const LONGEST_AREA = 65_535;

/** The absolute value of an expression, within bounds. */
export function boundedValue(
  expression: Expression,
  scope: Scope,
  what: string,
  lowest: number,
  highest: number,
): number {
  const value = evaluate(expression, scope);
  if (!isAbsolute(value)) throw new Problem(expression.span, `${what} must be a number, not an address`);
  if (value.offset < lowest || value.offset > highest)
    throw new Problem(expression.span, `${what} is ${value.offset}; it must be ${lowest} to ${highest}`);
  return value.offset;
}

export function sizeConstant(operand: ConstantOperand, scope: Scope, isArea: boolean): SizedConstant {
  const { type, nominals, span } = operand;
  const rule = TYPE_RULES[type];
  const duplication = operand.duplication
    ? boundedValue(operand.duplication, scope, 'the duplication factor', 0, 0xff_ffff)
    : 1;
  if (!isArea && duplication > 0 && nominals.length === 0)
    throw new Problem(
      span,
      `DC needs a value for type ${type}`,
      'to reserve storage without a value, write DS',
    );
  const explicit = operand.length ? explicitBits(operand, rule, scope, isArea) : null;
  const implied = (): number[] =>
    nominals.length === 0
      ? [8 * (rule.length ?? 1)]
      : nominals.map((n) => 8 * (rule.length ?? impliedOf(operand, n, span)));
  return {
    operand,
    duplication,
    alignment: operand.length ? 1 : rule.alignment,
    bits: explicit === null ? implied() : nominals.length === 0 ? [explicit] : nominals.map(() => explicit),
    packed: operand.lengthInBits,
    scale: operand.scale ? boundedValue(operand.scale, scope, 'the scale modifier', -187, 346) : 0,
    exponent: operand.exponent ? boundedValue(operand.exponent, scope, 'the exponent modifier', -85, 75) : 0,
  };
}

function explicitBits(operand: ConstantOperand, rule: TypeRule, scope: Scope, isArea: boolean): number {
  const { type } = operand;
  const roomy = isArea && (type === 'C' || type === 'X');
  const longest = roomy ? LONGEST_AREA : rule.longest;
  if (!operand.lengthInBits)
    return 8 * boundedValue(operand.length!, scope, `the length of type ${type}`, 1, longest);
  if ('SVDEL'.includes(type))
    throw new Problem(
      operand.length!.span,
      `type ${type} has no length in bits`,
      'give the length in bytes, as in L4',
    );
  return boundedValue(operand.length!, scope, `the length of type ${type} in bits`, 1, 8 * longest);
}

function impliedOf(
  { type }: ConstantOperand,
  nominal: ConstantOperand['nominals'][number],
  span: Span,
): number {
  if (nominal.kind !== 'text') return 1;
  const length = impliedLength(type as 'C' | 'X' | 'B' | 'P' | 'Z', nominal.text);
  const { longest } = TYPE_RULES[type];
  if (length > longest)
    throw new Problem(
      span,
      `a constant of type ${type} has at most ${longest} bytes, this one needs ${length}`,
    );
  return length;
}

/** Where constants of one statement start and end, walking over boundaries and bits. */
export class ConstantLayout {
  /** In bits, from the start of the section. */
  #at: number;

  constructor(offset: number) {
    this.#at = 8 * offset;
  }

  /** Bits at which `constant` starts; moves to its end. */
  place(constant: SizedConstant): number {
    if (!constant.packed) {
      const unit = 8 * constant.alignment;
      this.#at = Math.ceil(this.#at / unit) * unit;
    }
    const start = this.#at;
    this.#at += constant.duplication * constant.bits.reduce((sum, bits) => sum + bits, 0);
    return start;
  }

  /** Offset of the first byte after everything placed. */
  get end(): number {
    return Math.ceil(this.#at / 8);
  }
}
