/** The IA-32 assembler: source text close to NASM's to a flat program with listing, symbols and source map. */
import type { Diagnostic } from '../../base/diagnostics.ts';
import type { AssembledSymbol, Assembly, Segment, SourceMapEntry } from '../core/assembly.ts';
import { Diagnostics } from '../core/problem.ts';
import { resolved } from './expression.ts';
import { makeListing } from './listing.ts';
import { Passes, type Placed } from './passes.ts';
import { Preprocessor, type Include } from './preprocess/preprocess.ts';
import { statementOf } from './statement.ts';

export interface AssembleOptions {
  /** Name of the source in spans and source map; `source` if not given. */
  readonly file?: string;
  /** The text of a file that the source includes, or null if there is none. */
  readonly include?: Include;
  /** Mode before the first `bits`. */
  readonly bits?: 16 | 32;
  /** Address of the first byte, unless the source says `org`. */
  readonly origin?: number;
}

/** Assembles one program. Never throws for any source: mistakes are diagnostics, several at a time. */
export function assembleIa32(source: string, options: AssembleOptions = {}): Assembly {
  const { file = 'source', include = () => null, bits = 32, origin = 0 } = options;
  const early = new Diagnostics();
  const lines = new Preprocessor(early, include).process(source, file);
  const passes = new Passes(lines.map(statementOf), bits === 16 ? 2 : 4);
  passes.layout.origin = origin;
  passes.run();
  const diagnostics = merge(early.sorted(), passes.diagnostics.sorted());
  const symbols = symbolsOf(passes);
  const segments = segmentsOf(passes);
  const start = segments[0]?.address ?? passes.layout.origin;
  const last = segments.at(-1);
  const bytes = new Uint8Array(last ? last.address + last.bytes.length - start : 0);
  for (const segment of segments) bytes.set(segment.bytes, segment.address - start);
  return {
    ok: diagnostics.every(({ severity }) => severity !== 'error'),
    origin: start,
    bytes,
    segments,
    entry: symbols.find(({ name }) => name === '_start' || name === 'start')?.value ?? start,
    symbols,
    sourceMap: passes.placed
      .filter(({ length }) => length > 0)
      .map(mapped)
      .sort((a, b) => a.address - b.address),
    listing: () => makeListing(lines, passes.placed, symbols, diagnostics),
    diagnostics,
  };
}

/** Both lists in the order of the source. */
const merge = (a: readonly Diagnostic[], b: readonly Diagnostic[]): readonly Diagnostic[] => {
  const files = [...new Set([...a, ...b].map(({ span }) => span.file))];
  return [...a, ...b].sort(
    (x, y) =>
      files.indexOf(x.span.file) - files.indexOf(y.span.file) ||
      x.span.line - y.span.line ||
      x.span.column - y.span.column,
  );
};

/** Sections with something in them; memory that is only reserved is not part of the program's bytes. */
const segmentsOf = ({ layout }: Passes): Segment[] =>
  layout.ordered
    .filter(({ counter, empty }) => counter > 0 && !empty)
    .map(({ name, address, bytes, counter }) => ({ name, address, bytes: bytes.slice(0, counter) }));

const symbolsOf = ({ symbols }: Passes): AssembledSymbol[] =>
  [...symbols.all]
    .filter(({ name }) => !name.startsWith('..@'))
    .map(({ name, kind, value, definedAt }) => ({
      name,
      value: Number(resolved(value)),
      length: 1,
      kind,
      section: value.place?.name ?? null,
      definedAt,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

function mapped({ statement: { line }, section, offset, length, kind }: Placed): SourceMapEntry {
  return {
    address: section.address + offset,
    length,
    file: line.outer.file,
    line: line.outer.line,
    kind,
    ...(line.macro === null ? {} : { model: { file: line.file, line: line.line } }),
  };
}
