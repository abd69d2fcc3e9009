/** Storage as rows of sixteen bytes, in several formats, with the characters that the bytes stand for. */
import { fromEbcdic } from '../../base/ebcdic.ts';
import type { StorageView } from '../../protocol/frame.ts';
import { formatNumber, hex } from '../format.ts';
import type { Locale } from '../i18n/index.ts';

export type StorageFormat = 'bytes' | 'words' | 'halfwords' | 'decimal';
export type Encoding = 'ebcdic' | 'ascii';

export interface StorageCell {
  readonly address: number;
  readonly text: string;
  readonly changed: boolean;
}
export interface StorageRow {
  readonly address: number;
  readonly cells: readonly StorageCell[];
  readonly characters: string;
}

const SIZES: Readonly<Record<StorageFormat, number>> = { bytes: 1, words: 4, halfwords: 2, decimal: 4 };

export function storageRows(
  storage: StorageView,
  format: StorageFormat,
  encoding: Encoding,
  locale: Locale,
  perRow = 16,
): readonly StorageRow[] {
  const changed = new Set(storage.changed);
  const size = SIZES[format];
  const rows: StorageRow[] = [];
  for (let start = 0; start < storage.bytes.length; start += perRow) {
    const row = storage.bytes.subarray(start, start + perRow);
    const cells: StorageCell[] = [];
    for (let at = 0; at < row.length; at += size) {
      const address = storage.address + start + at;
      const bytes = [...row.subarray(at, at + size)];
      const marked = bytes.some((_, n) => changed.has(address + n));
      cells.push({ address, text: cellText(bytes, format, locale), changed: marked });
    }
    rows.push({ address: storage.address + start, cells, characters: charactersOf(row, encoding) });
  }
  return rows;
}

function cellText(bytes: readonly number[], format: StorageFormat, locale: Locale): string {
  if (format === 'bytes' || format === 'words') return bytes.map((byte) => hex(byte, 2)).join('');
  const unsigned = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const modulus = 256 ** bytes.length;
  return formatNumber(unsigned >= modulus / 2 ? unsigned - modulus : unsigned, locale);
}

/** One character a byte; what cannot be printed is a point. */
function charactersOf(bytes: Uint8Array, encoding: Encoding): string {
  const text = encoding === 'ebcdic' ? fromEbcdic(bytes) : String.fromCharCode(...bytes);
  return text.replace(/[^\x20-\x7e]/g, '·');
}

/** The view with the bytes that differ from an earlier view of the same stretch added to its changed ones. */
export function markChanges(storage: StorageView, before: StorageView | null): StorageView {
  if (before?.address !== storage.address || before.bytes.length !== storage.bytes.length) return storage;
  const differing = [...storage.bytes.keys()].filter((n) => storage.bytes[n] !== before.bytes[n]);
  const addresses = differing.map((n) => storage.address + n);
  return { ...storage, changed: [...new Set([...storage.changed, ...addresses])] };
}
