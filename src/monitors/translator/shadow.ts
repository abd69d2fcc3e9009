/**
 * Shadow page tables: what the processor's CR3 names while a guest runs. Entries are made when they are missed, from the
 * guest's own tables, whose pages are write-protected; a store into one takes out what was made from it. One set is
 * kept for each address space that the guest has loaded lately. Adams and Agesen, ASPLOS 2006, sections 2.4 and 3.
 */
import type { Cpu } from '../../machines/pc/cpu.ts';
import { walk, writeAllowed } from '../../machines/pc/page-walk.ts';
import { loadPhysical, WRITE, type Access } from '../../machines/pc/physical.ts';
import { CR0_WP, CR4_PAE, CR4_PSE } from '../../machines/pc/registers.ts';
import type { SystemPc } from '../../machines/pc/system.ts';
import { TLB_DIRTY, TLB_USER, TLB_WRITE } from '../../machines/pc/tlb.ts';
import { HIGHEST, MONITOR, PAGE, POOL, RESERVED } from './layout.ts';
import { DROP, FILL, SHADOW } from './paths.ts';

const PRESENT = 1;
const WRITABLE = 2;
const USER = 4;
/** Accessed and dirty: the processor need not set them. */
const NOTED = 0x60;
const LARGE = 0x80;
const MONITOR_INDEX = MONITOR >>> 22;
const FOUR_MEGABYTES = 0x400000;
/** Where guest-physical addresses of the monitor's memory lead: nobody answers there. */
const NOWHERE = 0x7ff00000;

/** One way in which a guest's page serves as table: its entries map `span` bytes each from `base` on. */
interface Use {
  readonly root: string;
  readonly base: number;
  readonly span: number;
  readonly entryBytes: 4 | 8;
}

interface Root {
  readonly directory: number;
  /** Shadow tables by index of the directory. */
  readonly tables: Map<number, number>;
}

/** Plain data. */
export interface ShadowState {
  readonly roots: readonly (readonly [
    key: string,
    directory: number,
    tables: readonly (readonly [number, number])[],
  ])[];
  readonly current: string;
  readonly uses: readonly (readonly [number, readonly Use[]])[];
  readonly writers: readonly (readonly [number, readonly number[]])[];
  readonly free: readonly number[];
  readonly stale: readonly number[] | 'all';
  readonly counts: Readonly<Record<ShadowCount, number>>;
}

/**
 * How shadows are kept true. Traced: stores into the guest's tables are heard of, and one shadow is kept for each address
 * space. Single: traced, but the shadow of a space is forgotten when the guest leaves it. Untraced, a “virtual TLB”:
 * tables are not watched, for the architecture lets a translation buffer go on with what was; all is forgotten whenever
 * the guest tells its buffer to.
 */
export type Upkeep = 'traced' | 'single' | 'untraced';

export type ShadowCount = 'fills' | 'traces' | 'drops' | 'rootsMade' | 'rootsReused' | 'purges';

export type Outcome = 'filled' | 'traced';

export class ShadowTables {
  private readonly system: SystemPc;
  private readonly guest: Cpu;
  private roots = new Map<string, Root>();
  private current = '';
  private uses = new Map<number, Use[]>();
  /** Shadow entries that let a frame be stored into; some may lead elsewhere by now. */
  private writers = new Map<number, number[]>();
  private free: number[] = [];
  /** The monitor's own walk sets accessed and dirty bits, which change nothing here. */
  private walking = false;
  /** Whether code was translated from a frame, and what to do when linear addresses come to mean something else. */
  private readonly holdsCode: (frame: number) => boolean;
  private readonly remapped: (start: number, length: number) => void;
  private readonly upkeep: Upkeep;
  /** Untraced: pages that the guest's buffer has been told to forget, or all of them. */
  private stale: number[] | 'all' = [];
  counts: Record<ShadowCount, number> = {
    fills: 0,
    traces: 0,
    drops: 0,
    rootsMade: 0,
    rootsReused: 0,
    purges: 0,
  };

