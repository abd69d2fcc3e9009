/** Translation tables as rows, and the walk of one address step by step. */
import { hex } from '../../base/bits.ts';
import { translationFormat } from '../../machines/s370/translation.ts';
import type { TranslationView } from '../../protocol/frame.ts';
import { peekReal, walk, type Subject } from './subject.ts';

type Table = TranslationView['tables'][number];
type Row = Table['rows'][number];

/** Rows shown at most: a frame stays small, and nobody reads more. */
const MOST_ROWS = 256;

/** The segment and page tables that control registers 0 and 1 name, valid pages and those marked invalid. */
export function tableOf(subject: Subject, title: string): Table | null {
  const format = translationFormat(subject.cr[0] ?? 0);
  if (!format) return null;
  const cr1 = subject.cr[1] ?? 0;
  const origin = cr1 & 0xffffc0;
  const segments = Math.min(((cr1 >>> 24) + 1) * 16, 0x1000000 >>> format.segmentShift);
  const rows: Row[] = [];
  for (let segment = 0; segment < segments && rows.length < MOST_ROWS; segment++) {
    const entry = peekReal(subject, origin + 4 * segment, 4);
    const virtual = segment << format.segmentShift;
    if (entry < 0) break;
    if ((entry & 1) !== 0) rows.push({ virtual, real: null, note: 'segment-invalid', key: null });
    else rows.push(...pagesOf(subject, virtual, entry, MOST_ROWS - rows.length));
  }
  return { title, origin, rows };
}

function pagesOf(subject: Subject, virtual: number, segmentEntry: number, most: number): Row[] {
  const { pageShift, segmentShift } = translationFormat(subject.cr[0] ?? 0)!;
  const pages = (((segmentEntry >>> 28) & 15) + 1) << (segmentShift - pageShift - 4);
  const rows: Row[] = [];
  for (let page = 0; page < pages && rows.length < most; page++) {
    const entry = peekReal(subject, (segmentEntry & 0xfffff8) + 2 * page, 2);
    if (entry < 0) break;
    const invalid = (entry & (pageShift === 12 ? 8 : 4)) !== 0;
    rows.push({
      virtual: virtual + (page << pageShift),
      real: invalid ? null : (entry & (pageShift === 12 ? 0xfff0 : 0xfff8)) << 8,
      note: invalid ? 'page-invalid' : '',
      key: null,
    });
  }
  return rows;
}

const STOPPED: Readonly<Record<number, string>> = {
  0x05: 'addressing',
  0x10: 'segment-invalid',
  0x11: 'page-invalid',
  0x12: 'specification',
};

/** The steps by which `virtual` is translated: each with where it looks and what stands there. */
export function walkSteps(subject: Subject, virtual: number): TranslationView['steps'] {
  const format = translationFormat(subject.cr[0] ?? 0);
  if (!format) return [{ text: 'specification', address: 0, value: hex(subject.cr[0] ?? 0) }];
  const cr1 = subject.cr[1] ?? 0;
  const steps = [{ text: 'segment-table', address: cr1 & 0xffffc0, value: hex(cr1) }];
  const found = walk(subject, virtual);
  const segment = (cr1 & 0xffffc0) + 4 * ((virtual & 0xffffff) >>> format.segmentShift);
  const entryValue = (at: number, size: 2 | 4): string => {
    const value = peekReal(subject, at, size);
    return value < 0 ? '' : hex(value, 2 * size);
  };
  steps.push({ text: 'segment-entry', address: segment, value: entryValue(segment, 4) });
  if ('real' in found) {
    steps.push({ text: 'page-entry', address: found.pageEntry, value: entryValue(found.pageEntry, 2) });
    steps.push({ text: 'real', address: found.real, value: hex(found.real, 6) });
    return steps;
  }
  if (found.at !== segment)
    steps.push({ text: 'page-entry', address: found.at, value: entryValue(found.at, 2) });
  steps.push({ text: STOPPED[found.code] ?? 'invalid', address: found.at, value: hex(found.code, 4) });
  return steps;
}
