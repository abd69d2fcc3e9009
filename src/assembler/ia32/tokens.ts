/** Tokens of a source line. NASM manual, chapter 3: "The NASM Language". */
import type { Span } from '../../base/diagnostics.ts';
import { Problem } from '../core/problem.ts';

export type TokenKind =
  | 'word' // names, mnemonics, registers, directives; also `$`, `$$`, `%define` and what stands for parameters
  | 'number' // as written
  | 'float'
  | 'string' // `text` holds its characters, one code unit a byte
  | 'mark'; // operators and punctuation

export interface Token {
  readonly kind: TokenKind;
  /** As written; of a string its bytes as characters. */
  readonly text: string;
  /** White space stands before it. */
  readonly spaced: boolean;
  readonly span: Span;
}

const BLANK = /[ \t\f\v\r]+/y;
const FLOAT = /[0-9][0-9_]*(?:\.[0-9_]*(?:e[+-]?[0-9]+)?|e[+-]?[0-9]+)(?![A-Za-z0-9_.])/iy;
const NUMBER = /(?:[0-9]|\$(?=[0-9]))[0-9A-Za-z_]*/y;
const WORD = /[A-Za-z_.?@$][A-Za-z0-9_.?@$#~]*/y;
/** `%%local`, `%1`, `%{1}`, `%-1`, `%0`, `%define`; a lone `%` is an operator. */
const PERCENT = /%(?:%[A-Za-z_.?@][A-Za-z0-9_.?@$#~]*|\{[^}\n]*\}|[+-]?[0-9]+|[A-Za-z?]+)/y;
const MARKS = ['<<<', '>>>', '%+', '<<', '>>', '<=', '>=', '==', '!=', '<>', '&&', '||', '^^', '//', '%%'];

/** What `pattern` (sticky) matches at `at`, or ''. */
function matched(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  e: '\x1b',
  '0': '\0',
};

/** Characters as bytes in UTF-8, each kept as one code unit. */
const inBytes = (text: string): string =>
  encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')).replace(
    /%([0-9A-F]{2})/g,
    (_, digits: string) => String.fromCharCode(parseInt(digits, 16)),
  );

/** A string in backquotes: escapes as in C. NASM manual, section 3.4.2. */
function unescape(body: string): string {
  return body.replace(/\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|u[0-9a-fA-F]{4}|.)/gs, (_, escape: string) => {
    if (escape.startsWith('x') && escape.length > 1)
      return String.fromCharCode(parseInt(escape.slice(1), 16));
    if (escape.startsWith('u') && escape.length > 1)
      return inBytes(String.fromCharCode(parseInt(escape.slice(1), 16)));
    if (/^[0-7]+$/.test(escape)) return String.fromCharCode(parseInt(escape, 8) & 255);
    return ESCAPES[escape] ?? escape;
  });
}

/** The tokens of one line, comment left out. Raises a Problem where a string has no end or a character no meaning. */
export function tokensOf(text: string, file: string, line: number): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let spaced = false;
  const span = (length: number): Span => ({ file, line, column: at + 1, endColumn: at + 1 + length });
  const push = (kind: TokenKind, length: number, value = text.slice(at, at + length)): void => {
    tokens.push({ kind, text: value, spaced, span: span(length) });
    at += length;
    spaced = false;
  };
  while (at < text.length) {
    const blank = matched(BLANK, text, at).length;
    if (blank > 0) {
      at += blank;
      spaced = true;
      continue;
    }
    const char = text[at]!;
    if (char === ';') break;
    if (char === "'" || char === '"' || char === '`') {
      const [value, length] = quoted(text, at, char, span);
      push('string', length, value);
      continue;
    }
    const float = matched(FLOAT, text, at).length;
    const number = matched(NUMBER, text, at).length;
    const word = matched(WORD, text, at).length;
    const percent = operandBefore(tokens.at(-1), spaced) ? 0 : matched(PERCENT, text, at).length;
    if (float > 0) push('float', float);
    else if (number > 0) push('number', number);
    else if (word > 0) push('word', word);
    else if (char === '%' && percent > 0) push('word', percent);
    else push('mark', (MARKS.find((mark) => text.startsWith(mark, at)) ?? oneMark(char, span(1))).length);
  }
  return tokens;
}

