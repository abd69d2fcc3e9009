/**
 * From lines to statements: name, operation, operands, remarks (GC33-4010, "Coding conventions").
 * Punched-card rules hold where a line is a card: continuation by column 72, sequence number in 73–80. Lines that
 * cannot be cards (longer, or followed by no continuation) are read free-form.
 */
import { subfield, type Field, type Mark } from '../core/field.ts';
import { QuoteTracker } from './quoting.ts';

/** Column 72: the character there says that the next line continues this one. */
const CONTINUATION_COLUMN = 72;
const CARD_LENGTH = 80;
/** Continuation lines begin in column 16. */
const CONTINUE_AT = 16;

export interface Statement {
  readonly file: string;
  /** First line, counted from 1. */
  readonly line: number;
  /** Empty texts where a field is absent. */
  readonly name: Field;
  readonly operation: Field;
  readonly operands: Field;
  readonly remarks: string;
  /** A comment or an empty line. */
  readonly comment: boolean;
  /** The lines as they were written. */
  readonly lines: readonly string[];
}

/** Operations in whose parenthesised expressions blanks are allowed. */
const BLANKS_INSIDE = new Set(['AIF', 'AGO', 'SETA', 'SETB', 'SETC']);

export function readStatements(source: string, file: string): Statement[] {
  const lines = source.split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  const statements: Statement[] = [];
  for (let i = 0; i < lines.length;) {
    const first = i;
    while (isContinued(lines, i)) i++;
    i++;
    statements.push(statement(lines.slice(first, i), first + 1, file));
  }
  return statements;
}

function isContinued(lines: readonly string[], i: number): boolean {
  const line = lines[i]!;
  const mark = line[CONTINUATION_COLUMN - 1] ?? ' ';
  const following = lines[i + 1];
  return (
    mark !== ' ' &&
    line.length <= CARD_LENGTH &&
    following !== undefined &&
    /^ {15}/.test(following) &&
    following.trim() !== ''
  );
}

/** The part of a line that belongs to the statement. */
function content(line: string, continued: boolean): string {
  if (continued) return line.slice(0, CONTINUATION_COLUMN - 1);
  const sequence = line.slice(CONTINUATION_COLUMN);
  const numbered =
    line.length === CARD_LENGTH &&
    line[CONTINUATION_COLUMN - 1] === ' ' &&
    /^[A-Z]{0,4}\d{4,8}$/i.test(sequence);
  return numbered ? line.slice(0, CONTINUATION_COLUMN - 1) : line;
}

function statement(lines: readonly string[], line: number, file: string): Statement {
  const marks: Mark[] = [];
  let joined = '';
  lines.forEach((text, i) => {
    const column = i === 0 ? 1 : CONTINUE_AT;
    marks.push({ offset: joined.length, line: line + i, column });
    joined += content(text, i < lines.length - 1).slice(column - 1);
  });
  return split({ text: joined.replaceAll('\t', ' '), file, marks }, lines, line);
}

function split(all: Field, lines: readonly string[], line: number): Statement {
  const { text, file } = all;
  const [, name = '', gap = '', operation = ''] = /^(\S*)(\s*)(\S*)/.exec(text) ?? [];
  const nothing = subfield(all, text.length);
  if (text.trim() === '' || text.startsWith('*') || text.startsWith('.*'))
    return {
      file,
      line,
      name: nothing,
      operation: nothing,
      operands: nothing,
      remarks: text,
      comment: true,
      lines,
    };
  const operationAt = name.length + gap.length;
  let from = operationAt + operation.length;
  while (text[from] === ' ') from++;
  const { operands, end } = cutOperands(all, from, BLANKS_INSIDE.has(operation.toUpperCase()));
  return {
    file,
    line,
    name: subfield(all, 0, name.length),
    operation: subfield(all, operationAt, operationAt + operation.length),
    operands,
    remarks: text.slice(end).trim(),
    comment: false,
    lines,
  };
}

/** The operand field from `from`; a comma before a blank lets it go on in the next line, past remarks. */
function cutOperands(all: Field, from: number, blanksInside: boolean): { operands: Field; end: number } {
  const quotes = new QuoteTracker();
  const boundaries = all.marks.map(({ offset }) => offset);
  const kept: [number, number][] = [];
  let start = from;
  let at = from;
  for (; at < all.text.length; at++) {
    quotes.step(all.text, at);
    if (all.text[at] !== ' ' || quotes.inString || (blanksInside && quotes.depth > 0)) continue;
    const resume = boundaries.find((offset) => offset > at);
    const previous = at > from ? all.text[at - 1] : '';
    // A blank that a line begins with, or no comma before it: the operands end.
    if (previous !== ',' || resume === undefined) break;
    kept.push([start, at]);
    start = resume;
    at = resume - 1;
  }
  kept.push([start, at]);
  return { operands: joinParts(all, kept), end: at };
}

function joinParts(all: Field, parts: readonly [number, number][]): Field {
  let text = '';
  const marks: Mark[] = [];
  for (const [from, to] of parts) {
    const part = subfield(all, from, to);
    for (const mark of part.marks)
      marks.push({ offset: mark.offset + text.length, line: mark.line, column: mark.column });
    text += part.text;
  }
  return { text, file: all.file, marks };
}
