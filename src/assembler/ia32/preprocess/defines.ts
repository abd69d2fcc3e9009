/** Single-line macros: %define and its kin. NASM manual, section 4.1. */
import { Problem } from '../../core/problem.ts';
import type { Token } from '../tokens.ts';

export interface Define {
  readonly name: string;
  /** Null: without a list of parameters. */
  readonly parameters: readonly string[] | null;
  readonly body: readonly Token[];
}

/** Tokens that one line may grow to: a definition that feeds on others must end. */
const MOST_TOKENS = 20_000;
const DEEPEST = 100;

/** `name` with a number of parameters: both may be defined side by side. */
const keyOf = (name: string, parameters: number | null): string => `${name}/${parameters ?? ''}`;

export class Defines {
  private readonly table = new Map<string, Define>();
  private readonly names = new Map<string, number>();

  has(name: string): boolean {
    return (this.names.get(name) ?? 0) > 0;
  }

  set(define: Define): void {
    const key = keyOf(define.name, define.parameters?.length ?? null);
    if (!this.table.has(key)) this.names.set(define.name, (this.names.get(define.name) ?? 0) + 1);
    this.table.set(key, define);
  }

  remove(name: string): void {
    for (const [key, define] of this.table) if (define.name === name) this.table.delete(key);
    this.names.delete(name);
  }

  /** `tokens` with every defined word replaced; a word is not replaced within its own replacement. */
  expand(tokens: readonly Token[], within: readonly string[] = [], depth = 0): readonly Token[] {
    if (depth > DEEPEST) throw new Problem(tokens[0]!.span, 'calls of macros are nested too deeply');
    if (!tokens.some(({ kind, text }) => kind === 'word' && this.has(text))) return tokens;
    const out: Token[] = [];
    for (let i = 0; i < tokens.length;) {
      const token = tokens[i]!;
      const found = token.kind === 'word' && !within.includes(token.text) ? this.call(tokens, i) : null;
      if (!found) {
        out.push(token);
        i++;
        continue;
      }
      const { define, given, end } = found;
      const body = define.body.flatMap((each, n): readonly Token[] => {
        const parameter = each.kind === 'word' ? (define.parameters?.indexOf(each.text) ?? -1) : -1;
        const replaced = parameter < 0 ? [each] : this.expand(given[parameter] ?? [], within, depth + 1);
        return replaced.map((t, k) => (n === 0 && k === 0 ? { ...t, spaced: token.spaced } : t));
      });
      // What the call stands for is shown where the call is written.
      out.push(
        ...this.expand(body, [...within, define.name], depth + 1).map((t) => ({ ...t, span: token.span })),
      );
      i = end;
      if (out.length > MOST_TOKENS)
        throw new Problem(
          token.span,
          `${define.name} grows without end`,
          'look for definitions that use each other',
        );
    }
    return out;
  }

  /** The definition that the word at `i` calls, its arguments, and where the call ends; null if it is no call. */
  private call(
    tokens: readonly Token[],
    i: number,
  ): { define: Define; given: readonly (readonly Token[])[]; end: number } | null {
    const name = tokens[i]!.text;
    if (!this.has(name)) return null;
    const after = tokens[i + 1];
    if (after?.kind === 'mark' && after.text === '(') {
      const taken = argumentsFrom(tokens, i + 2);
      const define = taken && this.table.get(keyOf(name, taken.given.length));
      if (define) return { define, ...taken };
    }
    const plain = this.table.get(keyOf(name, null));
    return plain ? { define: plain, given: [], end: i + 1 } : null;
  }
}

/** Arguments from behind the opening parenthesis to the closing one; null where that is missing. */
function argumentsFrom(tokens: readonly Token[], start: number): { given: Token[][]; end: number } | null {
  const given: Token[][] = [[]];
  let depth = 0;
  for (let i = start; i < tokens.length; i++) {
    const token = tokens[i]!;
    const mark = token.kind === 'mark' ? token.text : '';
    if (mark === ')' && depth === 0) return { given, end: i + 1 };
    if (mark === '(' || mark === '{' || mark === '[') depth++;
    if (mark === ')' || mark === '}' || mark === ']') depth--;
    if (mark === ',' && depth === 0) given.push([]);
    else given.at(-1)!.push(token);
  }
  return null;
}
