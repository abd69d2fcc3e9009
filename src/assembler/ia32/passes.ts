/**
 * The passes over the statements. Lengths depend on distances and distances on lengths, so they are repeated until
 * nothing moves; then the bytes stand. Jumps begin short and only grow after some passes, so that this ends.
 */
import type { Span } from '../../base/diagnostics.ts';
import type { SourceMapEntry } from '../core/assembly.ts';
import { nearest } from '../../base/nearest.ts';
import { Diagnostics, Problem } from '../core/problem.ts';
import { dataOf, isInitialized, isReserved, reservedBytes } from './data.ts';
import { directive } from './directives.ts';
import { encode } from './encode.ts';
import { constant, evaluate, readExpression, TokenReader, type Scope, type Value } from './expression.ts';
import { formsOf, mnemonics } from './forms.ts';
import { Layout, type Section } from './layout.ts';
import { readOperand } from './operand.ts';
import { contextOf } from './preprocess/preprocess.ts';
import { directiveNames, isDirective, operationOf, prefixByte, type Statement } from './statement.ts';
import { Symbols } from './symbols.ts';

const MOST_PASSES = 40;
/** From this pass on, nothing becomes shorter any more. */
const ONLY_GROWS = 6;
/** Bytes that one TIMES may make. */
const MOST_TIMES = 1 << 22;

/** What became of a statement in the last pass. */
export interface Placed {
  readonly statement: Statement;
  readonly section: Section;
  readonly offset: number;
  readonly length: number;
  readonly kind: SourceMapEntry['kind'];
}

export class Passes {
  readonly layout = new Layout();
  readonly symbols = new Symbols();
  placed: Placed[] = [];
  /** Operand and address size, in bytes. */
  mode: 2 | 4;
  diagnostics = new Diagnostics();
  /** The structure being described, with what to return to. */
  structure: { readonly name: string; readonly back: Section } | null = null;
  /** The structure being filled in: where it began, and its name. */
  instance: { readonly name: string; readonly start: number } | null = null;
  private readonly firstMode: 2 | 4;
  private readonly statements: readonly Statement[];
  private readonly lengths = new Map<string, number>();
  private pass = 0;

  constructor(statements: readonly Statement[], mode: 2 | 4) {
    this.statements = statements;
    this.mode = this.firstMode = mode;
  }

  /** Repeats until nothing moves; the diagnostics are those of the last pass. */
  run(): void {
    for (this.pass = 0; this.pass < MOST_PASSES; this.pass++) {
      this.begin();
      for (const statement of this.statements) this.place(statement);
      this.unfinished();
      const still = this.layout.settle() && !this.symbols.changed;
      if (still && this.pass > 0) return;
    }
    const last = this.statements.at(-1);
    if (last && !this.diagnostics.hasErrors)
      this.diagnostics.error(
        last.end,
        'the addresses of this source do not settle',
        'look for a times or align whose count depends on what comes after it',
      );
  }

  private begin(): void {
    if (this.pass > 0) this.symbols.nextPass();
    this.layout.rewind();
    this.diagnostics = new Diagnostics();
    this.placed = [];
    this.mode = this.firstMode;
    this.structure = this.instance = null;
  }

  private unfinished(): void {
    const last = this.statements.at(-1);
    if (last && this.structure)
      this.diagnostics.error(last.end, `struc ${this.structure.name} has no endstruc`);
    if (last && this.instance) this.diagnostics.error(last.end, `istruc ${this.instance.name} has no iend`);
  }

  // ---------------------------------------------------------------- one statement

  private place(statement: Statement): void {
    if (this.diagnostics.overflowing) return;
    this.diagnostics.context = contextOf(statement.line);
    this.diagnostics.guard(() => {
      const equate = statement.operation?.text.toLowerCase() === 'equ';
      if (statement.label && !equate) this.label(statement.label.text, statement.label.span);
      if (statement.times) this.times(statement, statement.times);
      else this.operate(statement, statement, '');
    }, undefined);
    this.diagnostics.context = '';
  }

  private label(name: string, span: Span): void {
    this.symbols.define(name, 'label', this.here(), span);
    this.symbols.enter(name);
  }

  /** The address of the next byte; within a structure, the offset as a plain number. */
  here(): Value {
    const { current } = this.layout;
    return current.dummy
      ? constant(current.counter)
      : { number: BigInt(current.counter), place: current, guessed: false };
  }

  scope(): Scope {
    const { current } = this.layout;
    const start = current.dummy ? constant(0) : { number: 0n, place: current, guessed: false };
    return this.symbols.scope(this.here(), start);
  }

  private times(statement: Statement, tokens: readonly (typeof statement.rest)[number][]): void {
    const reader = new TokenReader(tokens, statement.end);
    const value = readExpression(reader, this.scope());
    if (value.place !== null) throw new Problem(statement.span, 'the count of times must be a plain number');
    const count = Number(value.number);
    if (count < 0 && !value.guessed)
      throw new Problem(
        statement.span,
        `times cannot repeat ${count} times`,
        `${-count} bytes too many stand before it`,
      );
    const once = { ...statement, ...operationOf(tokens.slice(reader.position)) };
    const section = this.layout.current;
    const from = section.counter;
    for (let i = 0; i < Math.max(0, count); i++) {
      this.operate(once, statement, i === 0 ? '' : String(i));
      const length = section.counter - from;
      const all = isAlike(once) ? count * length : length;
      if (all > MOST_TIMES || i > MOST_TIMES)
        throw new Problem(statement.span, `times makes more than ${MOST_TIMES >> 20} MB`);
      if (isAlike(once)) {
        this.repeat(this.placed.at(-1), count - 1);
        return;
      }
    }
  }

