/**
 * What stands in the processor's table registers instead of the guest's tables: a descriptor table in which level 0 has
 * become level 1 and segments end below the monitor, and a page directory with the guest's entries and one of the
 * monitor's own. Both are copies: what the guest changes in its own tables shows when they are made anew.
 * SIMPLIFIED: page tables below the directory are the guest's, and its frames are the real ones.
 */
import type { SystemPc } from '../../machines/pc/system.ts';
import { PER_DESCRIPTOR, PER_ENTRY, SHADOW } from './paths.ts';
import type { VirtualPc } from './state.ts';

/** Bytes at the top of memory that are the monitor's. */
export const MONITOR_BYTES = 0x10000;
const PAGE = 4096;
const DIRECTORY = PAGE;
const DESCRIPTORS = 2 * PAGE;
const PAGE_TABLE = 3 * PAGE;
const MOST_DESCRIPTORS = PAGE / 8;
/** Where the monitor stands in the linear space while paging is on: in the last entry of the directory. */
const MONITOR_LINEAR = 0xffff0000 | 0;
const LAST_ENTRY = 1023;
const PRESENT_WRITABLE = 3;
const PAGING = 0x80000000 | 0;

// Fields of the upper word of a descriptor. SDM vol. 3A, figure 3-8.
const NOT_SYSTEM = 0x1000;
const LEVEL = 0x6000;
const LEVEL_1 = 0x2000;
const PRESENT = 0x8000;
const GRANULAR = 0x800000;
const LIMIT_HIGH = 0xf0000;
/** In pages: the last 4 M of the linear space are out of reach. */
const HIGHEST_PAGE = 0xffbff;

export class Shadow {
  private readonly system: SystemPc;
  private readonly guest: VirtualPc;

  constructor(system: SystemPc, guest: VirtualPc) {
    this.system = system;
    this.guest = guest;
  }

  private get home(): number {
    return this.system.memorySize - MONITOR_BYTES;
  }
  private get paging(): boolean {
    return (this.guest.cr0 & PAGING) !== 0;
  }

  // ---------------------------------------------------------------- segments

  /** Copies the guest's descriptor table and loads the copy. */
  loadDescriptors(): void {
    const { system, guest, home } = this;
    const count = Math.min(MOST_DESCRIPTORS, (guest.gdt.limit + 1) >>> 3);
    for (let i = 0; i < count; i++) this.copyDescriptor(i);
    system.work(SHADOW, count * PER_DESCRIPTOR);
    const base = this.paging ? (MONITOR_LINEAR + DESCRIPTORS) | 0 : home + DESCRIPTORS;
    system.loadGdt(base, 8 * count - 1);
  }

  /** Copies one descriptor; whether the copy was another one. */
  copyDescriptor(index: number): boolean {
    const { system, guest, home } = this;
    if (8 * index + 7 > guest.gdt.limit || index >= MOST_DESCRIPTORS) return false;
    const from = (guest.gdt.base + 8 * index) | 0;
    const [low, high] = compressed(system.load(from, 4), system.load((from + 4) | 0, 4));
    const at = home + DESCRIPTORS + 8 * index;
    // The accessed bit is set in the copy alone.
    const same =
      system.loadPhysical(at) === low && (system.loadPhysical(at + 4) & ~0x100) === (high & ~0x100);
    system.storePhysical(at, low);
    system.storePhysical(at + 4, high);
    return !same;
  }

  // ---------------------------------------------------------------- pages

  /** Copies the guest's page directory, puts the monitor into it, and loads the copy. */
  loadDirectory(): void {
    const { system, guest, home } = this;
    for (let i = 0; i < LAST_ENTRY; i++)
      system.storePhysical(home + DIRECTORY + 4 * i, system.loadPhysical((guest.cr3 & -PAGE) + 4 * i));
    for (let page = 0; page < 16; page++)
      system.storePhysical(
        home + PAGE_TABLE + 4 * (1024 - 16 + page),
        (home + page * PAGE) | PRESENT_WRITABLE,
      );
    system.storePhysical(home + DIRECTORY + 4 * LAST_ENTRY, (home + PAGE_TABLE) | PRESENT_WRITABLE);
    system.work(SHADOW, 1024 * PER_ENTRY);
    system.loadCr3(home + DIRECTORY);
  }

  /** Takes over the directory entry for a linear address; whether the copy was another one. */
  copyEntry(linear: number): boolean {
    const { system, guest, home } = this;
    const index = linear >>> 22;
    if (!this.paging || index === LAST_ENTRY) return false;
    const entry = system.loadPhysical((guest.cr3 & -PAGE) + 4 * index);
    const at = home + DIRECTORY + 4 * index;
    // The processor notes accesses in the copy.
    if ((system.loadPhysical(at) & ~0x60) === (entry & ~0x60)) return false;
    system.storePhysical(at, entry);
    system.work(SHADOW, PER_ENTRY);
    return true;
  }
}

/** A segment of level 0 as one of level 1, none reaching to the monitor. */
function compressed(low: number, high: number): readonly [number, number] {
  if ((high & (NOT_SYSTEM | PRESENT)) !== (NOT_SYSTEM | PRESENT)) return [low, high];
  const lifted = (high & LEVEL) === 0 ? high | LEVEL_1 : high;
  const limit = (low & 0xffff) | (high & LIMIT_HIGH);
  if ((high & GRANULAR) === 0 || limit <= HIGHEST_PAGE) return [low, lifted];
  return [(low & ~0xffff) | (HIGHEST_PAGE & 0xffff), (lifted & ~LIMIT_HIGH) | (HIGHEST_PAGE & LIMIT_HIGH)];
}
