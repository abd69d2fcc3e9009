/** Multi-line macros: %macro … %endmacro. NASM manual, section 4.3. */
import { Problem } from '../../core/problem.ts';
import { numberOf, textOf, type Token } from '../tokens.ts';
import type { Line } from './line.ts';

export interface Macro {
  readonly name: string;
  readonly fewest: number;
  readonly most: number;
  /** The last parameter takes the rest of the line, commas and all. */
  readonly greedy: boolean;
  readonly defaults: readonly (readonly Token[])[];
  readonly body: readonly Line[];
}

/** A macro being expanded. */
export interface Call {
  readonly macro: Macro;
  arguments: readonly (readonly Token[])[];
  /** Tells the local labels of one call from those of another. */
  readonly serial: number;
  /** Tokens of the label before the call, for %00. */
  readonly label: readonly Token[];
}

/** What stands behind %macro: name, count or range, `+`, defaults. */
export function macroHeading(line: Line): Omit<Macro, 'body'> {
  const [, name, ...rest] = line.tokens;
  if (name?.kind !== 'word')
    throw new Problem(line.tokens[0]!.span, 'a name is missing here', 'try %macro name 2');
  const words = splitAtCommas(rest);
  const count = words[0] ?? [];
  const parts = /^(\d+)(?:-(\d+|\*))?(\+?)(?:\.nolist)?$/.exec(headOf(count));
  const [first = '0', last = first] = parts?.slice(1, 3).filter((part) => part) ?? [];
  if (!parts && count.length > 0 && count[0]!.kind !== 'number')
    throw new Problem(
      count[0]!.span,
      `${count[0]!.text} is no number of parameters`,
      'try %macro name 2, or 1-3',
    );
  const rangeLength = count.findIndex(({ spaced }, i) => i > 0 && spaced);
  const inline = rangeLength < 0 ? [] : [count.slice(rangeLength)];
  return {
    name: name.text.toLowerCase(),
    fewest: Number(first),
    most: last === '*' ? Infinity : Number(last),
    greedy: parts?.[3] === '+',
    defaults: [...inline, ...words.slice(1)],
  };
}

/** The first run of tokens without blanks, as text: `1-2+`. */
function headOf(tokens: readonly Token[]): string {
  const end = tokens.findIndex(({ spaced }, i) => i > 0 && spaced);
  return textOf(end < 0 ? tokens : tokens.slice(0, end));
}

/** Arguments of a call: at commas, braces group. */
export function splitAtCommas(tokens: readonly Token[]): Token[][] {
  if (tokens.length === 0) return [];
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    const mark = token.kind === 'mark' ? token.text : '';
    if (mark === '{') depth++;
    if (mark === '}') depth--;
    if (mark === ',' && depth === 0) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts.map((part) =>
    part[0]?.text === '{' && part.at(-1)?.text === '}' && part[0].kind === 'mark' ? part.slice(1, -1) : part,
  );
}

/** The arguments that a call gives, defaults and greed applied. */
export function argumentsOf(macro: Macro, tokens: readonly Token[]): readonly (readonly Token[])[] {
  let given: readonly (readonly Token[])[] = splitAtCommas(tokens);
  if (macro.greedy && given.length > macro.most) {
    const before = given.slice(0, macro.most - 1).reduce((sum, part) => sum + part.length + 1, 0);
    given = [...given.slice(0, macro.most - 1), tokens.slice(before)];
  }
  const missing = macro.most === Infinity ? macro.fewest : macro.most;
  return given.length >= missing
    ? given
    : [...given, ...macro.defaults.slice(given.length - macro.fewest, missing - macro.fewest)];
}

/** Whether a call with so many arguments means this macro. */
export const accepts = (macro: Macro, count: number): boolean =>
  count >= macro.fewest && (count <= macro.most || macro.greedy);

/** A body line with parameters and local labels filled in, glued to what they touch. */
export function fillIn(line: Line, call: Call, outer: Line['outer']): Line {
  const tokens: Token[] = [];
  for (const token of line.tokens) {
    const replaced = token.kind === 'word' && token.text.startsWith('%') ? valueOf(token, call) : null;
    if (!replaced) glue(tokens, token);
    else replaced.forEach((each, i) => glue(tokens, i === 0 ? { ...each, spaced: token.spaced } : each));
  }
  return { ...line, tokens, outer, macro: call.macro.name };
}

/** Adds a token; names that touch become one. */
function glue(tokens: Token[], token: Token): void {
  const before = tokens.at(-1);
  const names = (kind: Token['kind']): boolean => kind === 'word' || kind === 'number';
  if (before && names(before.kind) && names(token.kind) && !token.spaced && !before.text.startsWith('%'))
    tokens[tokens.length - 1] = { ...before, text: before.text + token.text };
  else tokens.push(token);
}

/** What a `%` word stands for in a macro; null if it is a directive. */
function valueOf(token: Token, call: Call): readonly Token[] | null {
  const name = token.text.replace(/^%\{(.*)\}$/, '%$1');
  if (name.startsWith('%%')) return [{ ...token, text: `..@${call.serial}.${name.slice(2)}` }];
  if (name === '%0') return [{ ...token, kind: 'number', text: String(call.arguments.length) }];
  if (name === '%00') return call.label;
  if (/^%\d+$/.test(name)) return call.arguments[Number(name.slice(1)) - 1] ?? [];
  if (/^%[+-]\d+$/.test(name))
    throw new Problem(token.span, `${name}: condition codes as parameters are not supported`);
  return null;
}

/** %rotate: the arguments move left by so many places. */
export function rotate(call: Call, token: Token, sign: number): void {
  const n = call.arguments.length;
  if (n === 0) return;
  const by = (((Number(numberOf(token)) * sign) % n) + n) % n;
  call.arguments = [...call.arguments.slice(by), ...call.arguments.slice(0, by)];
}