  constructor(
    system: SystemPc,
    guest: Cpu,
    holdsCode: (frame: number) => boolean,
    remapped: (start: number, length: number) => void,
    upkeep: Upkeep,
  ) {
    this.system = system;
    this.guest = guest;
    this.holdsCode = holdsCode;
    this.remapped = remapped;
    this.upkeep = upkeep;
  }

  private get home(): number {
    return this.system.memorySize - RESERVED;
  }
  private get own(): number {
    return this.home + POOL;
  }

  /** Maps the monitor itself, and begins with an empty pool. */
  start(): void {
    for (let k = 0; k < 1024; k++)
      this.system.storePhysical(this.own + 4 * k, (this.home + k * PAGE) | NOTED | WRITABLE | PRESENT);
    this.empty();
  }

  private empty(): void {
    this.roots.clear();
    this.uses.clear();
    this.writers.clear();
    this.free = [];
    for (let at = RESERVED - PAGE; at > POOL; at -= PAGE) this.free.push(this.home + at);
  }

  /** Forgets all shadows, as when the way of reading tables changes, and makes the present one anew. */
  purge(): void {
    this.counts.purges++;
    this.empty();
    this.activate();
  }

  private page(): number {
    const at = this.free.pop();
    if (at === undefined) throw new Error('the pool of shadow pages is empty: it must be purged before');
    for (let k = 0; k < PAGE; k += 4) this.system.storePhysical(at + k, 0);
    return at;
  }

  /** Loads the shadow of the address space that the guest has loaded. */
  activate(): void {
    const { guest } = this;
    const key = !guest.paging
      ? 'none'
      : (guest.cr4 & CR4_PAE) !== 0
        ? `pae ${guest.pagePointers.join(' ')}`
        : `${guest.cr3 & -PAGE}`;
    if (key !== this.current && this.upkeep !== 'traced') this.empty();
    let root = this.roots.get(key);
    if (root) this.counts.rootsReused++;
    else {
      if (this.free.length < 4) this.empty();
      root = { directory: this.page(), tables: new Map() };
      this.roots.set(key, root);
      this.system.storePhysical(root.directory + 4 * MONITOR_INDEX, this.own | NOTED | WRITABLE | PRESENT);
      this.counts.rootsMade++;
    }
    this.current = key;
    this.system.loadCr3(root.directory);
  }

  /** The guest's own buffer is told to forget a page, or everything (null). */
  forgotten(page: number | null): void {
    if (page === null) this.stale = 'all';
    else if (this.stale !== 'all') this.stale.push(page);
  }

  /** Untraced, lets the shadow forget what the guest's buffer has forgotten; whether that was everything. */
  follow(): boolean {
    const { stale } = this;
    if (stale !== 'all' && stale.length === 0) return false;
    this.stale = [];
    if (stale === 'all') this.purge();
    else for (const page of stale) this.dropAround(page);
    return stale === 'all';
  }

  /** Where there are large pages, it may have been one. */
  private dropAround(page: number): void {
    const span = (this.guest.cr4 & (CR4_PAE | CR4_PSE)) === 0 ? PAGE : FOUR_MEGABYTES;
    this.drop(this.current, (page & -span) >>> 0, span);
  }

  // ---------------------------------------------------------------- filling