  /** Places so many copies of what was placed last behind it. */
  private repeat(last: Placed | undefined, copies: number): void {
    if (!last || copies === 0) return;
    const { section, offset, length, statement, kind } = last;
    const once = section.bytes.slice(offset, offset + length);
    const bytes = new Uint8Array(section.empty ? 0 : copies * length);
    for (let at = 0; at < bytes.length; at += length) bytes.set(once, at);
    this.emit(statement, section.empty ? copies * length : bytes, kind);
  }

  /** `original`: the statement as it is listed. `turn` tells repetitions apart. */
  private operate(statement: Statement, original: Statement, turn: string): void {
    const { operation, rest, operands, end } = statement;
    if (!operation) {
      if (statement.prefixes.length > 0) this.prefixesAlone(statement, original);
      return;
    }
    const word = operation.text.toLowerCase();
    if (operation.kind !== 'word')
      throw new Problem(operation.span, `a statement cannot begin with ${operation.text}`);
    if (isDirective(word)) {
      directive(this, word, statement);
      return;
    }
    if (word === 'equ') {
      this.equate(statement);
      return;
    }
    if (isInitialized(word)) {
      const { bytes, cut } = dataOf(word, operands, this.scope(), end);
      for (const span of cut) this.diagnostics.warning(span, `the value does not fit and was cut`);
      this.emit(original, bytes, 'data');
      return;
    }
    if (isReserved(word)) {
      this.emit(original, reservedBytes(word, rest, this.scope(), end), 'data');
      return;
    }
    this.instruction(statement, original, word, turn);
  }

  private equate({ label, rest, end, operation }: Statement): void {
    if (!label) throw new Problem(operation!.span, 'equ needs a name before it');
    const value = evaluate(rest, this.scope(), end);
    this.symbols.define(label.text, 'equate', value, label.span);
  }

  private instruction(statement: Statement, original: Statement, word: string, turn: string): void {
    const { operation, operands, end, prefixes } = statement;
    const simple = SIMPLE[word];
    if (simple && operands.length === 0) {
      this.emit(original, new Uint8Array(simple), 'instruction');
      return;
    }
    const forms = formsOf(word);
    if (!forms) throw unknownOperation(operation!.text, operation!.span);
    const scope = this.scope();
    const read = operands.map((tokens) => readOperand(tokens, scope, end));
    const key = `${this.placed.length}.${turn}`;
    const { bytes, warnings } = encode(
      operation!.text.toUpperCase(),
      forms,
      read,
      {
        mode: this.mode,
        address: this.layout.current.address + this.layout.current.counter,
        ...prefixesOf(prefixes.map(({ text }) => text)),
        fewest: this.pass >= ONLY_GROWS ? (this.lengths.get(key) ?? 0) : 0,
      },
      statement.span,
    );
    this.lengths.set(key, bytes.length);
    for (const { span, message } of warnings) this.diagnostics.warning(span, message);
    this.emit(original, bytes, 'instruction');
  }

  private prefixesAlone(statement: Statement, original: Statement): void {
    const sizes = prefixesOf(statement.prefixes.map(({ text }) => text));
    const bytes = [...sizes.prefixes];
    if (sizes.operandSize !== 0 && sizes.operandSize !== this.mode) bytes.push(0x66);
    if (sizes.addressSize !== 0 && sizes.addressSize !== this.mode) bytes.push(0x67);
    this.emit(original, new Uint8Array(bytes), 'instruction');
  }

  /** Places bytes, or reserves so many. */
  emit(statement: Statement, what: Uint8Array | number, kind: SourceMapEntry['kind']): void {
    const section = this.layout.current;
    const length = typeof what === 'number' ? what : what.length;
    const offset = section.counter;
    if (section.dummy && typeof what !== 'number')
      throw new Problem(
        statement.span,
        'a structure describes a layout: it can only reserve',
        'use resb and its kin',
      );
    section.write(typeof what === 'number' ? new Uint8Array(what) : what);
    section.advance(length, statement.span);
    if (!section.dummy) this.placed.push({ statement, section, offset, length, kind });
  }
}

/** Every turn makes the same bytes: nothing in it depends on where it stands. */
const isAlike = ({ rest }: Statement): boolean => rest.every(({ kind }) => kind !== 'word');

/** Instructions that the table has only as a case of another one. SDM vol. 2, "NOP", "PAUSE". */
const SIMPLE: Readonly<Record<string, readonly number[]>> = { nop: [0x90], pause: [0xf3, 0x90] };

function prefixesOf(words: readonly string[]): {
  readonly prefixes: readonly number[];
  readonly operandSize: 0 | 2 | 4;
  readonly addressSize: 0 | 2 | 4;
} {
  let operandSize: 0 | 2 | 4 = 0;
  let addressSize: 0 | 2 | 4 = 0;
  const prefixes: number[] = [];
  for (const word of words) {
    const byte = prefixByte(word);
    if (byte !== null) prefixes.push(byte);
    else if (/^o/i.test(word)) operandSize = /16$/.test(word) ? 2 : 4;
    else addressSize = /16$/.test(word) ? 2 : 4;
  }
  return { prefixes, operandSize, addressSize };
}

function unknownOperation(word: string, span: Span): Problem {
  const near = nearest(word, [
    ...mnemonics(),
    'DB',
    'DW',
    'DD',
    'DQ',
    'RESB',
    'EQU',
    'TIMES',
    ...directiveNames(),
  ]);
  return new Problem(
    span,
    `${word} is no operation`,
    near
      ? `did you mean ${near.toLowerCase()}?`
      : 'it is neither an instruction of IA-32 nor a directive, nor a macro defined above',
  );
}
