/** The operands of DC and DS, and literals: duplication factor, type, modifiers, nominal value (GC33-4010, "DC"). */
import type { Span } from '../../../base/diagnostics.ts';
import type { Expression } from '../../core/expression.ts';
import type { Scanner } from '../../core/scanner.ts';
import { parseExpression } from '../expression-syntax.ts';
import { quoted } from '../self-defining.ts';
import { isConstantType, TYPE_RULES, type ConstantType } from './types.ts';

/** One nominal value: text between apostrophes, or an address (with a base register in S(d(b))). */
export type Nominal =
  | { readonly kind: 'text'; readonly text: string; readonly span: Span }
  | {
      readonly kind: 'address';
      readonly value: Expression;
      readonly base: Expression | null;
      readonly span: Span;
    };

export interface ConstantOperand {
  readonly type: ConstantType;
  readonly duplication: Expression | null;
  readonly length: Expression | null;
  /** The length counts bits. */
  readonly lengthInBits: boolean;
  readonly scale: Expression | null;
  readonly exponent: Expression | null;
  /** Empty where the operand gives no value (DS). */
  readonly nominals: readonly Nominal[];
  readonly span: Span;
}

/** One operand that comes next. */
export function parseConstant(scanner: Scanner): ConstantOperand {
  const from = scanner.position;
  const duplication = numberOrExpression(scanner);
  const typeAt = scanner.position;
  const type = scanner.match(/[A-Z]/iy).toUpperCase();
  if (!isConstantType(type))
    scanner.fail(
      type === ''
        ? `expected a type of constant but found ${scanner.found()}`
        : `there is no constant of type ${type}`,
      `types are ${Object.keys(TYPE_RULES).join(' ')}, as in F'1' or CL8'TEXT'`,
      typeAt,
    );
  const byLength = modifier(scanner, /L/iy);
  const lengthInBits = byLength && scanner.take('.');
  const length = byLength ? modifierValue(scanner) : null;
  const scale = modifier(scanner, /S/iy) ? modifierValue(scanner) : null;
  const exponent = modifier(scanner, /E/iy) ? modifierValue(scanner) : null;
  const nominals = parseNominals(scanner, type);
  const span = scanner.span(from);
  return { type, duplication, length, lengthInBits, scale, exponent, nominals, span };
}

const modifier = (scanner: Scanner, letter: RegExp): boolean => scanner.match(letter) !== '';

function numberOrExpression(scanner: Scanner): Expression | null {
  const from = scanner.position;
  const digits = scanner.match(/[+-]?\d+/y);
  if (digits !== '') return { kind: 'number', value: Number(digits), span: scanner.span(from) };
  if (!scanner.take('(')) return null;
  const expression = parseExpression(scanner);
  scanner.expect(')');
  return expression;
}

function modifierValue(scanner: Scanner): Expression {
  return (
    numberOrExpression(scanner) ??
    scanner.fail(`expected a number or an expression in parentheses but found ${scanner.found()}`)
  );
}

function parseNominals(scanner: Scanner, type: ConstantType): readonly Nominal[] {
  const wanted = TYPE_RULES[type].nominal;
  if (scanner.next === "'" && wanted === 'text') return parseText(scanner, type);
  if (scanner.next === '(' && wanted === 'expressions') return parseAddresses(scanner);
  if (scanner.done || scanner.next === ',' || scanner.next === ' ') return [];
  return scanner.fail(
    `expected ${wanted === 'text' ? 'a value between apostrophes, as in ' + type + "'..'," : `an address in parentheses, as in ${type}(NAME),`} but found ${scanner.found()}`,
  );
}

function parseText(scanner: Scanner, type: ConstantType): readonly Nominal[] {
  const from = scanner.position;
  const text = quoted(scanner);
  if (type === 'C') return [{ kind: 'text', text, span: scanner.span(from) }];
  let at = from + 1;
  return text.split(',').map((item) => {
    const span = scanner.span(at, at + item.length);
    at += item.length + 1;
    return { kind: 'text', text: item.trim(), span };
  });
}

function parseAddresses(scanner: Scanner): readonly Nominal[] {
  const nominals: Nominal[] = [];
  scanner.expect('(');
  do {
    const from = scanner.position;
    const value = parseExpression(scanner);
    let base: Expression | null = null;
    if (scanner.take('(')) {
      base = parseExpression(scanner);
      scanner.expect(')');
    }
    nominals.push({ kind: 'address', value, base, span: scanner.span(from) });
  } while (scanner.take(','));
  scanner.expect(')');
  return nominals;
}