  /**
   * After a page fault at `a`: enters what the guest's tables say, or says that the store is into a watched page. The
   * guest's own page faults leave as faults.
   */
  fault(a: number, access: Access, user: boolean): Outcome {
    const { guest, system } = this;
    if (a >>> 0 > HIGHEST) return 'traced';
    system.work(SHADOW, FILL);
    let [frame, writable, userMay] = [a & -PAGE & guest.a20Mask, true, true];
    if (guest.paging) {
      this.walking = true;
      try {
        const found = walk(guest, a, access, user);
        const within = found.large ? ((guest.cr4 & CR4_PAE) !== 0 ? 0x1ff000 : 0x3ff000) : 0;
        frame = (found.frame | (a & within)) & guest.a20Mask;
        writable = (found.attributes & TLB_WRITE) !== 0 && (found.attributes & TLB_DIRTY) !== 0;
        userMay = (found.attributes & TLB_USER) !== 0;
        // With CR0.WP 0 a kernel stores into read-only pages; its programs must not, so they lose the page meanwhile.
        if (!writable && access === WRITE && writeAllowed(guest, found.attributes, user))
          [writable, userMay] = [true, false];
      } finally {
        this.walking = false;
      }
    }
    if (this.free.length === 0) this.purge();
    if (guest.paging && this.upkeep !== 'untraced') this.watch(a);
    const watched = this.holdsCode(frame) || this.uses.has(frame);
    if (watched && access === WRITE && !this.abandon(frame)) {
      this.counts.traces++;
      return 'traced';
    }
    this.counts.fills++;
    const write = writable && !this.holdsCode(frame) && !this.uses.has(frame);
    this.enter(a, frame, (write ? WRITABLE : 0) | (userMay ? USER : 0));
    return 'filled';
  }

  private enter(a: number, frame: number, rights: number): void {
    const { system } = this;
    const root = this.roots.get(this.current)!;
    const index = a >>> 22;
    let table = root.tables.get(index);
    if (table === undefined) {
      table = this.page();
      root.tables.set(index, table);
      system.storePhysical(root.directory + 4 * index, table | NOTED | USER | WRITABLE | PRESENT);
    }
    const at = table + ((a >>> 10) & 0xffc);
    const inMonitor = frame >>> 0 >= this.home && frame >>> 0 < system.memorySize;
    system.storePhysical(at, (inMonitor ? NOWHERE : frame) | NOTED | rights | PRESENT);
    system.invalidatePage(a);
    if ((rights & WRITABLE) === 0) return;
    const writers = this.writers.get(frame) ?? [];
    if (!writers.includes(at)) writers.push(at);
    this.writers.set(frame, writers);
  }

  // ---------------------------------------------------------------- watching the guest's tables

  /** Watches the pages whose entries map `a`. */
  private watch(a: number): void {
    const { guest } = this;
    const pae = (guest.cr4 & CR4_PAE) !== 0;
    const span = pae ? 0x200000 : FOUR_MEGABYTES;
    const entryBytes = pae ? 8 : 4;
    const directory = pae ? guest.pagePointers[a >>> 30]! & -PAGE : guest.cr3 & -PAGE;
    const first = pae ? (a & 0xc0000000) >>> 0 : 0;
    const index = pae ? (a >>> 21) & 0x1ff : a >>> 22;
    this.use(directory & guest.a20Mask, { root: this.current, base: first, span, entryBytes });
    const entry = loadPhysical(guest, (directory + index * entryBytes) & guest.a20Mask, 4);
    if ((entry & LARGE) !== 0 && (pae || (guest.cr4 & CR4_PSE) !== 0)) return;
    const base = (a & -span) >>> 0;
    this.use(entry & -PAGE & guest.a20Mask, { root: this.current, base, span: PAGE, entryBytes });
  }

  private use(frame: number, use: Use): void {
    const uses = this.uses.get(frame);
    if (uses?.some((each) => each.root === use.root && each.base === use.base && each.span === use.span))
      return;
    if (uses) uses.push(use);
    else {
      this.uses.set(frame, [use]);
      this.protect(frame);
    }
  }

  /** Takes the right to store into a frame out of all shadows. */
  protect(frame: number): void {
    const { system } = this;
    const writers = this.writers.get(frame);
    if (!writers) return;
    this.writers.delete(frame);
    for (const at of writers) {
      const entry = system.loadPhysical(at);
      if ((entry & PRESENT) !== 0 && (entry & -PAGE) === frame) system.storePhysical(at, entry & ~WRITABLE);
    }
    system.loadCr3(this.roots.get(this.current)!.directory);
  }

