/** A line taken apart: label, prefixes, operation, operands. NASM manual, section 3.1. */
import type { Span } from '../../base/diagnostics.ts';
import { formsOf } from './forms.ts';
import { PREFIXES, registerNamed, SEGMENT_PREFIXES, SIZE_PREFIXES } from './names.ts';
import { spanOfTokens, splitOperands } from './operand.ts';
import { spanOf, type Line } from './preprocess/line.ts';
import type { Token } from './tokens.ts';

export interface Statement {
  readonly line: Line;
  readonly label: Token | null;
  /** Tokens of the count of TIMES with the rest of the line behind them, or null. */
  readonly times: readonly Token[] | null;
  readonly prefixes: readonly Token[];
  /** Null for a line with a label alone, or nothing. */
  readonly operation: Token | null;
  readonly rest: readonly Token[];
  /** `rest` at its commas. */
  readonly operands: readonly (readonly Token[])[];
  readonly span: Span;
  /** Where the statement ends. */
  readonly end: Span;
}

const DATA = /^(?:d[bwdqt]|res[bwdqt]|equ|incbin)$/i;
const DIRECTIVES = new Set([
  ...['bits', 'use16', 'use32', 'section', 'segment', 'org', 'align', 'alignb', 'global', 'extern', 'cpu'],
  ...['struc', 'endstruc', 'istruc', 'at', 'iend', 'default', 'static', 'common', 'absolute'],
]);

export const isDirective = (word: string): boolean => DIRECTIVES.has(word.toLowerCase());
export const directiveNames = (): Iterable<string> => DIRECTIVES;
const isData = (word: string): boolean => DATA.test(word);

/** A prefix: `lock`, `rep`, `o16`, or a segment register before an instruction. */
export const isPrefix = (word: string): boolean => {
  const lower = word.toLowerCase();
  return (
    Object.hasOwn(PREFIXES, lower) ||
    (SIZE_PREFIXES as readonly string[]).includes(lower) ||
    registerNamed(lower)?.class === 'segment'
  );
};

const isOperation = (word: string): boolean =>
  isDirective(word) ||
  isData(word) ||
  isPrefix(word) ||
  /^times$/i.test(word) ||
  /^(?:nop|pause)$/i.test(word) ||
  formsOf(word) !== undefined;

/** The prefix byte of a word, or null for `o16` and the like. */
export function prefixByte(word: string): number | null {
  const lower = word.toLowerCase();
  const register = registerNamed(lower);
  return PREFIXES[lower] ?? (register ? SEGMENT_PREFIXES[register.number]! : null);
}

export function statementOf(line: Line): Statement {
  let tokens = withoutBrackets(line.tokens);
  let label: Token | null = null;
  const [first, second] = tokens;
  if (first?.kind === 'word') {
    const colon = second?.kind === 'mark' && second.text === ':';
    if (colon || !isOperation(first.text)) {
      // Without a colon it is a label if it stands alone or before an operation; else a mistyped operation.
      const before = second === undefined || (second.kind === 'word' && isOperation(second.text));
      if (colon || before) {
        label = first;
        tokens = tokens.slice(colon ? 2 : 1);
      }
    }
  }
  const end = spanOf(line);
  const common = { line, label, end, span: spanOfTokens(line.tokens, end) };
  if (tokens[0]?.kind === 'word' && /^times$/i.test(tokens[0].text))
    return { ...common, times: tokens.slice(1), prefixes: [], operation: tokens[0], rest: [], operands: [] };
  return { ...common, times: null, ...operationOf(tokens) };
}

/** What follows a label: prefixes, operation, operands. */
export function operationOf(
  tokens: readonly Token[],
): Pick<Statement, 'prefixes' | 'operation' | 'rest' | 'operands'> {
  let at = 0;
  while (tokens[at]?.kind === 'word' && isPrefix(tokens[at]!.text)) at++;
  const operation = tokens[at] ?? null;
  const rest = tokens.slice(at + 1);
  return { prefixes: tokens.slice(0, at), operation, rest, operands: splitOperands(rest) };
}

/** `[bits 32]`, the form in which directives are also written, is `bits 32`. */
function withoutBrackets(tokens: readonly Token[]): readonly Token[] {
  const wrapped =
    tokens[0]?.text === '[' && tokens.at(-1)?.text === ']' && isDirective(tokens[1]?.text ?? '');
  return wrapped ? tokens.slice(1, -1) : tokens;
}
