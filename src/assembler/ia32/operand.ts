/** Operands of instructions as they are written. NASM manual, sections 3.3 and 3.7. */
import type { Span } from '../../base/diagnostics.ts';
import { Problem } from '../core/problem.ts';
import { constant, evaluate, readExpression, TokenReader, type Scope, type Value } from './expression.ts';
import { registerNamed, SIZES, type Register } from './names.ts';
import type { Token } from './tokens.ts';

interface Common {
  readonly span: Span;
  /** Bytes, by a size word; 0 without. */
  readonly size: number;
  /** `strict`: the size is not to be shortened. */
  readonly strict: boolean;
}

export type Distance = 'short' | 'near' | 'far' | null;

export type Operand =
  | (Common & Register & { readonly kind: 'register' })
  | (Common & Address & { readonly kind: 'memory'; readonly distance: Distance })
  | (Common & { readonly kind: 'immediate'; readonly value: Value; readonly distance: Distance })
  | (Common & { readonly kind: 'pointer'; readonly selector: Value; readonly offset: Value });

/** What stands between brackets. Register numbers as encoded, −1 for none. */
export interface Address {
  /** Segment register of an override, −1 without. */
  readonly segment: number;
  readonly base: number;
  readonly index: number;
  readonly scale: number; // 1, 2, 4, 8
  readonly displacement: Value;
  /** Bytes of the address: of its registers, or by a size word; 0: that of the mode. */
  readonly addressSize: 0 | 2 | 4;
  /** Bytes of the displacement that are asked for; 0: as few as will do. */
  readonly displacementSize: number;
}

/** Operands of a statement, separated by commas outside of brackets and parentheses. */
export function splitOperands(tokens: readonly Token[]): Token[][] {
  if (tokens.length === 0) return [];
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    const mark = token.kind === 'mark' ? token.text : '';
    if (mark === '[' || mark === '(') depth++;
    if (mark === ']' || mark === ')') depth--;
    if (mark === ',' && depth === 0) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts;
}

/** From the first to the last token, as far as they stand in one line. */
export function spanOfTokens(tokens: readonly Token[], otherwise: Span): Span {
  const [first] = tokens;
  if (!first) return otherwise;
  const last = tokens.findLast(({ span }) => span.line === first.span.line && span.file === first.span.file);
  return { ...first.span, endColumn: Math.max(first.span.endColumn, last?.span.endColumn ?? 0) };
}

/** Reads one operand; `end` is where its tokens end. */
export function readOperand(tokens: readonly Token[], scope: Scope, end: Span): Operand {
  const reader = new TokenReader(tokens, end);
  const span = spanOfTokens(tokens, end);
  const words = readWords(reader);
  const common = { span, size: words.size, strict: words.strict };
  const token = reader.next;
  if (!token) throw new Problem(end, 'an operand is missing here');
  const register = token.kind === 'word' ? registerOf(reader) : undefined;
  if (register) {
    if (!reader.done) throw new Problem(reader.span, `${reader.next.text} is not expected after a register`);
    return { kind: 'register', ...common, ...register };
  }
  if (reader.takes('[')) {
    const close = tokens.findLastIndex(({ kind, text }) => kind === 'mark' && text === ']');
    if (close !== tokens.length - 1)
      throw new Problem(
        close < 0 ? end : tokens[close + 1]!.span,
        'the address ends with ] and nothing follows',
      );
    const address = readAddress(tokens.slice(reader.position, close), scope, tokens[close]!.span);
    return { kind: 'memory', ...common, distance: words.distance, ...address };
  }
  const value = readExpression(reader, scope);
  if (reader.takes(':')) {
    const inner = readWords(reader);
    const offset = evaluate(tokens.slice(reader.position), scope, end);
    return { kind: 'pointer', ...common, size: common.size || inner.size, selector: value, offset };
  }
  if (!reader.done)
    throw new Problem(reader.span, `${reader.next.text} is not expected here`, hintFor(reader));
  return { kind: 'immediate', ...common, value, distance: words.distance };
}

