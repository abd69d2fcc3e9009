/**
 * Expressions, evaluated as they are read: integers of 64 bits, and addresses as a section's start plus an offset.
 * Operators and their order: NASM manual, section 3.5.
 */
import type { Span } from '../../base/diagnostics.ts';
import { alreadyReported, Problem } from '../core/problem.ts';
import type { Place } from '../core/value.ts';
import { characterConstant, numberOf, type Token } from './tokens.ts';

/** A number, or with `place` the address `number` bytes after the start of a section. */
export interface Value {
  readonly number: bigint;
  readonly place: Place | null;
  /** Some symbol had no value in this pass: the number is a guess. */
  readonly guessed: boolean;
}

/** What an expression may ask for. */
export interface Scope {
  /** The symbol's value; raises a Problem if there will never be one. `$` and `$$` are symbols too. */
  symbol(name: string, span: Span): Value;
}

export const constant = (number: bigint | number, guessed = false): Value => ({
  number: BigInt(number),
  place: null,
  guessed,
});

/** The number once sections have addresses. */
export const resolved = ({ number, place }: Value): bigint => number + BigInt(place?.address ?? 0);

/** A cursor over the tokens of an expression. */
export class TokenReader {
  readonly tokens: readonly Token[];
  position = 0;
  /** Parentheses and signs that are open. */
  depth = 0;
  /** Where the tokens end, for messages about what is missing there. */
  private readonly end: Span;

  constructor(tokens: readonly Token[], end: Span) {
    this.tokens = tokens;
    this.end = end;
  }

  get next(): Token | undefined {
    return this.tokens[this.position];
  }
  get done(): boolean {
    return this.position >= this.tokens.length;
  }
  get span(): Span {
    return this.next?.span ?? this.end;
  }
  take(): Token {
    const token = this.next;
    if (!token) throw new Problem(this.end, 'a value is missing here');
    this.position++;
    return token;
  }
  /** Passes the mark `text` if it comes next. */
  takes(text: string): boolean {
    const hit = this.next?.kind === 'mark' && this.next.text === text;
    if (hit) this.position++;
    return hit;
  }
  expect(text: string): void {
    if (!this.takes(text))
      throw new Problem(this.span, `expected ${text}${this.next ? ` but found ${this.next.text}` : ''}`);
  }
}

type Binary = (a: bigint, b: bigint) => bigint;

const truth = (value: boolean): bigint => (value ? 1n : 0n);
const unsigned = (value: bigint): bigint => BigInt.asUintN(64, value);

/** Groups of binary operators, the loosest first; `+` and `-` also work on addresses. */
const LEVELS: readonly Readonly<Record<string, Binary>>[] = [
  { '||': (a, b) => truth(a !== 0n || b !== 0n) },
  { '^^': (a, b) => truth((a !== 0n) !== (b !== 0n)) },
  { '&&': (a, b) => truth(a !== 0n && b !== 0n) },
  {
    '=': (a, b) => truth(a === b),
    '==': (a, b) => truth(a === b),
    '!=': (a, b) => truth(a !== b),
    '<>': (a, b) => truth(a !== b),
    '<': (a, b) => truth(a < b),
    '<=': (a, b) => truth(a <= b),
    '>': (a, b) => truth(a > b),
    '>=': (a, b) => truth(a >= b),
  },
  { '|': (a, b) => a | b },
  { '^': (a, b) => a ^ b },
  { '&': (a, b) => a & b },
  {
    '<<': (a, b) => (b > 63n ? 0n : a << b),
    '>>': (a, b) => unsigned(a) >> (b > 64n ? 64n : b),
    '<<<': (a, b) => (b > 63n ? 0n : a << b),
    '>>>': (a, b) => a >> (b > 64n ? 64n : b),
  },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  {
    '*': (a, b) => a * b,
    '/': (a, b) => unsigned(a) / unsigned(b),
    '//': (a, b) => a / b,
    '%': (a, b) => unsigned(a) % unsigned(b),
    '%%': (a, b) => a % b,
  },
];

