/** The listing of a System/370 assembly. */
import type { Diagnostic } from '../../base/diagnostics.ts';
import type { AssembledSymbol } from '../core/assembly.ts';
import { formatListing, type ListingLine } from '../core/listing.ts';
import type { Generated } from './generated.ts';
import type { Item, Module } from './module.ts';

const NOTHING = new Uint8Array(0);

/** Operations that only steer the listing: they are not printed themselves. */
const NOT_LISTED = new Set(['EJECT', 'SPACE', 'TITLE']);

export function makeListing(
  m: Module,
  symbols: readonly AssembledSymbol[],
  diagnostics: readonly Diagnostic[],
): string {
  const lines: ListingLine[] = [];
  const messages = messagesByLine(m, diagnostics);
  let shown = { on: true, gen: true };
  let number = 0;
  for (const item of m.items) {
    const { statement } = item;
    const name = statement.operation.text.toUpperCase();
    if (item.source === undefined) number++;
    if (name === 'PRINT' && item.source === undefined) shown = printOptions(statement.operands.text, shown);
    const mine = messages(item);
    const hidden = !shown.on || (!shown.gen && statement.level > 0) || NOT_LISTED.has(name);
    if (hidden && mine.length === 0) continue;
    lines.push(lineOf(item, number, mine));
  }
  return formatListing(
    lines,
    symbols.map(({ name, length, value, definedAt }) => ({ name, length, value, line: definedAt.line })),
  );
}

/** The diagnostics to print below an item, each once; below generated lines rather than the macro definition. */
function messagesByLine(
  m: Module,
  diagnostics: readonly Diagnostic[],
): (item: Item) => readonly Diagnostic[] {
  const key = (file: string, line: number): string => `${line}:${file}`;
  const assembled = new Set(
    m.items.filter((i) => !i.statement.inert).map((i) => key(i.statement.file, i.statement.line)),
  );
  const byLine = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const at = key(diagnostic.span.file, diagnostic.span.line);
    byLine.set(at, [...(byLine.get(at) ?? []), diagnostic]);
  }
  return ({ statement: { file, line, lines, inert } }) => {
    const mine: Diagnostic[] = [];
    for (let i = 0; i < Math.max(1, lines.length); i++) {
      const at = key(file, line + i);
      if (inert && assembled.has(at)) continue;
      mine.push(...(byLine.get(at) ?? []));
      byLine.delete(at);
    }
    return mine;
  };
}

function printOptions(
  operands: string,
  before: { on: boolean; gen: boolean },
): { on: boolean; gen: boolean } {
  const options = operands.toUpperCase().split(',');
  return {
    on: options.includes('OFF') ? false : options.includes('ON') ? true : before.on,
    gen: options.includes('NOGEN') ? false : options.includes('GEN') ? true : before.gen,
  };
}

function lineOf(item: Item, number: number, diagnostics: readonly Diagnostic[]): ListingLine {
  const { statement, section, offset, length, note } = item;
  const start = section && !section.dummy ? section.address : 0;
  const located = section !== null && !statement.inert;
  return {
    location: note ?? (located ? start + offset : null),
    object:
      located && !section.dummy && length > 0 && item.later
        ? section.bytes.subarray(offset, offset + length)
        : NOTHING,
    spaced: item.addresses.length > 0 || item.code,
    addresses: item.addresses,
    statement: item.source === undefined ? number : null,
    generated: statement.level > 0,
    source: item.source === undefined ? sourceOf(statement) : [`${' '.repeat(15)}${item.source}`],
    diagnostics,
  };
}

function sourceOf(statement: Generated): readonly string[] {
  if (statement.level === 0 || statement.comment) return statement.lines;
  const { name, operation, operands, remarks } = statement;
  return [`${name.text.padEnd(8)} ${operation.text.padEnd(5)} ${operands.text} ${remarks}`.trimEnd()];
}
