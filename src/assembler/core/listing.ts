/** The listing: what was made of every statement, as mainframe assemblers print it (SC26-4036, "Assembler listing"). */
import { hex, hexBytes } from '../../base/bits.ts';
import type { Diagnostic } from '../../base/diagnostics.ts';

export interface ListingLine {
  /** Null where the statement has no location. */
  readonly location: number | null;
  readonly object: Uint8Array;
  /** Halfwords apart, as instructions are read, or in one run. */
  readonly spaced: boolean;
  readonly addresses: readonly (number | null)[];
  /** Null for lines that are no statement of their own. */
  readonly statement: number | null;
  readonly generated: boolean;
  /** First line is printed beside the object code, the others below. */
  readonly source: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

const HEADING = '  LOC  OBJECT CODE    ADDR1  ADDR2   STMT   SOURCE STATEMENT';
/** Object code that is printed beside a statement. */
const BYTES_SHOWN = 8;

const address = (value: number | null | undefined): string =>
  (value === null || value === undefined ? '' : hex(value, 6)).padEnd(6);

function formatLine(line: ListingLine): string {
  const shown = hexBytes(line.object.subarray(0, BYTES_SHOWN));
  const object = line.spaced ? shown.replace(/(.{4})(?=.)/g, '$1 ') : shown;
  const number = line.statement === null ? '' : String(line.statement);
  const rows = [
    `${address(line.location)} ${object.padEnd(16)} ${address(line.addresses[0])} ${address(line.addresses[1])}${number.padStart(5)}${line.generated ? '+' : ' '} ${line.source[0] ?? ''}`,
    ...line.source.slice(1).map((more) => `${' '.repeat(44)} ${more}`),
    ...line.diagnostics.map(
      (d) =>
        `  *** ${d.severity === 'error' ? 'ERROR' : 'WARNING'} *** ${d.message}${d.hint ? ` (${d.hint})` : ''}`,
    ),
  ];
  return rows.map((row) => row.trimEnd()).join('\n');
}

export interface ListedSymbol {
  readonly name: string;
  readonly length: number;
  readonly value: number;
  readonly line: number;
}

/** The statements, then the symbols. */
export function formatListing(lines: readonly ListingLine[], symbols: readonly ListedSymbol[]): string {
  const table = symbols.map(
    ({ name, length, value, line }) =>
      `${name.padEnd(8)} ${String(length).padStart(5)}  ${hex(value, 6)} ${String(line).padStart(6)}`,
  );
  return [HEADING, ...lines.map(formatLine), '', 'SYMBOL     LEN  VALUE    LINE', ...table, ''].join('\n');
}
