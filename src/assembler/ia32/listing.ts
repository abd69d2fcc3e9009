/** The listing: offset, bytes and source of every line, as assemblers for the PC print it, then the symbols. */
import { hex, hexBytes } from '../../base/bits.ts';
import type { Diagnostic } from '../../base/diagnostics.ts';
import type { AssembledSymbol } from '../core/assembly.ts';
import type { Placed } from './passes.ts';
import type { Line } from './preprocess/line.ts';

const BYTES_SHOWN = 9;

export function makeListing(
  lines: readonly Line[],
  placed: readonly Placed[],
  symbols: readonly AssembledSymbol[],
  diagnostics: readonly Diagnostic[],
): string {
  const byLine = new Map<Line, Placed[]>();
  for (const each of placed) {
    const { line } = each.statement;
    byLine.set(line, [...(byLine.get(line) ?? []), each]);
  }
  const rows: string[] = [];
  const told = new Set<Diagnostic>();
  for (const line of lines) {
    const here = byLine.get(line) ?? [];
    const [first] = here;
    const address = first ? hex(first.section.address + first.offset) : '';
    const bytes = here.flatMap(({ section, offset, length }) =>
      section.empty ? [] : [...section.bytes.subarray(offset, offset + Math.min(length, BYTES_SHOWN + 1))],
    );
    const shown = hexBytes(bytes.slice(0, BYTES_SHOWN)) + (bytes.length > BYTES_SHOWN ? '-' : '');
    const mark = line.macro === null ? ' ' : '+';
    rows.push(
      `${String(line.line).padStart(6)} ${address.padEnd(8)} ${shown.padEnd(19)} ${mark} ${line.text}`,
    );
    for (const d of diagnostics)
      if (d.span.line === line.line && d.span.file === line.file && !told.has(d)) {
        told.add(d);
        rows.push(`       *** ${d.severity}: ${d.message}${d.hint ? ` (${d.hint})` : ''}`);
      }
  }
  const names = symbols.map(({ name, value, kind }) => `${hex(value)} ${kind.padEnd(7)} ${name}`);
  return [...rows.map((row) => row.trimEnd()), '', ...names, ''].join('\n');
}
