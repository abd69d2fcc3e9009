/** Page tables as rows, and the walk of one address step by step. */
import { hex } from '../../base/bits.ts';
import type { Cpu } from '../../machines/pc/cpu.ts';
import { CR4_PAE, CR4_PSE } from '../../machines/pc/registers.ts';
import { PDE_PS, PTE_A, PTE_D, PTE_G, PTE_P, PTE_RW, PTE_US } from '../../machines/pc/page-walk.ts';
import type { TranslationView } from '../../protocol/frame.ts';
import { PAGE_BYTES, peekPhysical32, walk } from './subject.ts';

type Table = TranslationView['tables'][number];
type Row = Table['rows'][number];

/** Rows shown at most: a frame stays small, and nobody reads more. */
const MOST_ROWS = 256;
const ENTRIES = 1024;
const FRAME = ~(PAGE_BYTES - 1);

/** Rights and marks of an entry as the manual's letters. */
const marks = (entry: number): string =>
  [
    (entry & PTE_US) !== 0 ? 'U' : 'S',
    (entry & PTE_RW) !== 0 ? 'W' : 'R',
    (entry & PTE_A) !== 0 ? 'A' : '',
    (entry & PTE_D) !== 0 ? 'D' : '',
    (entry & PTE_G) !== 0 ? 'G' : '',
    (entry & PDE_PS) !== 0 ? '4M' : '',
  ]
    .filter((mark) => mark !== '')
    .join(' ');

/** What is mapped, in stretches of pages that lie one behind the other and have the same rights. */
export function tableOf(cpu: Cpu, title = ''): Table | null {
  if (!cpu.paging) return null;
  const stretches: { row: Row; pages: number }[] = [];
  for (const row of (cpu.cr4 & CR4_PAE) !== 0 ? mappedPae(cpu) : mapped32(cpu)) {
    const last = stretches.at(-1);
    if (last && goesOn(last.row, last.pages, row)) last.pages++;
    else if (stretches.length === MOST_ROWS) break;
    else stretches.push({ row, pages: 1 });
  }
  const rows = stretches.map(({ row, pages }) =>
    pages === 1 ? row : { ...row, note: `${row.note} ×${pages}` },
  );
  return { title, origin: cpu.cr3 & FRAME, rows };
}

/** Whether a page lies behind `pages` others in both address spaces, with the same rights. Large pages stand alone. */
const goesOn = ({ virtual, real, note }: Row, pages: number, next: Row): boolean =>
  next.virtual === virtual + pages * PAGE_BYTES &&
  next.real === real! + pages * PAGE_BYTES &&
  next.note === note;

function* mapped32(cpu: Cpu): Generator<Row> {
  for (let k = 0; k < ENTRIES; k++) {
    const directory = peekPhysical32(cpu, (cpu.cr3 & FRAME) + 4 * k) ?? 0;
    if ((directory & PTE_P) === 0) continue;
    const linear = (k << 22) >>> 0;
    if ((directory & PDE_PS) !== 0 && (cpu.cr4 & CR4_PSE) !== 0)
      yield { virtual: linear, real: (directory & 0xffc00000) >>> 0, note: marks(directory), key: null };
    else yield* pages(cpu, linear, directory & FRAME, 4);
  }
}

function* mappedPae(cpu: Cpu): Generator<Row> {
  for (let k = 0; k < 4 * 512; k++) {
    const pointer = peekPhysical32(cpu, (cpu.cr3 & ~31) + 8 * (k >> 9)) ?? 0;
    if ((pointer & PTE_P) === 0) continue;
    const directory = peekPhysical32(cpu, (pointer & FRAME) + 8 * (k & 511)) ?? 0;
    if ((directory & PTE_P) === 0) continue;
    const linear = (k << 21) >>> 0;
    if ((directory & PDE_PS) !== 0)
      yield { virtual: linear, real: (directory & 0xffe00000) >>> 0, note: marks(directory), key: null };
    else yield* pages(cpu, linear, directory & FRAME, 8);
  }
}

function* pages(cpu: Cpu, linear: number, table: number, entryBytes: 4 | 8): Generator<Row> {
  for (let k = 0; k < PAGE_BYTES / entryBytes; k++) {
    const entry = peekPhysical32(cpu, table + entryBytes * k) ?? 0;
    if ((entry & PTE_P) === 0) continue;
    yield { virtual: linear + k * PAGE_BYTES, real: (entry & FRAME) >>> 0, note: marks(entry), key: null };
  }
}

/** The steps by which `linear` is translated: each with where it looks and what stands there. */
export function walkSteps(cpu: Cpu, linear: number): TranslationView['steps'] {
  if (!cpu.paging) return [{ text: 'physical', address: linear, value: hex(linear) }];
  const { entries, physical } = walk(cpu, linear);
  const steps = entries.map(({ level, at, value }) => ({
    text: `${level}-entry`,
    address: at >>> 0,
    value: hex(value),
  }));
  const last = entries.at(-1);
  const end =
    physical === null
      ? { text: 'not-present', address: (last?.at ?? cpu.cr3) >>> 0, value: hex(last?.value ?? cpu.cr3) }
      : { text: 'physical', address: physical >>> 0, value: hex(physical) };
  return [{ text: 'cr3', address: (cpu.cr3 & FRAME) >>> 0, value: hex(cpu.cr3) }, ...steps, end];
}
