/** A cursor over a field: what every parser of operands is built on. */
import type { Span } from '../../base/diagnostics.ts';
import { fieldSpan, type Field } from './field.ts';
import { Problem } from './problem.ts';

export class Scanner {
  readonly field: Field;
  readonly text: string;
  position: number;

  constructor(field: Field, position = 0) {
    this.field = field;
    this.text = field.text;
    this.position = position;
  }

  get done(): boolean {
    return this.position >= this.text.length;
  }

  /** The next character, or '' at the end. */
  get next(): string {
    return this.text[this.position] ?? '';
  }

  /** Passes `text` if it comes next. */
  take(text: string): boolean {
    if (!this.text.startsWith(text, this.position)) return false;
    this.position += text.length;
    return true;
  }

  /** Passes what `pattern` (sticky) matches here; '' if it does not match. */
  match(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.position += found.length;
    return found;
  }

  /** Passes `text` or fails, naming what was found instead. */
  expect(text: string, hint?: string): void {
    if (!this.take(text)) this.fail(`expected ${text} but found ${this.found()}`, hint);
  }

  /** What comes next, in words. */
  found(): string {
    return this.done ? 'the end of the operand' : this.next === ' ' ? 'a blank' : this.next;
  }

  span(from: number, to = this.position): Span {
    return fieldSpan(this.field, from, to);
  }

  fail(message: string, hint?: string, from = this.position, to = from + 1): never {
    throw new Problem(this.span(from, to), message, hint);
  }
}
