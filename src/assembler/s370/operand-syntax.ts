/** Operands of machine instructions as they are written: expressions, addresses with subfields, literals. */
import type { Span } from '../../base/diagnostics.ts';
import type { Expression } from '../core/expression.ts';
import type { Scanner } from '../core/scanner.ts';
import { parseConstant, type ConstantOperand } from './constants/operand.ts';
import { parseExpression } from './expression-syntax.ts';

export interface WrittenOperand {
  /** Displacement or address; a literal is the symbol that its pool gave it. */
  readonly address: Expression;
  /** What stands in parentheses after it; null where a comma leaves one out. Absent parentheses: null. */
  readonly subfields: readonly (Expression | null)[] | null;
  readonly span: Span;
}

/** Enters a literal into the pool; answers the name under which its address is known. */
export type PoolLiteral = (constant: ConstantOperand, text: string) => string;

/** All operands of a statement, separated by commas. */
export function parseOperands(scanner: Scanner, pool: PoolLiteral): WrittenOperand[] {
  const operands: WrittenOperand[] = [];
  if (scanner.done || scanner.next === ' ') return operands;
  do operands.push(parseOperand(scanner, pool));
  while (scanner.take(','));
  if (!scanner.done && scanner.next !== ' ')
    scanner.fail(`expected a comma or the end of the operands but found ${scanner.found()}`);
  return operands;
}

function parseOperand(scanner: Scanner, pool: PoolLiteral): WrittenOperand {
  const from = scanner.position;
  const address = scanner.next === '=' ? parseLiteral(scanner, pool) : parseExpression(scanner);
  const subfields = scanner.take('(') ? parseSubfields(scanner) : null;
  return { address, subfields, span: scanner.span(from) };
}

function parseLiteral(scanner: Scanner, pool: PoolLiteral): Expression {
  const from = scanner.position;
  scanner.expect('=');
  const constant = parseConstant(scanner);
  const text = scanner.text.slice(from, scanner.position);
  return { kind: 'symbol', name: pool(constant, text), span: scanner.span(from) };
}

function parseSubfields(scanner: Scanner): (Expression | null)[] {
  const subfields: (Expression | null)[] = [];
  do subfields.push(scanner.next === ',' || scanner.next === ')' ? null : parseExpression(scanner));
  while (subfields.length < 2 && scanner.take(','));
  if (scanner.next === ',') scanner.fail('at most two subfields stand in parentheses, as in D(X,B)');
  scanner.expect(')');
  return subfields;
}