const UNARY: Readonly<Record<string, (a: bigint) => bigint>> = {
  '-': (a) => -a,
  '+': (a) => a,
  '~': (a) => ~a,
  '!': (a) => truth(a === 0n),
};

/** Reads one expression as far as it goes. */
export function readExpression(reader: TokenReader, scope: Scope, level = 0): Value {
  const operators = LEVELS[level];
  if (!operators) return readTerm(reader, scope);
  let left = readExpression(reader, scope, level + 1);
  for (;;) {
    const token = reader.next;
    if (token?.kind !== 'mark' || !Object.hasOwn(operators, token.text)) return left;
    reader.position++;
    const right = readExpression(reader, scope, level + 1);
    left = combine(token, operators[token.text]!, left, right);
  }
}

function combine({ text, span }: Token, operate: Binary, left: Value, right: Value): Value {
  const guessed = left.guessed || right.guessed;
  let { place } = left;
  if (text === '-' && right.place !== null && (right.place === left.place || guessed)) place = null;
  else if (text === '+' && left.place === null) ({ place } = right);
  else if (right.place !== null || (left.place !== null && text !== '+' && text !== '-'))
    return compared(text, span, operate, left, right);
  if ((text === '/' || text === '//' || text === '%' || text === '%%') && right.number === 0n) {
    if (guessed) return constant(0, true);
    throw new Problem(span, 'division by zero');
  }
  return { number: BigInt.asIntN(65, operate(left.number, right.number)), place, guessed };
}

/** Addresses of one section can be compared; nothing else can be done with them. */
function compared(operator: string, span: Span, operate: Binary, left: Value, right: Value): Value {
  const guessed = left.guessed || right.guessed;
  if (/^[=<>!]/.test(operator) && left.place === right.place)
    return constant(operate(left.number, right.number), guessed);
  if (guessed) return constant(0, true);
  throw new Problem(
    span,
    `an address cannot be an operand of ${operator}`,
    'only the difference of two addresses of one section is a plain number: try (label - $$)',
  );
}

/** More than anybody writes; each level is a call of ours. */
const DEEPEST = 200;

function readTerm(reader: TokenReader, scope: Scope): Value {
  if (reader.depth >= DEEPEST) throw new Problem(reader.span, 'the expression is nested too deeply');
  reader.depth++;
  const value = readDeeper(reader, scope);
  reader.depth--;
  return value;
}

function readDeeper(reader: TokenReader, scope: Scope): Value {
  const token = reader.take();
  const unary = token.kind === 'mark' ? UNARY[token.text] : undefined;
  if (unary) {
    const value = readTerm(reader, scope);
    if (value.place !== null && token.text !== '+' && !value.guessed)
      throw new Problem(token.span, `an address cannot be an operand of ${token.text}`);
    return { ...value, number: unary(value.number) };
  }
  if (token.text === '(' && token.kind === 'mark') {
    const value = readExpression(reader, scope);
    reader.expect(')');
    return value;
  }
  if (token.kind === 'number') return constant(numberOf(token));
  if (token.kind === 'string') return constant(characterConstant(token));
  if (token.kind === 'word') return scope.symbol(token.text, token.span);
  throw new Problem(token.span, `expected a value but found ${token.text}`);
}

/** The value of `tokens`, all of which belong to one expression. */
export function evaluate(tokens: readonly Token[], scope: Scope, end: Span): Value {
  const reader = new TokenReader(tokens, end);
  const value = readExpression(reader, scope);
  if (!reader.done) throw new Problem(reader.span, `${reader.next!.text} is not expected here`);
  return value;
}

/** A number that must be known at once: counts, sizes, conditions. */
export function evaluateNow(tokens: readonly Token[], scope: Scope, end: Span, what: string): number {
  const value = evaluate(tokens, scope, end);
  if (value.place !== null) throw new Problem(end, `${what} must be a plain number, not an address`);
  if (value.guessed) throw alreadyReported();
  if (value.number > 0x1_0000_0000n || value.number < -0x1_0000_0000n)
    throw new Problem(end, `${what} is out of all bounds: ${value.number}`);
  return Number(value.number);
}
