// From the debug data of an ELF file to a small table: which source line, and which function, an address belongs to.
import { execFileSync } from 'node:child_process';
import { posix } from 'node:path';

/**
 * @typedef {{ address: number, file: string, line: number }} Row `line` 0: no source from here on
 * @typedef {{ files: string[], lines: number[], functions: [number, string][] }} LineTable
 *   lines: for each row the distance to the row before (the first: its address), index of the file, line
 */

/** @param {string} program @param {string[]} args */
const outputOf = (program, args) => execFileSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28 });

/** Rows as objdump prints them. A heading names the file, the first one of a source without its folder.
 *  @param {string} elf @param {readonly string[]} sources what was compiled @returns {Row[]} */
function rowsOf(elf, sources) {
  const paths = new Map(sources.map((source) => [posix.basename(source), source]));
  let path = '';
  /** @type {Row[]} */
  const rows = [];
  for (const text of outputOf('objdump', ['--dwarf=decodedline', elf]).split('\n')) {
    const heading = /^(?:CU: )?(\S+\.[chS]):(?:\[\+\+\])?$/.exec(text);
    if (heading?.[1]) path = paths.get(heading[1]) ?? posix.normalize(heading[1]);
    const row = /^(\S+)\s+(\d+|-)\s+0x([0-9a-f]+)/.exec(text);
    if (row?.[2] && row[3])
      rows.push({ address: parseInt(row[3], 16), file: path, line: row[2] === '-' ? 0 : Number(row[2]) });
  }
  return rows;
}

/** What the linker threw away has kept its rows, at addresses from 0 on. */
const LOWEST = 0x10000;

/** In the order of addresses; of several rows at one address the last counts, and a line that goes on is one row.
 *  @param {readonly Row[]} rows @returns {Row[]} */
function simplify(rows) {
  /** @type {Map<number, Row>} */
  const byAddress = new Map();
  for (const row of rows)
    if (row.address >= LOWEST && (row.line !== 0 || !byAddress.has(row.address)))
      byAddress.set(row.address, row);
  const ordered = [...byAddress.values()].sort((a, b) => a.address - b.address);
  return ordered.filter(({ file, line }, k) => {
    const before = ordered[k - 1];
    return !before || before.line !== line || before.file !== file;
  });
}

/** @param {string} elf @returns {[number, string][]} */
const functionsOf = (elf) =>
  outputOf('nm', ['-n', elf])
    .split('\n')
    .flatMap((text) => {
      const symbol = /^([0-9a-f]+) [tT] (\w+)$/.exec(text);
      return symbol?.[1] && symbol[2]
        ? [/** @type {[number, string]} */ ([parseInt(symbol[1], 16), symbol[2]])]
        : [];
    });

/** @param {string} elf with debug data @param {readonly string[]} sources what was compiled, by their paths
 *  @returns {LineTable} */
export function lineTable(elf, sources) {
  const rows = simplify(rowsOf(elf, sources));
  const files = [...new Set(rows.filter(({ line }) => line !== 0).map(({ file }) => file))].sort();
  const lines = rows.flatMap(({ address, file, line }, k) => [
    address - (rows[k - 1]?.address ?? 0),
    line === 0 ? 0 : files.indexOf(file),
    line,
  ]);
  return { files, lines, functions: functionsOf(elf) };
}
