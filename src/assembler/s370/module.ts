/** One assembly under way: what the first pass finds out and the second pass writes with. */
import type { Span } from '../../base/diagnostics.ts';
import type { Row } from '../../machines/s370/instructions/row.ts';
import type { SourceMapEntry } from '../core/assembly.ts';
import type { Scope } from '../core/expression.ts';
import { fieldSpan } from '../core/field.ts';
import { Problem, type Diagnostics } from '../core/problem.ts';
import { alignUp, Sections, type Section } from '../core/sections.ts';
import { SymbolTable } from '../core/symbols.ts';
import { relocatable, type Value } from '../core/value.ts';
import type { Generated } from './generated.ts';
import { LiteralPools } from './literals.ts';
import { isSymbol } from './self-defining.ts';
import { Usings } from './using.ts';

/** Storage that 24-bit addresses reach. */
const ADDRESSABLE = 0x100_0000;

/** What the second pass has to do for a statement. */
export type Later = () => void;

/** A statement after the first pass. */
export interface Item {
  readonly statement: Generated;
  /** Null for statements outside of sections, or without a location. */
  section: Section | null;
  offset: number;
  length: number;
  later: Later | null;
  /** Shown in the listing instead of the location: the value of EQU, the base of USING. */
  note: number | null;
  /** The two storage addresses of an instruction, for the listing. */
  addresses: (number | null)[];
  /** An instruction: its halfwords are listed apart. */
  code: boolean;
  /** A line of the listing of its own, such as a literal. */
  source?: string;
}

export class Module {
  readonly diagnostics: Diagnostics;
  readonly rows: ReadonlyMap<string, Row>;
  readonly symbols = new SymbolTable();
  readonly sections = new Sections(ADDRESSABLE);
  readonly usings = new Usings();
  readonly literals = new LiteralPools();
  readonly sourceMap: SourceMapEntry[] = [];
  readonly items: Item[] = [];
  /** Operations that unknown ones resemble. */
  readonly similar = new Map<string, string | null>();
  ended = false;
  entry: (() => number) | null = null;
  /** The statement being worked on. */
  item!: Item;

  constructor(diagnostics: Diagnostics, rows: ReadonlyMap<string, Row>) {
    this.diagnostics = diagnostics;
    this.rows = rows;
  }

  begin(statement: Generated, source?: string): Item {
    const { current } = this.sections;
    this.item = {
      statement,
      section: current,
      offset: current?.counter ?? 0,
      length: 0,
      later: null,
      note: null,
      addresses: [],
      code: false,
      ...(source === undefined ? {} : { source }),
    };
    this.items.push(this.item);
    return this.item;
  }

  /** The section that code and data go to; one without a name begins if there is none yet. */
  section(): Section {
    const section = this.sections.current ?? this.sections.enter('', false);
    this.item.section = section;
    return section;
  }

  /** Skips to a multiple of `alignment`; the statement begins there. */
  align(alignment: number): void {
    const section = this.section();
    this.sections.moveTo(section, alignUp(section.counter, alignment), this.span());
    this.item.offset = section.counter;
  }

  /** Reserves `length` bytes for the statement. */
  reserve(length: number): void {
    const section = this.section();
    this.item.offset = section.counter;
    this.sections.moveTo(section, section.counter + length, this.span());
    this.item.length = length;
  }

  /** Where the statement stands: its operation. */
  span(): Span {
    return fieldSpan(this.item.statement.operation);
  }

  /** Where its label stands. */
  nameSpan(): Span {
    return fieldSpan(this.item.statement.name);
  }

  /** The address of the current statement. */
  here(item = this.item, extra = 0): Value {
    if (!item.section)
      throw new Problem(this.span(), 'there is no location counter before the first section');
    return relocatable(item.section, item.offset + extra);
  }

  /** What expressions of the current statement may ask for; `extra`: bytes from its start to the location counter. */
  scope(extra = 0): Scope {
    const { item, symbols } = this;
    const known = symbols.asScope();
    return {
      symbol: (name, span) => known.symbol(name, span),
      location: () => this.here(item, extra),
      length: (name, span) => (name === null ? Math.max(1, item.length) : known.length(name, span)),
    };
  }

  /** Enters the name field as the label of the statement, `length` bytes long. */
  label(length: number): void {
    const { name } = this.item.statement;
    if (name.text === '' || name.text.startsWith('.')) return;
    this.requireSymbol();
    this.symbols.define(name.text, 'label', this.here(), length, fieldSpan(name));
  }

  /** The name field, which must be a symbol. */
  requireSymbol(): string {
    const { name } = this.item.statement;
    if (isSymbol(name.text)) return name.text.toUpperCase();
    if (name.text === '')
      throw new Problem(
        this.span(),
        `${this.item.statement.operation.text.toUpperCase()} needs a name in column 1`,
      );
    throw new Problem(
      fieldSpan(name),
      `${name.text} is no symbol`,
      'a symbol begins with a letter, $, # or @ and goes on with letters and digits',
    );
  }

  /** Where the bytes of `item` go; those of a dummy section go nowhere. */
  room(item: Item, kind: SourceMapEntry['kind']): Uint8Array | null {
    const { section, offset, length, statement } = item;
    if (!section || length === 0) return null;
    item.code = kind === 'instruction';
    if (section.dummy) return new Uint8Array(length);
    this.sourceMap.push({
      address: section.address + offset,
      length,
      file: statement.outer.file,
      line: statement.outer.line,
      kind,
      ...(statement.level > 0 ? { model: { file: statement.file, line: statement.line } } : {}),
    });
    return section.bytes.subarray(offset, offset + length);
  }
}
