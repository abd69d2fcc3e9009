/**
 * Which line of C an address of Varve or of one of its programs belongs to, and in which function; from the tables
 * that `npm run guests` takes out of the debug data (`src/build/line-table.mjs`). Tables and texts come with this module:
 * whoever may do without them imports it when they are wanted.
 */

interface Table {
  readonly files: readonly string[];
  /** For each row: distance to the row before (the first: its address), index of the file, line; line 0: no source. */
  readonly lines: readonly number[];
  /** Addresses and names, by address. */
  readonly functions: readonly (readonly [number, string])[];
}

export interface SourceLine {
  /** Path from the folder of the guests: `kernel/touch.c`. */
  readonly file: string;
  readonly line: number;
  /** Name of the function, or of the label in assembly. */
  readonly function: string;
}

const TABLES = import.meta.glob<Table>('./built/lines/*.json', { import: 'default', eager: true });
const SOURCES = import.meta.glob<string>('./{abi,bare,kernel,drivers,programs,xen}/**/*.{c,h,S}', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Index of the last element of `ordered` that is not above `value`; -1 if all are. */
function lastUpTo(ordered: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ordered[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export class LineTable {
  private readonly table: Table;
  private readonly addresses: Float64Array;
  private readonly functionAddresses: readonly number[];

  constructor(table: Table) {
    this.table = table;
    this.functionAddresses = table.functions.map(([address]) => address);
    this.addresses = new Float64Array(table.lines.length / 3);
    let address = 0;
    for (let row = 0; row < this.addresses.length; row++) {
      address += table.lines[3 * row]!;
      this.addresses[row] = address;
    }
  }

  /** The line of the instruction at `linear`, an address of 32 bits, or null where there is no source. */
  at(linear: number): SourceLine | null {
    const address = linear >>> 0;
    const row = lastUpTo(this.addresses, address);
    const line = this.table.lines[3 * row + 2];
    if (row < 0 || line === undefined || line === 0) return null;
    const within = this.table.functions[lastUpTo(this.functionAddresses, address)];
    return { file: this.table.files[this.table.lines[3 * row + 1]!]!, line, function: within?.[1] ?? '' };
  }

  /** Address at which a function begins, or null. */
  addressOf(name: string): number | null {
    return this.table.functions.find(([, each]) => each === name)?.[0] ?? null;
  }
}

/** The table of `varve` or of a program, by its name. @throws RangeError for another name */
export function lineTableOf(name: string): LineTable {
  const table = TABLES[`./built/lines/${name}.json`];
  if (!table) throw new RangeError(`there is no line table of ${name}`);
  return new LineTable(table);
}

/** The text of a source named by a line table. @throws RangeError for another file */
export function sourceText(file: string): string {
  const text = SOURCES[`./${file}`];
  if (text === undefined) throw new RangeError(`there is no source ${file}`);
  return text;
}
