/** The symbol table. Names are kept in upper case; an equate may wait for symbols defined after it. */
import type { Span } from '../../base/diagnostics.ts';
import type { SymbolKind } from './assembly.ts';
import { evaluate, symbolsIn, type Expression, type Scope } from './expression.ts';
import { nearest } from '../../base/nearest.ts';
import { alreadyReported, Problem, type Diagnostics } from './problem.ts';
import type { Value } from './value.ts';

export interface SymbolEntry {
  readonly name: string;
  readonly kind: SymbolKind;
  readonly definedAt: Span;
  /** Null while it waits for other symbols, and for ever if its definition failed. */
  value: Value | null;
  length: number;
}

interface Waiting {
  readonly entry: SymbolEntry;
  readonly value: Expression;
  readonly scope: Scope;
  /** Length attribute, once the value can be had. */
  readonly length: () => number;
}

export class SymbolTable {
  readonly #entries = new Map<string, SymbolEntry>();
  readonly #hints = new Map<string, string | null>();
  #waiting: Waiting[] = [];
  /** Set for the second pass: from then on, a missing symbol is missing for good. */
  complete = false;

  get entries(): Iterable<SymbolEntry> {
    return this.#entries.values();
  }

  find(name: string): SymbolEntry | undefined {
    return this.#entries.get(name.toUpperCase());
  }

  /** Enters a symbol; a second definition is a problem of the second one. */
  define(name: string, kind: SymbolKind, value: Value | null, length: number, definedAt: Span): SymbolEntry {
    const key = name.toUpperCase();
    const earlier = this.#entries.get(key);
    if (earlier)
      throw new Problem(
        definedAt,
        `${key} is already defined in line ${earlier.definedAt.line}`,
        'every symbol is defined once: choose another name',
      );
    const entry: SymbolEntry = { name: key, kind, definedAt, value, length };
    this.#entries.set(key, entry);
    return entry;
  }

  /** Whether all symbols of `expression` have values now. */
  knows(expression: Expression): boolean {
    return symbolsIn(expression).every((name) => Boolean(this.find(name)?.value));
  }

  /** Lets `entry` wait until the symbols of `value` are known. */
  wait(entry: SymbolEntry, value: Expression, scope: Scope, length: () => number): void {
    this.#waiting.push({ entry, value, scope, length });
  }

  /** Gives values to all symbols that wait, in whatever order they depend on each other. */
  settle(diagnostics: Diagnostics): void {
    this.complete = true;
    for (let progress = true; progress;) {
      const ready = this.#waiting.filter(({ value }) => this.knows(value));
      progress = ready.length > 0;
      this.#waiting = this.#waiting.filter((w) => !ready.includes(w));
      for (const { entry, value, scope, length } of ready)
        diagnostics.guard(() => {
          entry.value = evaluate(value, scope);
          entry.length = length();
        }, undefined);
    }
    for (const { entry, value } of this.#waiting) {
      const missing = symbolsIn(value).find((name) => !this.find(name));
      if (missing) diagnostics.guard(() => evaluate(value, this.asScope()), undefined);
      else
        diagnostics.error(
          entry.definedAt,
          `${entry.name} is defined by itself, in a circle`,
          'break the circle: one of the symbols needs a value of its own',
        );
    }
  }

  /** The value of a symbol that must be known now. */
  valueOf(name: string, span: Span): Value {
    const entry = this.find(name);
    if (entry?.value) return entry.value;
    if (entry && this.complete) throw alreadyReported();
    if (!this.complete)
      throw new Problem(
        span,
        `${name.toUpperCase()} has no value yet`,
        'here only symbols that are defined in earlier statements can be used',
      );
    const near = this.#similar(name);
    throw new Problem(
      span,
      `the symbol ${name.toUpperCase()} is not defined`,
      near ? `did you mean ${near}?` : 'define it as the label of a statement, or with EQU',
    );
  }

  /** The defined symbol that `name` resembles most; remembered, for macros repeat their mistakes. */
  #similar(name: string): string | null {
    let near = this.#hints.get(name);
    if (near === undefined) {
      // A literal's name is no symbol that could have been meant.
      const names = [...this.#entries.keys()].filter((key) => !key.startsWith('='));
      this.#hints.set(name, (near = nearest(name, names)));
    }
    return near;
  }

  /** Symbols alone, without a location counter. */
  asScope(): Scope {
    return {
      symbol: (name, span) => this.valueOf(name, span),
      length: (name, span) => {
        if (name === null) throw new Problem(span, 'there is no statement whose length could be meant');
        this.valueOf(name, span);
        return this.find(name)!.length;
      },
      location: (span) => {
        throw new Problem(span, 'there is no location counter here');
      },
    };
  }
}
