/** EQU, ENTRY and EXTRN: names and what they stand for (GC33-4010, "Symbol definition"). */
import { evaluate, leftmost, type Expression, type Scope } from '../../core/expression.ts';
import { fieldSpan } from '../../core/field.ts';
import { Problem } from '../../core/problem.ts';
import { Scanner } from '../../core/scanner.ts';
import { resolved } from '../../core/value.ts';
import { boundedValue } from '../constants/sizing.ts';
import { parseExpression } from '../expression-syntax.ts';
import type { Later, Module } from '../module.ts';
import { SYMBOL } from '../self-defining.ts';

/** name EQU value[,length]: symbols of the value may be defined later. */
export function equate(m: Module): Later {
  const { item } = m;
  const { name, operands } = item.statement;
  m.requireSymbol();
  const entry = m.symbols.define(name.text, 'equate', null, 1, fieldSpan(name));
  const scanner = new Scanner(operands);
  if (scanner.done) throw new Problem(m.span(), 'EQU needs a value', 'as in R5 EQU 5 or HERE EQU *');
  const value = parseExpression(scanner);
  const explicit = scanner.take(',') && scanner.next !== ',' ? parseExpression(scanner) : null;
  if (scanner.take(',')) parseExpression(scanner);
  if (!scanner.done && scanner.next !== ' ')
    scanner.fail(
      `expected the end of the operands but found ${scanner.found()}`,
      'EQU takes a value, a length and a type',
    );
  const scope = m.scope();
  const length = (): number =>
    explicit ? boundedValue(explicit, scope, 'the length', 0, 65_535) : lengthOf(value, scope);
  if (m.symbols.knows(value)) {
    entry.value = evaluate(value, scope);
    entry.length = length();
  } else m.symbols.wait(entry, value, scope, length);
  return () => {
    if (entry.value) item.note = resolved(entry.value) ?? entry.value.offset;
  };
}

function lengthOf(value: Expression, scope: Scope): number {
  const term = leftmost(value);
  return term.kind === 'symbol' ? scope.length(term.name, term.span) : 1;
}

/** ENTRY and EXTRN: in a single module, every name must be defined in it. */
export function checkNames(m: Module): Later {
  const scanner = new Scanner(m.item.statement.operands);
  return () => {
    do {
      const from = scanner.position;
      const name = scanner.match(SYMBOL);
      if (name === '') scanner.fail(`expected a name but found ${scanner.found()}`);
      m.diagnostics.guard(() => m.symbols.valueOf(name, scanner.span(from)), undefined);
    } while (scanner.take(','));
  };
}
