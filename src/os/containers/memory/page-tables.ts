/**
 * Page tables of one address space, in the machine's memory: two levels of 4 K. The last directory entry is the
 * kernel's, the same in every space. SDM vol. 3A, section 4.3.
 */
import type { SystemPc } from '../../../machines/pc/system.ts';
import { PAGE, type Frames } from './frames.ts';

export const PRESENT = 1;
export const WRITABLE = 2;
export const USER = 4;
/** Bits 9 to 11 are the system's own: the page is shared until somebody stores into it. */
export const COPY_ON_WRITE = 0x200;
export const KERNEL_LINEAR = 0xffc00000 | 0;
const KERNEL_ENTRY = 1023;

/** The frame that an entry names, unsigned. */
export const frameOf = (entry: number): number => (entry & -PAGE) >>> 0;

export class PageTables {
  readonly directory: number;
  /** Frames of the tables by number of the directory entry. */
  private readonly tables = new Map<number, number>();
  private readonly system: SystemPc;
  private readonly frames: Frames;

  /** Null without memory. */
  static create(system: SystemPc, frames: Frames, kernelTable: number): PageTables | null {
    const directory = frames.allocate(null);
    return directory === 0 ? null : new PageTables(system, frames, directory, kernelTable);
  }

  private constructor(system: SystemPc, frames: Frames, directory: number, kernelTable: number) {
    [this.system, this.frames, this.directory] = [system, frames, directory];
    system.storePhysical(directory + 4 * KERNEL_ENTRY, kernelTable | PRESENT | WRITABLE);
  }

  /** The entry for a linear address, 0 without a table. */
  entry(linear: number): number {
    const table = this.tables.get(linear >>> 22);
    return table === undefined ? 0 : this.system.loadPhysical(table + ((linear >>> 10) & 0xffc));
  }

  /** Sets the entry for a linear address; false without memory for a table. */
  set(linear: number, entry: number): boolean {
    const index = linear >>> 22;
    let table = this.tables.get(index);
    if (table === undefined) {
      table = this.frames.allocate(null);
      if (table === 0) return false;
      this.tables.set(index, table);
      this.system.storePhysical(this.directory + 4 * index, table | PRESENT | WRITABLE | USER);
    }
    this.system.storePhysical(table + ((linear >>> 10) & 0xffc), entry);
    return true;
  }

  /** Present entries from `from` up to `to`, in order. */
  *present(from: number, to: number): Generator<readonly [linear: number, entry: number]> {
    for (const index of [...this.tables.keys()].sort((a, b) => a - b)) {
      const base = index * 0x400000;
      if (base + 0x400000 <= from || base >= to) continue;
      const words = new Int32Array(this.system.readPhysical(this.tables.get(index)!, PAGE).buffer);
      const first = Math.max(0, (from - base) / PAGE);
      const end = Math.min(1024, (to - base) / PAGE);
      for (let k = first; k < end; k++) if (words[k] !== 0) yield [base + k * PAGE, words[k]!];
    }
  }

  /** Gives the tables back; the pages have been given back already. */
  release(): void {
    for (const table of this.tables.values()) this.frames.release(table);
    this.tables.clear();
    this.frames.release(this.directory);
  }
}
