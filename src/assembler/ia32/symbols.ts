/** Labels and equates: case counts, local names belong to the label before them, forward references are guessed. */
import type { Span } from '../../base/diagnostics.ts';
import { nearest } from '../../base/nearest.ts';
import { Problem } from '../core/problem.ts';
import { constant, type Scope, type Value } from './expression.ts';
import { registerNamed } from './names.ts';

export interface SymbolEntry {
  readonly name: string;
  readonly kind: 'label' | 'equate';
  readonly value: Value;
  readonly definedAt: Span;
}

export class Symbols {
  private entries = new Map<string, SymbolEntry>();
  private before = new Map<string, SymbolEntry>();
  private readonly outside = new Set<string>();
  private first = true;
  private parent = '';
  /** Some symbol has another value than in the pass before. */
  changed = false;

  get all(): Iterable<SymbolEntry> {
    return this.entries.values();
  }

  nextPass(): void {
    this.before = this.entries;
    this.entries = new Map();
    this.first = false;
    this.changed = false;
    this.parent = '';
  }

  /** `.name` belongs to the label before it; `..@name` and `..name` to none. */
  fullName(name: string): string {
    const plain = name.startsWith('$') && name.length > 1 ? name.slice(1) : name;
    return plain.startsWith('.') && !plain.startsWith('..') ? this.parent + plain : plain;
  }

  /** Makes `name` the label that local names belong to. */
  enter(name: string): void {
    if (!name.startsWith('.')) this.parent = name;
  }

  define(name: string, kind: SymbolEntry['kind'], value: Value, definedAt: Span): void {
    const full = this.fullName(name);
    if (registerNamed(full))
      throw new Problem(definedAt, `${name} is the name of a register`, 'choose another name');
    const earlier = this.entries.get(full);
    if (earlier)
      throw new Problem(
        definedAt,
        `${full} is already defined in line ${earlier.definedAt.line}`,
        'every symbol is defined once: choose another name, or make it local with a dot',
      );
    const previous = this.before.get(full)?.value;
    if (!previous || previous.number !== value.number || previous.place !== value.place || value.guessed)
      this.changed = true;
    this.entries.set(full, { name: full, kind, value, definedAt });
  }

  /** A name that other files define: it may be declared, but not used, since nothing is linked. */
  declareOutside(name: string): void {
    this.outside.add(name);
  }

  find(name: string): SymbolEntry | undefined {
    const full = this.fullName(name);
    return this.entries.get(full) ?? this.before.get(full);
  }

  /** What expressions may ask for at a place. */
  scope(here: Value, start: Value): Scope {
    return {
      symbol: (name, span) => {
        if (name === '$') return here;
        if (name === '$$') return start;
        const entry = this.find(name);
        if (entry) return entry.value;
        if (this.first) return constant(0, true);
        throw this.missing(name, span);
      },
    };
  }

  private missing(name: string, span: Span): Problem {
    const full = this.fullName(name);
    if (this.outside.has(full))
      return new Problem(
        span,
        `${full} is declared extern, but nothing is linked here`,
        'define it in this source',
      );
    const near = nearest(full, [...this.before.keys(), ...this.entries.keys()]);
    return new Problem(
      span,
      `the symbol ${full} is not defined`,
      near ? `did you mean ${near}?` : 'define it as a label, or with equ',
    );
  }
}
