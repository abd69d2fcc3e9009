/**
 * Dynamic address translation: the walk through segment and page table, and the translation buffer that spares it.
 * GA22-7000, "Dynamic Address Translation". Common-segment and segment-protection bits belong to a later facility.
 */
import {
  ADDRESSING,
  PAGE_TRANSLATION,
  SEGMENT_TRANSLATION,
  TRANSLATION_SPECIFICATION,
} from './assigned-storage.ts';

/** Page and segment size as control register 0 chooses them; shifts are of bytes, masks of indices. */
export interface TranslationFormat {
  readonly pageShift: 11 | 12;
  readonly segmentShift: 16 | 20;
}

/** The format that bits 8–12 of control register 0 name, or null where they name none. */
export function translationFormat(cr0: number): TranslationFormat | null {
  const page = (cr0 >>> 22) & 3;
  const segment = (cr0 >>> 19) & 7;
  if ((page !== 1 && page !== 2) || (segment !== 0 && segment !== 2)) return null;
  return { pageShift: page === 1 ? 11 : 12, segmentShift: segment === 0 ? 16 : 20 };
}

/** Outcome of a walk: a real address, or the program-interruption code and where the walk ended. */
export type Walk =
  | { readonly code: 0; readonly real: number; readonly segmentEntry: number; readonly pageEntry: number }
  | { readonly code: number; readonly at: number; readonly lengthExceeded?: true };

/**
 * Walks the tables for `virtual`. `fetchReal(address, size)` reads 2 or 4 bytes of real storage, or gives −1 where
 * there is none. `segmentEntry` and `pageEntry` are the real addresses of the entries used; `at` is the address of
 * the entry that stopped the walk (what LRA delivers), or of the missing entry where a length was exceeded.
 */
export function walkTables(
  virtual: number,
  cr0: number,
  cr1: number,
  fetchReal: (address: number, size: 2 | 4) => number,
): Walk {
  const format = translationFormat(cr0);
  if (!format) return { code: TRANSLATION_SPECIFICATION, at: 0 };
  const { pageShift, segmentShift } = format;
  const segmentIndex = (virtual & 0xffffff) >>> segmentShift;
  const segmentEntry = ((cr1 & 0xffffc0) + 4 * segmentIndex) & 0xffffff;
  if (segmentIndex >> 4 > cr1 >>> 24)
    return { code: SEGMENT_TRANSLATION, at: segmentEntry, lengthExceeded: true };

  const segment = fetchReal(segmentEntry, 4);
  if (segment === -1) return { code: ADDRESSING, at: segmentEntry };
  if ((segment & 1) !== 0) return { code: SEGMENT_TRANSLATION, at: segmentEntry };
  if ((segment & 0x0f00_0000) !== 0) return { code: TRANSLATION_SPECIFICATION, at: segmentEntry };

  const pageIndexBits = segmentShift - pageShift;
  const pageIndex = (virtual & ((1 << segmentShift) - 1)) >>> pageShift;
  const pageEntry = ((segment & 0xfffff8) + 2 * pageIndex) & 0xffffff;
  if (pageIndex >> (pageIndexBits - 4) > ((segment >>> 28) & 15))
    return { code: PAGE_TRANSLATION, at: pageEntry, lengthExceeded: true };

  const page = fetchReal(pageEntry, 2);
  if (page === -1) return { code: ADDRESSING, at: pageEntry };
  const invalid = pageShift === 12 ? 8 : 4;
  if ((page & invalid) !== 0) return { code: PAGE_TRANSLATION, at: pageEntry };
  if ((page & (pageShift === 12 ? 6 : 2)) !== 0) return { code: TRANSLATION_SPECIFICATION, at: pageEntry };

  const frame = pageShift === 12 ? (page & 0xfff0) << 8 : (page & 0xfff8) << 8;
  return { code: 0, real: frame | (virtual & ((1 << pageShift) - 1)), segmentEntry, pageEntry };
}

export interface BufferEntry {
  /** Virtual page number (virtual address ≫ page shift). */
  readonly page: number;
  /** Real address of the frame. */
  readonly frame: number;
}

/**
 * The translation buffer: remembers `size` pages, replacing the oldest. SIMPLIFIED: fully associative with
 * first-in-first-out replacement on all models, and emptied whenever CR0's format bits or CR1 change (the larger
 * models kept entries of several segment tables apart).
 */
export class TranslationBuffer {
  private readonly size: number;
  private entries: BufferEntry[] = [];
  private next = 0;

  constructor(size: number) {
    this.size = size;
  }

  find(page: number): BufferEntry | undefined {
    return this.entries.find((e) => e.page === page);
  }

  /** Enters a translation; gives back the entry it pushed out. */
  insert(entry: BufferEntry): BufferEntry | undefined {
    const old = this.entries[this.next];
    this.entries[this.next] = entry;
    this.next = (this.next + 1) % this.size;
    return old;
  }

  get contents(): readonly BufferEntry[] {
    return this.entries;
  }

  purge(): void {
    this.entries = [];
    this.next = 0;
  }

  save(): { entries: readonly BufferEntry[]; next: number } {
    return { entries: [...this.entries], next: this.next };
  }

  restore(state: { readonly entries: readonly BufferEntry[]; readonly next: number }): void {
    this.entries = [...state.entries];
    this.next = state.next;
  }
}