  /**
   * A store into a page that only other address spaces use as table: most likely it is none any more, so these spaces
   * are forgotten. True if nothing watches the page now.
   */
  private abandon(frame: number): boolean {
    if (this.holdsCode(frame)) return false;
    const uses = this.uses.get(frame) ?? [];
    if (uses.some(({ root }) => root === this.current)) return false;
    for (const { root } of [...uses]) this.forget(root);
    return true;
  }

  private forget(key: string): void {
    const root = this.roots.get(key);
    if (!root) return;
    this.roots.delete(key);
    this.free.push(root.directory, ...root.tables.values());
    for (const [frame, uses] of [...this.uses]) {
      const rest = uses.filter((each) => each.root !== key);
      if (rest.length === 0) this.uses.delete(frame);
      else if (rest.length < uses.length) this.uses.set(frame, rest);
    }
  }

  /** Hears of a store into guest memory, of `size` bytes within a page: what was made from these entries goes. */
  stored(at: number, size: number): void {
    if (this.walking) return;
    const uses = this.uses.get(at & -PAGE);
    if (!uses) return;
    for (const { root, base, span, entryBytes } of [...uses]) {
      const first = Math.floor((at & (PAGE - 1)) / entryBytes);
      const last = Math.floor(((at & (PAGE - 1)) + size - 1) / entryBytes);
      for (let k = first; k <= last; k++) this.drop(root, base + k * span, span);
    }
  }

  /** Takes a range of linear addresses out of one shadow. */
  private drop(key: string, start: number, length: number): void {
    const { system } = this;
    const root = this.roots.get(key);
    if (!root) return;
    this.counts.drops++;
    system.work(SHADOW, DROP);
    const index = start >>> 22;
    const table = root.tables.get(index);
    if (length === PAGE) {
      if (table !== undefined) system.storePhysical(table + ((start >>> 10) & 0xffc), 0);
      if (key === this.current) system.invalidatePage(start);
    } else this.dropTable(key, root, start, length);
    if (key === this.current) this.remapped(start, length);
  }

  private dropTable(key: string, root: Root, start: number, length: number): void {
    const { system } = this;
    const index = start >>> 22;
    const table = root.tables.get(index);
    for (const [frame, uses] of [...this.uses]) {
      const rest = uses.filter((use) => use.root !== key || use.span !== PAGE || use.base !== start);
      if (rest.length === 0) this.uses.delete(frame);
      else if (rest.length < uses.length) this.uses.set(frame, rest);
    }
    if (table === undefined || index === MONITOR_INDEX) return;
    if (length === FOUR_MEGABYTES) {
      root.tables.delete(index);
      system.storePhysical(root.directory + 4 * index, 0);
      this.free.push(table);
    } else
      for (let a = start; a < start + length; a += PAGE)
        system.storePhysical(table + ((a >>> 10) & 0xffc), 0);
    if (key === this.current) system.loadCr3(root.directory);
  }

  save(): ShadowState {
    return {
      roots: [...this.roots].map(([key, { directory, tables }]) => [key, directory, [...tables]] as const),
      current: this.current,
      uses: [...this.uses].map(([frame, uses]) => [frame, [...uses]] as const),
      writers: [...this.writers].map(([frame, at]) => [frame, [...at]] as const),
      free: [...this.free],
      stale: this.stale === 'all' ? 'all' : [...this.stale],
      counts: { ...this.counts },
    };
  }

  restore({ roots, current, uses, writers, free, stale, counts }: ShadowState): void {
    this.stale = stale === 'all' ? 'all' : [...stale];
    this.roots = new Map(
      roots.map(([key, directory, tables]) => [key, { directory, tables: new Map(tables) }]),
    );
    this.current = current;
    this.uses = new Map(uses.map(([frame, each]) => [frame, [...each]]));
    this.writers = new Map(writers.map(([frame, at]) => [frame, [...at]]));
    this.free = [...free];
    this.counts = { ...counts };
  }
}

/** Whether the way in which the processor checks stores by kernels has changed. */
export const protectsKernel = (cpu: Cpu): boolean => (cpu.cr0 & CR0_WP) !== 0;
