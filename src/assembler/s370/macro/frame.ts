/** Variable symbols: parameters of the macro at work, SET symbols, and what the assembler supplies (GC33-4010). */
import { splitAtCommas } from '../quoting.ts';

/** Arithmetic, binary (0 or 1), character. */
export type SetType = 'A' | 'B' | 'C';

export interface SetSymbol {
  readonly type: SetType;
  /** Elements of an array; null: no array. */
  readonly size: number | null;
  /** By subscript; 0 where there is none. What is not set yet is 0 or empty. */
  readonly values: Map<number, number | string>;
}

export const newSetSymbol = (type: SetType, size: number | null): SetSymbol => ({
  type,
  size,
  values: new Map(),
});

export type Variable =
  | { readonly kind: 'set'; readonly symbol: SetSymbol }
  | { readonly kind: 'parameter'; readonly value: string };

/** Branches that conditional assembly may take in one macro, unless ACTR says otherwise. */
export const DEFAULT_BRANCHES = 4096;

/** One activation of a macro, or open code. */
export class Frame {
  /** Null: open code. */
  readonly macro: string | null;
  /** 0: open code; else how deep in macros. */
  readonly level: number;
  /** Line of open code that led here. */
  readonly outer: { readonly file: string; readonly line: number };
  readonly parameters = new Map<string, string>();
  /** Positional operands of the call, also those without a parameter. */
  readonly positional: string[] = [];
  readonly setSymbols = new Map<string, SetSymbol>();
  branchesLeft = DEFAULT_BRANCHES;

  constructor(macro: string | null, level: number, outer: { file: string; line: number }) {
    this.macro = macro;
    this.level = level;
    this.outer = outer;
  }

  find(name: string): Variable | null {
    const key = name.toUpperCase();
    const value = this.parameters.get(key);
    if (value !== undefined) return { kind: 'parameter', value };
    const symbol = this.setSymbols.get(key);
    return symbol ? { kind: 'set', symbol } : null;
  }

  /** Names of everything that can be referred to, for hints. */
  names(): string[] {
    return [...this.parameters.keys(), ...this.setSymbols.keys()];
  }
}

/** The entries of a sublist such as (A,B,C); null for a value that is none. */
export function sublist(value: string): string[] | null {
  if (!value.startsWith('(') || !value.endsWith(')')) return null;
  return splitAtCommas(value, 1, value.length - 1).map(([from, to]) => value.slice(from, to));
}

/** The entry that `subscripts` select, level by level; a value that is no sublist is its own first entry. */
export function entryOf(value: string, subscripts: readonly number[]): string {
  return subscripts.reduce((entry, n) => (sublist(entry) ?? [entry])[n - 1] ?? '', value);
}

/** Number of entries: 0 for an omitted operand, 1 for one that is no sublist. */
export const entryCount = (value: string): number => (value === '' ? 0 : (sublist(value)?.length ?? 1));
