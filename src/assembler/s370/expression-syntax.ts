/** Expressions as System/370 sources write them (GC33-4010, "Expressions"). */
import type { Expression } from '../core/expression.ts';
import type { Scanner } from '../core/scanner.ts';
import { selfDefining, SYMBOL } from './self-defining.ts';

/** Deeper nesting or more terms than any manual allows: ends mangled input early. */
const DEEPEST = 40;
const MOST_TERMS = 400;

/** An expression that comes next; raises a Problem where none does. */
export function parseExpression(scanner: Scanner): Expression {
  return parseSum(scanner, { terms: 0, depth: 0 });
}

interface Budget {
  terms: number;
  depth: number;
}

function parseSum(scanner: Scanner, budget: Budget): Expression {
  const from = scanner.position;
  let left = parseProduct(scanner, budget);
  while (scanner.next === '+' || scanner.next === '-') {
    const operator = scanner.next;
    scanner.position++;
    const right = parseProduct(scanner, budget);
    left = { kind: 'binary', operator, left, right, span: scanner.span(from) };
  }
  return left;
}

function parseProduct(scanner: Scanner, budget: Budget): Expression {
  const from = scanner.position;
  let left = parseSigned(scanner, budget);
  while (scanner.next === '*' || scanner.next === '/') {
    const operator = scanner.next;
    scanner.position++;
    const right = parseSigned(scanner, budget);
    left = { kind: 'binary', operator, left, right, span: scanner.span(from) };
  }
  return left;
}

function parseSigned(scanner: Scanner, budget: Budget): Expression {
  const from = scanner.position;
  const signs = scanner.match(/[+-]+/y);
  const term = parseTerm(scanner, budget);
  const minuses = signs.replaceAll('+', '').length;
  return minuses % 2 === 0 ? term : { kind: 'negative', of: term, span: scanner.span(from) };
}

function parseTerm(scanner: Scanner, budget: Budget): Expression {
  const from = scanner.position;
  if (++budget.terms > MOST_TERMS) scanner.fail(`an expression has at most ${MOST_TERMS} terms`);
  if (scanner.take('(')) {
    if (++budget.depth > DEEPEST) scanner.fail(`parentheses are nested more than ${DEEPEST} deep`);
    const inner = parseSum(scanner, budget);
    budget.depth--;
    scanner.expect(')');
    return inner;
  }
  if (scanner.take('*')) return { kind: 'location', span: scanner.span(from) };
  const value = selfDefining(scanner);
  if (value !== null) return { kind: 'number', value, span: scanner.span(from) };
  if (scanner.match(/L'(?=[A-Z$#@_*])/iy)) {
    const name = scanner.take('*') ? null : scanner.match(SYMBOL);
    return { kind: 'length', name, span: scanner.span(from) };
  }
  const name = scanner.match(SYMBOL);
  if (scanner.next === "'" && /^[KNT]$/i.test(name))
    scanner.fail(
      `${name}' is no term of an instruction`,
      "K', N' and T' are known to SETA, SETB and AIF only",
      from,
    );
  if (name !== '') return { kind: 'symbol', name, span: scanner.span(from) };
  return scanner.fail(`expected a term but found ${scanner.found()}`, termHint(scanner));
}

function termHint(scanner: Scanner): string {
  if (scanner.next === '=')
    return 'a literal is the whole storage operand of an instruction, never part of an expression';
  if (scanner.next === '&')
    return 'a variable symbol is not replaced here: is it declared, and is this a macro?';
  if (scanner.done && scanner.text.endsWith(','))
    return 'a blank ends the operands: write no blank after a comma';
  return "a term is a symbol, a number, X'..', B'..', C'..', L'symbol or *";
}