/** After a whole number or `)`, without a blank in between, `%` divides; `0x%1` is a number with a parameter in it. */
const operandBefore = (before: Token | undefined, spaced: boolean): boolean =>
  before !== undefined && !spaced && (/^[1-9]\d*$/.test(before.text) || before.text === ')');

function oneMark(char: string, span: Span): string {
  if ('[](){},:+-*/%&|^~!=<>?#\\'.includes(char)) return char;
  throw new Problem(span, `the character ${char} has no meaning here`);
}

/** The bytes of a quoted string and its length in the source, quotes included. */
function quoted(text: string, at: number, quote: string, span: (length: number) => Span): [string, number] {
  let end = at + 1;
  while (end < text.length && text[end] !== quote) end += quote === '`' && text[end] === '\\' ? 2 : 1;
  if (end >= text.length)
    throw new Problem(span(text.length - at), 'the string has no end', `close it with ${quote}`);
  const body = text.slice(at + 1, end);
  return [quote === '`' ? unescape(body) : inBytes(body), end + 1 - at];
}

/** The tokens as source text, blanks where the source had them. */
export const textOf = (tokens: readonly Token[]): string =>
  tokens
    .map(
      ({ kind, text, spaced }, i) => (spaced && i > 0 ? ' ' : '') + (kind === 'string' ? `'${text}'` : text),
    )
    .join('');

const DIGITS: Readonly<Record<string, { readonly radix: bigint; readonly digits: RegExp }>> = {
  hexadecimal: { radix: 16n, digits: /^[0-9a-f]+$/i },
  decimal: { radix: 10n, digits: /^[0-9]+$/ },
  octal: { radix: 8n, digits: /^[0-7]+$/ },
  binary: { radix: 2n, digits: /^[01]+$/ },
};

/** Base and digits of a number: prefix 0x, 0h, $, 0d, 0o, 0q, 0b, 0y or suffix h, x, d, t, o, q, b, y. Section 3.4.1. */
function baseOf(text: string): readonly [base: string, digits: string] {
  const word = text.replaceAll('_', '').toLowerCase();
  if (word.startsWith('$')) return ['hexadecimal', word.slice(1)];
  if (/^0[xh]/.test(word) && word.length > 2) return ['hexadecimal', word.slice(2)];
  if (/[hx]$/.test(word)) return ['hexadecimal', word.slice(0, -1)];
  if (/^0[oq]/.test(word)) return ['octal', word.slice(2)];
  if (/^0[by][01]+$/.test(word)) return ['binary', word.slice(2)];
  if (/^0[dt][0-9]+$/.test(word)) return ['decimal', word.slice(2)];
  if (/[oq]$/.test(word)) return ['octal', word.slice(0, -1)];
  if (/[by]$/.test(word)) return ['binary', word.slice(0, -1)];
  if (/[dt]$/.test(word)) return ['decimal', word.slice(0, -1)];
  return ['decimal', word];
}

/** The value of a number token; raises a Problem where its digits do not fit its base or 64 bits. */
export function numberOf({ text, span }: Token): bigint {
  const [base, digits] = baseOf(text);
  const { radix, digits: allowed } = DIGITS[base]!;
  if (!allowed.test(digits)) {
    const hint = /^[0-9a-f]+$/i.test(digits) ? 'a hexadecimal number begins with 0x or ends in h' : undefined;
    throw new Problem(span, `${text} is no ${base} number`, hint);
  }
  let value = 0n;
  for (const digit of digits) value = value * radix + BigInt(parseInt(digit, 16));
  if (value >= 1n << 64n) throw new Problem(span, `${text} does not fit in 64 bits`);
  return value;
}

/** The value of a string used as a number: its first character is the lowest byte. Section 3.4.3. */
export function characterConstant({ text, span }: Token): bigint {
  if (text.length > 8) throw new Problem(span, 'as a number a string has at most 8 characters');
  let value = 0n;
  for (let i = text.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(text.charCodeAt(i));
  return value;
}
