/** Variable symbols where they are referred to: &NAME, &ARRAY(n), &LIST(n,m), &SYSLIST(n) (GC33-4010). */
import { nearest } from '../../../base/nearest.ts';
import type { Scanner } from '../../core/scanner.ts';
import { SYMBOL } from '../self-defining.ts';
import type { Attributes } from './attributes.ts';
import { entryOf, type Frame, type SetSymbol } from './frame.ts';

/** The attributes of an ordinary symbol, or null if no statement defines it. */
export type AttributesOf = (symbol: string) => Attributes | null;

interface Reference {
  readonly name: string;
  /** Null: a parameter. */
  readonly symbol: SetSymbol | null;
  readonly subscripts: readonly number[];
}

const DEEPEST = 40;

/** Reads one field, evaluating as it goes: variable symbols have the values of that moment. */
export abstract class VariableReader {
  readonly scanner: Scanner;
  readonly frame: Frame;
  readonly attributesOf: AttributesOf;
  protected depth = 0;

  constructor(scanner: Scanner, frame: Frame, attributesOf: AttributesOf) {
    this.scanner = scanner;
    this.frame = frame;
    this.attributesOf = attributesOf;
  }

  /** An arithmetic expression: what subscripts are. */
  abstract sum(): number;

  protected deeper(): void {
    if (++this.depth > DEEPEST) this.scanner.fail(`parentheses are nested more than ${DEEPEST} deep`);
  }

  #subscriptValue(): number {
    this.deeper();
    this.scanner.expect('(');
    const value = this.sum();
    this.scanner.expect(')');
    this.depth--;
    return value;
  }

  /** The text of the variable symbol that comes next; a period after it only ends its name. */
  variable(): string {
    const from = this.scanner.position;
    const text = this.textOf(this.reference(), from);
    this.scanner.take('.');
    return text;
  }

  /** The SET symbol that comes next, as the target of an assignment; null if it does not exist yet. */
  target(): { name: string; symbol: SetSymbol | null; subscript: number } {
    const from = this.scanner.position;
    const name = this.#name();
    const variable = this.frame.find(name);
    if (variable?.kind === 'parameter')
      this.scanner.fail(
        `&${name} is a parameter: its value cannot be changed`,
        'use a SET symbol of another name',
        from,
      );
    const symbol = variable?.kind === 'set' ? variable.symbol : null;
    return { name, symbol, subscript: this.scanner.next === '(' ? this.#subscript(name, symbol) : 0 };
  }

  #subscript(name: string, symbol: SetSymbol | null): number {
    const from = this.scanner.position;
    const subscript = this.#subscriptValue();
    if (!symbol || symbol.size === null)
      this.scanner.fail(`&${name} is no array`, `declare it with its size, as in LCLA &${name}(10)`, from);
    if (subscript < 1 || subscript > symbol.size)
      this.scanner.fail(
        `the subscript of &${name} is ${subscript}; it must be 1 to ${symbol.size}`,
        undefined,
        from,
      );
    return subscript;
  }

  #name(): string {
    this.scanner.expect('&');
    const name = this.scanner.match(SYMBOL);
    if (name === '') this.scanner.fail('expected the name of a variable symbol after &');
    return name.toUpperCase();
  }

  protected reference(): Reference {
    const scanner: Scanner = this.scanner;
    const from = scanner.position;
    const name = this.#name();
    const variable = this.frame.find(name);
    if (!variable) {
      const near = nearest(name, this.frame.names());
      const hint = near
        ? `did you mean &${near}?`
        : 'declare it with LCLA, LCLB or LCLC; in a string, write && for an ampersand';
      scanner.fail(`the variable symbol &${name} is not declared`, hint, from, scanner.position);
    }
    if (variable.kind === 'set') {
      const { symbol } = variable;
      const subscripts = symbol.size !== null && scanner.next === '(' ? [this.#subscript(name, symbol)] : [];
      return { name, symbol, subscripts };
    }
    return { name, symbol: null, subscripts: scanner.next === '(' ? this.#entries() : [] };
  }

  #entries(): number[] {
    const { scanner } = this;
    const from = scanner.position;
    this.deeper();
    scanner.expect('(');
    const subscripts: number[] = [];
    do subscripts.push(this.sum());
    while (scanner.take(','));
    scanner.expect(')', 'for parentheses that are no subscript, put a period between, as in &P.(5)');
    this.depth--;
    if (subscripts.some((n) => n < 0))
      scanner.fail('a subscript is 1 or more', undefined, from, scanner.position);
    return subscripts;
  }

  protected textOf(reference: Reference, from: number): string {
    const { name, symbol, subscripts } = reference;
    if (symbol) {
      if (symbol.size !== null && subscripts.length === 0)
        this.scanner.fail(
          `&${name} is an array: it needs a subscript`,
          `as in &${name}(1)`,
          from,
          this.scanner.position,
        );
      return String(symbol.values.get(subscripts[0] ?? 0) ?? (symbol.type === 'C' ? '' : 0));
    }
    if (name !== 'SYSLIST') return entryOf(this.frame.parameters.get(name)!, subscripts);
    const [first = 1, ...rest] = subscripts;
    const operand =
      first === 0 ? this.frame.parameters.get('SYSLIST')! : (this.frame.positional[first - 1] ?? '');
    return entryOf(operand, rest);
  }
}
