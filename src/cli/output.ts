/** Where a command writes: results to standard output, everything else to standard error. */

export interface Output {
  print(text: string): void;
  /** Bytes as they are, e.g. of a serial line. */
  bytes(bytes: Uint8Array): void;
  warn(line: string): void;
  /** Overwrites the line of progress; nothing unless standard error is a terminal. */
  progress(line: string): void;
}

export const standardOutput: Output = {
  print: (text) => {
    process.stdout.write(text);
  },
  bytes: (bytes) => {
    process.stdout.write(bytes);
  },
  warn: (line) => {
    process.stderr.write(`${line}\n`);
  },
  progress: (line) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
  },
};

/** Rows as columns: text to the left, numbers to the right. */
export function columns(rows: readonly (readonly (string | number)[])[]): string {
  const widths: number[] = [];
  const text = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? grouped(cell) : cell)));
  for (const row of text) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  return text
    .map((row, r) =>
      row
        .map((cell, i) =>
          typeof rows[r]?.[i] === 'number' ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** Whole numbers with their thousands apart. */
export const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
