/** %if and its kin: which lines count. NASM manual, section 4.4. */
import type { Span } from '../../../base/diagnostics.ts';
import { Problem } from '../../core/problem.ts';
import { evaluateNow, type Scope } from '../expression.ts';
import { textOf, type Token } from '../tokens.ts';
import type { Defines } from './defines.ts';
import { splitAtCommas } from './macros.ts';

/** What conditions ask about. */
export interface Surroundings {
  readonly defines: Defines;
  readonly isMacro: (name: string) => boolean;
}

/** To the preprocessor, a name that is not defined has no value: symbols come later. */
export const NO_SYMBOLS: Scope = {
  symbol: (name, span) => {
    throw new Problem(
      span,
      `${name} has no value here`,
      'the preprocessor knows what %define and %assign define, not labels and EQU',
    );
  },
};

type Test = (tokens: readonly Token[], around: Surroundings, span: Span) => boolean;

const kindIs =
  (...kinds: readonly Token['kind'][]): Test =>
  (tokens, { defines }) => {
    const [token, more] = defines.expand(tokens);
    return token !== undefined && more === undefined && kinds.includes(token.kind);
  };

const identical =
  (fold: (text: string) => string): Test =>
  (tokens, { defines }) => {
    const [a = [], b = []] = splitAtCommas(defines.expand(tokens));
    return fold(textOf(a)) === fold(textOf(b));
  };

/** By what follows `%if` or `%elif`; each also with `n` for not. */
const TESTS: Readonly<Record<string, Test>> = {
  '': (tokens, { defines }, span) =>
    evaluateNow(defines.expand(tokens), NO_SYMBOLS, span, 'the condition') !== 0,
  def: (tokens, { defines }) => tokens.every(({ text }) => defines.has(text)),
  macro: (tokens, { isMacro }) => isMacro(tokens[0]?.text.toLowerCase() ?? ''),
  idn: identical((text) => text),
  idni: identical((text) => text.toLowerCase()),
  id: kindIs('word'),
  num: kindIs('number'),
  str: kindIs('string'),
  empty: (tokens, { defines }) => defines.expand(tokens).length === 0,
  token: (tokens, { defines }) => defines.expand(tokens).length === 1,
};

/** The test that a directive such as `%ifndef` or `%elifidn` names; null if it names none. */
export function conditionOf(directive: string): { readonly begins: boolean; readonly test: Test } | null {
  const parts = /^%(if|elif)([a-z]*)$/.exec(directive);
  if (!parts) return null;
  const [, head, kind = ''] = parts;
  const begins = head === 'if';
  if (Object.hasOwn(TESTS, kind)) return { begins, test: TESTS[kind]! };
  const plain = kind.startsWith('n') ? TESTS[kind.slice(1)] : undefined;
  return plain ? { begins, test: (tokens, around, span) => !plain(tokens, around, span) } : null;
}

/** One %if that is open. */
interface Open {
  readonly span: Span;
  /** A branch has been taken, or none ever will be: all around it is skipped. */
  done: boolean;
  active: boolean;
  elseSeen: boolean;
}

/** The nest of conditions that are open. */
export class Conditions {
  private readonly open: Open[] = [];

  get active(): boolean {
    return this.open.every(({ active }) => active);
  }
  get depth(): number {
    return this.open.length;
  }
  /** Where the innermost one began, or null. */
  get unfinished(): Span | null {
    return this.open.at(-1)?.span ?? null;
  }
  /** Forgets what was opened inside of something that has ended. */
  closeTo(depth: number): void {
    this.open.length = Math.min(this.open.length, depth);
  }

  begin(span: Span, test: () => boolean): void {
    const within = this.active;
    const open: Open = { span, done: !within, active: false, elseSeen: false };
    this.open.push(open);
    if (within) open.active = open.done = test();
  }

  otherwise(span: Span, test: (() => boolean) | null): void {
    const open = this.open.at(-1);
    if (!open || open.elseSeen) throw new Problem(span, 'there is no %if that this could belong to');
    open.elseSeen = test === null;
    open.active = false;
    if (!open.done) open.active = open.done = test?.() ?? true;
  }

  end(span: Span): void {
    if (!this.open.pop()) throw new Problem(span, 'there is no %if that this could end');
  }
}
