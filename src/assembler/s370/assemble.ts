/** The System/370 assembler: source text to bytes, listing, symbols and source map (GC28-6514, GC33-4010). */
import type { Diagnostic } from '../../base/diagnostics.ts';
import type { Row } from '../../machines/s370/instructions/row.ts';
import { S370_INSTRUCTIONS } from '../../machines/s370/instructions/table.ts';
import type { AssembledSymbol, Assembly, Segment } from '../core/assembly.ts';
import { Diagnostics } from '../core/problem.ts';
import { sectionOf } from '../core/value.ts';
import { generate } from './macro/generate.ts';
import { makeListing } from './listing.ts';
import { Module } from './module.ts';
import { firstPass, secondPass } from './passes.ts';

export interface AssembleOptions {
  /** Name of the source in spans and source map; `source` if not given. */
  readonly file?: string;
  /** The text that COPY `name` stands for (name in upper case), or null if there is none. */
  readonly copy?: (name: string) => string | null;
  /** The instruction table. */
  readonly rows?: readonly Row[];
}

/** Assembles one module. Never throws for any source: mistakes are diagnostics, several at a time. */
export function assembleS370(source: string, options: AssembleOptions = {}): Assembly {
  const { file = 'source', copy = () => null, rows = S370_INSTRUCTIONS } = options;
  const diagnostics = new Diagnostics();
  const m = new Module(diagnostics, new Map(rows.map((row) => [row.mnemonic, row])));
  const rowOf = (name: string): Row | undefined => m.rows.get(name);
  firstPass(m, generate(source, file, { copy, rowOf, diagnostics }));
  secondPass(m);
  const entry = m.entry && diagnostics.guard<number | null>(m.entry, null);
  return finish(m, entry, diagnostics.sorted());
}

function finish(m: Module, entry: number | null, diagnostics: readonly Diagnostic[]): Assembly {
  const segments: Segment[] = m.sections.control
    .filter((section) => section.size > 0 || section.name !== '')
    .map(({ name, address, bytes }) => ({ name, address, bytes }));
  const origin = segments[0]?.address ?? m.sections.origin;
  const last = segments.at(-1);
  const bytes = new Uint8Array(last ? last.address + last.bytes.length - origin : 0);
  for (const segment of segments) bytes.set(segment.bytes, segment.address - origin);
  const symbols = publicSymbols(m);
  return {
    ok: diagnostics.every(({ severity }) => severity !== 'error'),
    origin,
    bytes,
    segments,
    entry: entry ?? origin,
    symbols,
    sourceMap: m.sourceMap.sort((a, b) => a.address - b.address),
    listing: () => makeListing(m, symbols, diagnostics),
    diagnostics,
  };
}

function publicSymbols(m: Module): AssembledSymbol[] {
  const symbols: AssembledSymbol[] = [];
  for (const { name, value, length, kind, definedAt } of m.symbols.entries) {
    if (!value || name.startsWith('=')) continue;
    const section = sectionOf(value);
    const address = section && !section.dummy ? section.address : 0;
    symbols.push({
      name,
      value: value.offset + address,
      length,
      kind,
      section: section?.name ?? null,
      definedAt,
    });
  }
  return symbols.sort((a, b) => (a.name < b.name ? -1 : 1));
}