const hintFor = ({ next }: TokenReader): string | undefined =>
  next?.text === 'ptr' || next?.text === '['
    ? 'an address is written whole in brackets: byte [label + ebx]'
    : undefined;

/** A register, `st(3)` among them; undefined if none comes next. */
function registerOf(reader: TokenReader): Register | undefined {
  const word = reader.next!.text.toLowerCase();
  const register = registerNamed(word === 'st' ? 'st0' : word);
  if (!register) return undefined;
  reader.position++;
  if (word === 'st' && reader.takes('(')) {
    const number = Number(reader.take().text);
    reader.expect(')');
    if (!(number >= 0 && number <= 7)) throw new Problem(reader.span, 'the registers are st(0) to st(7)');
    return { class: 'float', number };
  }
  return register;
}

/** Size and distance words before an operand. */
function readWords(reader: TokenReader): { size: number; strict: boolean; distance: Distance } {
  const found: { size: number; strict: boolean; distance: Distance } = {
    size: 0,
    strict: false,
    distance: null,
  };
  for (; reader.next?.kind === 'word'; reader.position++) {
    const word = reader.next.text.toLowerCase();
    if (Object.hasOwn(SIZES, word)) found.size = SIZES[word]!;
    else if (word === 'strict') found.strict = true;
    else if (word === 'short' || word === 'near' || word === 'far') found.distance = word;
    else if (word !== 'to') break;
  }
  return found;
}

interface Term {
  readonly sign: '+' | '-';
  readonly tokens: readonly Token[];
}

function readAddress(tokens: readonly Token[], scope: Scope, end: Span): Address {
  const reader = new TokenReader(tokens, end);
  let { size } = readWords(reader);
  let segment = -1;
  const [first, colon] = tokens.slice(reader.position);
  if (first?.kind === 'word' && colon?.text === ':') {
    const register = registerNamed(first.text);
    if (register?.class !== 'segment') throw new Problem(first.span, `${first.text} is no segment register`);
    segment = register.number;
    reader.position += 2;
    size = readWords(reader).size || size;
  }
  const rest = tokens.slice(reader.position);
  const scaled: { register: Register; times: number; span: Span }[] = [];
  const plain: Token[] = [];
  for (const term of termsOf(rest)) {
    const found = scaledRegister(term, scope, end);
    if (found) scaled.push(found);
    else plain.push({ ...marked(term.sign, term.tokens[0]?.span ?? end) }, ...term.tokens);
  }
  const displacement = plain.length > 0 ? evaluate(plain, scope, end) : constant(0);
  const registers = settle(scaled);
  const addressSize = registers.size || (size === 2 || size === 4 ? size : 0);
  return {
    segment,
    ...registers.parts,
    displacement,
    addressSize: addressSize,
    displacementSize: size,
  };
}

const marked = (text: string, span: Span): Token => ({ kind: 'mark', text, spaced: false, span });

/** Splits a sum at its outermost signs. */
function termsOf(tokens: readonly Token[]): Term[] {
  const terms: { sign: '+' | '-'; tokens: Token[] }[] = [{ sign: '+', tokens: [] }];
  let depth = 0;
  for (const token of tokens) {
    const mark = token.kind === 'mark' ? token.text : '';
    if (mark === '(') depth++;
    if (mark === ')') depth--;
    const current = terms.at(-1)!;
    const before = current.tokens.at(-1);
    const binary = before !== undefined && (before.kind !== 'mark' || before.text === ')');
    if ((mark === '+' || mark === '-') && depth === 0 && (binary || current.tokens.length === 0)) {
      if (current.tokens.length === 0) terms.pop();
      terms.push({ sign: mark, tokens: [] });
    } else current.tokens.push(token);
  }
  return terms.filter((term) => term.tokens.length > 0);
}

