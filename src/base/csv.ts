/** Tables as comma-separated values (RFC 4180). */

/**
 * A cell. Text from outside that a spreadsheet would take for a formula gets an apostrophe before it, which the
 * spreadsheet does not show.
 */
function cellOf(cell: string | number): string {
  const text = typeof cell === 'string' ? cell.replace(/^(?=[=+\-@\t\r])/, "'") : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const toCsv = (rows: readonly (readonly (string | number)[])[]): string =>
  rows.map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');
