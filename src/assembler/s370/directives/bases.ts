/** USING and DROP, PUSH and POP: which register holds which address (GC33-4010, "Base register instructions"). */
import { evaluate, type Expression } from '../../core/expression.ts';
import { Problem } from '../../core/problem.ts';
import { Scanner } from '../../core/scanner.ts';
import { absolute, combine, resolved } from '../../core/value.ts';
import { boundedValue } from '../constants/sizing.ts';
import { parseExpression } from '../expression-syntax.ts';
import type { Later, Module } from '../module.ts';
import { REACH } from '../using.ts';

/** USING address,register,…: each further register reaches 4096 bytes further. */
export function using(m: Module): Later {
  const { item } = m;
  const scanner = new Scanner(item.statement.operands);
  if (scanner.done) throw new Problem(m.span(), 'USING needs an address and a register', 'as in USING *,15');
  const address = parseExpression(scanner);
  const registers: Expression[] = [];
  while (scanner.take(',')) registers.push(parseExpression(scanner));
  if (registers.length === 0)
    scanner.fail('USING needs a register after the address', 'as in USING *,15; no blank after the comma');
  return () => {
    const scope = m.scope();
    const base = evaluate(address, scope);
    item.note = resolved(base) ?? base.offset;
    registers.forEach((register, i) => {
      m.usings.set(
        boundedValue(register, scope, 'the base register', 0, 15),
        combine(base, absolute(i * REACH), 1),
      );
    });
  };
}

/** DROP register,…; without operands, all registers. */
export function drop(m: Module): Later {
  const scanner = new Scanner(m.item.statement.operands);
  const registers: Expression[] = [];
  if (!scanner.done)
    do registers.push(parseExpression(scanner));
    while (scanner.take(','));
  return () => {
    if (registers.length === 0) m.usings.dropAll();
    for (const expression of registers) {
      const register = boundedValue(expression, m.scope(), 'the base register', 0, 15);
      if (!m.usings.drop(register))
        m.diagnostics.warning(expression.span, `register ${register} is not in use as a base register`);
    }
  };
}

const asksForUsing = (m: Module): boolean => /(^|,)USING(,|$)/i.test(m.item.statement.operands.text);

export function push(m: Module): Later {
  const using = asksForUsing(m);
  return () => {
    if (using) m.usings.push();
  };
}

export function pop(m: Module): Later {
  const using = asksForUsing(m);
  return () => {
    if (using && !m.usings.pop()) m.diagnostics.warning(m.span(), 'POP USING without a PUSH USING before it');
  };
}