/** A term that is a register, alone or times a number; null if it is a displacement. */
function scaledRegister(
  { sign, tokens }: Term,
  scope: Scope,
  end: Span,
): { register: Register; times: number; span: Span } | null {
  const at = tokens.findIndex(({ kind, text }) => kind === 'word' && registerNamed(text) !== undefined);
  if (at < 0) return null;
  const token = tokens[at]!;
  const { span } = token;
  const register = registerNamed(token.text)!;
  if (sign === '-') throw new Problem(span, 'a register cannot be subtracted in an address');
  if (register.class !== 'r16' && register.class !== 'r32')
    throw new Problem(span, `${token.text} cannot be part of an address`);
  if (tokens.length === 1) return { register, times: 1, span };
  const factor = at === 0 ? tokens.slice(2) : tokens.slice(0, -2);
  const star = at === 0 ? tokens[1] : tokens.at(-2);
  if (star?.text !== '*' || (at !== 0 && at !== tokens.length - 1))
    throw new Problem(span, 'a register in an address is added, or multiplied by 1, 2, 4 or 8');
  const times = Number(evaluate(factor, scope, end).number);
  if (![1, 2, 3, 4, 5, 8, 9].includes(times))
    throw new Problem(
      span,
      `a register cannot be multiplied by ${times} in an address`,
      'it is 1, 2, 4 or 8',
    );
  return { register, times, span };
}

const ESP = 4;

/** Which register is base and which index. */
function settle(scaled: readonly { register: Register; times: number; span: Span }[]): {
  readonly size: 0 | 2 | 4;
  readonly parts: Pick<Address, 'base' | 'index' | 'scale'>;
} {
  if (scaled.length === 0) return { size: 0, parts: { base: -1, index: -1, scale: 1 } };
  const kinds = new Set(scaled.map(({ register }) => register.class));
  const { span } = scaled.at(-1)!;
  if (kinds.size > 1) throw new Problem(span, 'registers of 16 and of 32 bits cannot be mixed in an address');
  if (scaled.length > 2) throw new Problem(span, 'an address has at most two registers');
  let [base = null, index = null] = scaled.toSorted((a, b) => a.times - b.times);
  if (kinds.has('r16')) return settle16(base, index, span);
  // One register times 2, 3, 5 or 9 is base and index at once; times 4 or 8 index without a base.
  if (base && !index && base.times > 1) {
    index = { ...base, times: [2, 3, 5, 9].includes(base.times) ? base.times - 1 : base.times };
    base = [2, 3, 5, 9].includes(base.times) ? { ...base, times: 1 } : null;
  }
  if (base && base.times > 1) throw new Problem(span, 'only one register of an address can be multiplied');
  if (index && index.register.number === ESP && index.times === 1 && base) [base, index] = [index, base];
  if (index?.register.number === ESP) throw new Problem(span, 'ESP cannot be the index of an address');
  if (index && ![1, 2, 4, 8].includes(index.times))
    throw new Problem(span, `a register beside another cannot be multiplied by ${index.times}`);
  const number = (part: typeof base): number => part?.register.number ?? -1;
  return { size: 4, parts: { base: number(base), index: number(index), scale: index?.times ?? 1 } };
}

/** Addresses of 16 bits: BX or BP, SI or DI, or one of each. SDM vol. 2A, table 2-1. */
function settle16(
  first: { register: Register; times: number } | null,
  second: { register: Register; times: number } | null,
  span: Span,
): { readonly size: 2; readonly parts: Pick<Address, 'base' | 'index' | 'scale'> } {
  const numbers = [first, second].filter((part) => part !== null).map(({ register }) => register.number);
  const base = numbers.find((n) => n === 3 || n === 5) ?? -1;
  const index = numbers.find((n) => n === 6 || n === 7) ?? -1;
  const used = (base >= 0 ? 1 : 0) + (index >= 0 ? 1 : 0);
  if (used !== numbers.length || [first, second].some((part) => (part?.times ?? 1) !== 1))
    throw new Problem(
      span,
      'these registers make no address of 16 bits',
      'it has BX or BP, SI or DI, or one of each, none multiplied',
    );
  return { size: 2, parts: { base, index, scale: 1 } };
}
