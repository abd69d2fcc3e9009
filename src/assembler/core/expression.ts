/** Expressions: their tree, and their value given what symbols and the location counter stand for. */
import { assertNever } from '../../base/bugs.ts';
import type { Span } from '../../base/diagnostics.ts';
import { Problem } from './problem.ts';
import { absolute, combine, isAbsolute, type Value } from './value.ts';

export type Operator = '+' | '-' | '*' | '/';

export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly span: Span }
  | { readonly kind: 'symbol'; readonly name: string; readonly span: Span }
  | { readonly kind: 'location'; readonly span: Span }
  /** Length attribute of a symbol; name null: of the statement itself. */
  | { readonly kind: 'length'; readonly name: string | null; readonly span: Span }
  | { readonly kind: 'negative'; readonly of: Expression; readonly span: Span }
  | {
      readonly kind: 'binary';
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
      readonly span: Span;
    };

/** What an expression may ask for. Each question either is answered or raises a Problem. */
export interface Scope {
  symbol(name: string, span: Span): Value;
  location(span: Span): Value;
  /** In bytes; name null: of the statement itself. */
  length(name: string | null, span: Span): number;
}

/** Values keep to 32 bits, signed or unsigned. */
function inRange(value: Value, span: Span): Value {
  if (value.offset >= -0x8000_0000 && value.offset <= 0xffff_ffff) return value;
  throw new Problem(span, `the value ${value.offset} does not fit in 32 bits`);
}

/** The value of `expression`; raises a Problem where it has none. Division by zero gives zero, as the manuals say. */
export function evaluate(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case 'number':
      return absolute(expression.value);
    case 'symbol':
      return scope.symbol(expression.name, expression.span);
    case 'location':
      return scope.location(expression.span);
    case 'length':
      return absolute(scope.length(expression.name, expression.span));
    case 'negative':
      return inRange(combine(absolute(0), evaluate(expression.of, scope), -1), expression.span);
    case 'binary':
      return binary(expression, scope);
    default:
      return assertNever(expression);
  }
}

function binary(expression: Expression & { kind: 'binary' }, scope: Scope): Value {
  const { operator, span } = expression;
  const left = evaluate(expression.left, scope);
  const right = evaluate(expression.right, scope);
  if (operator === '+' || operator === '-')
    return inRange(combine(left, right, operator === '+' ? 1 : -1), span);
  for (const [side, value] of [
    [expression.left, left],
    [expression.right, right],
  ] as const)
    if (!isAbsolute(value))
      throw new Problem(
        side.span,
        `an address cannot be an operand of ${operator}`,
        'only absolute values can be multiplied or divided; a difference of two addresses is absolute',
      );
  if (operator === '*') return inRange(absolute(left.offset * right.offset), span);
  return absolute(right.offset === 0 ? 0 : Math.trunc(left.offset / right.offset));
}

/** The leftmost term, whose length attribute is the implied length of the expression. */
export function leftmost(expression: Expression): Expression {
  let term = expression;
  for (;;)
    if (term.kind === 'binary') term = term.left;
    else if (term.kind === 'negative') term = term.of;
    else return term;
}

/** Names of all symbols that `expression` asks for, also by attribute. */
export function symbolsIn(expression: Expression): string[] {
  switch (expression.kind) {
    case 'symbol':
      return [expression.name];
    case 'length':
      return expression.name === null ? [] : [expression.name];
    case 'negative':
      return symbolsIn(expression.of);
    case 'binary':
      return [...symbolsIn(expression.left), ...symbolsIn(expression.right)];
    case 'number':
    case 'location':
      return [];
    default:
      return assertNever(expression);
  }
}

/** Whether the location counter is part of it: such a literal or constant differs from place to place. */
export function usesLocation(expression: Expression): boolean {
  if (expression.kind === 'binary') return usesLocation(expression.left) || usesLocation(expression.right);
  if (expression.kind === 'negative') return usesLocation(expression.of);
  return expression.kind === 'location';
}
