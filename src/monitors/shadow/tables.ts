/**
 * Shadow page tables: what the processor's CR3 names while a guest runs. Entries are made when they are missed, from the
 * guest's own tables, whose pages are write-protected; a store into one takes out what was made from it. One set is
 * kept for each address space that the guest has loaded lately. Adams and Agesen, ASPLOS 2006, sections 2.4 and 3: their
 * software monitor and their hardware monitor have this part in common, and so have the translator and VT-x here.
 */
import type { Account } from '../../accounting/vocabulary.ts';
import type { Cpu } from '../../machines/pc/cpu.ts';
import { walk, writeAllowed } from '../../machines/pc/page-walk.ts';
import { loadPhysical, WRITE, type Access } from '../../machines/pc/physical.ts';
import { CR4_PAE, CR4_PSE } from '../../machines/pc/registers.ts';
import type { SystemPc } from '../../machines/pc/system.ts';
import { TLB_DIRTY, TLB_USER, TLB_WRITE } from '../../machines/pc/tlb.ts';
import { PAGE } from '../../machines/pc/memory.ts';

const PRESENT = 1;
const WRITABLE = 2;
const USER = 4;
/** Accessed and dirty: the processor need not set them. */
const NOTED = 0x60;
const LARGE = 0x80;
const FOUR_MEGABYTES = 0x400000;

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

/** What came of a page fault: filled; a store into a watched page; or a page that is no memory of the guest's. */
export type Outcome = 'filled' | 'traced' | 'device';

/** The monitor whose shadows they are. */
export interface ShadowOwner {
  /** Physical addresses of the first and behind the last of the pages for directories and tables. */
  readonly pool: readonly [first: number, end: number];
  /** An entry that every directory has: the monitor's own memory, where it has any in the guest's address space. */
  readonly own?: { readonly index: number; readonly entry: number };
  readonly account: Account;
  /** Cycles of walking the guest's tables and finding where an entry belongs, and of taking one entry or table out. */
  readonly costs: { readonly fill: number; readonly drop: number };
  /** Real frame of a guest-physical one; null for what is no memory of the guest's and is not to be mapped. */
  frameOf(frame: number): number | null;
  /** Lets the processor walk this directory from now on. */
  load(directory: number): void;
  /** The processor's buffer may hold an entry of this linear address, in the directory loaded, that is no longer so. */
  invalidate(linear: number): void;
  /** Whether code was translated from a frame: stores into it are to be heard of, too. */
  holdsCode(frame: number): boolean;
  /** Linear addresses come to mean something else. */
  remapped(start: number, length: number): void;
}

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
  private readonly owner: ShadowOwner;
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

  constructor(system: SystemPc, guest: Cpu, owner: ShadowOwner, upkeep: Upkeep = 'traced') {
    this.system = system;
    this.guest = guest;
    this.owner = owner;
    this.upkeep = upkeep;
  }

  /** Begins with an empty pool. */
  empty(): void {
    const [first, end] = this.owner.pool;
    this.roots.clear();
    this.uses.clear();
    this.writers.clear();
    this.free = [];
    for (let at = end - PAGE; at >= first; at -= PAGE) this.free.push(at);
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
      const { own } = this.owner;
      if (own) this.system.storePhysical(root.directory + 4 * own.index, own.entry);
      this.counts.rootsMade++;
    }
    this.current = key;
    this.owner.load(root.directory);
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
    const { guest, system, owner } = this;
    system.work(owner.account, owner.costs.fill);
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
    const real = owner.frameOf(frame);
    if (real === null) return 'device';
    if (this.free.length === 0) this.purge();
    if (guest.paging && this.upkeep !== 'untraced') this.watch(a);
    const watched = owner.holdsCode(frame) || this.uses.has(frame);
    if (watched && access === WRITE && !this.abandon(frame)) {
      this.counts.traces++;
      return 'traced';
    }
    this.counts.fills++;
    const write = writable && !owner.holdsCode(frame) && !this.uses.has(frame);
    this.enter(a, real, (write ? WRITABLE : 0) | (userMay ? USER : 0));
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
    system.storePhysical(at, frame | NOTED | rights | PRESENT);
    this.owner.invalidate(a);
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
    this.owner.load(this.roots.get(this.current)!.directory);
  }

  /**
   * A store into a page that only other address spaces use as table: most likely it is none any more, so these spaces
   * are forgotten. True if nothing watches the page now.
   */
  private abandon(frame: number): boolean {
    if (this.owner.holdsCode(frame)) return false;
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
    const { system, owner } = this;
    const root = this.roots.get(key);
    if (!root) return;
    this.counts.drops++;
    system.work(owner.account, owner.costs.drop);
    const index = start >>> 22;
    const table = root.tables.get(index);
    if (length === PAGE) {
      if (table !== undefined) system.storePhysical(table + ((start >>> 10) & 0xffc), 0);
      if (key === this.current) owner.invalidate(start);
    } else this.dropTable(key, root, start, length);
    if (key === this.current) owner.remapped(start, length);
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
    if (table === undefined || index === this.owner.own?.index) return;
    if (length === FOUR_MEGABYTES) {
      root.tables.delete(index);
      system.storePhysical(root.directory + 4 * index, 0);
      this.free.push(table);
    } else
      for (let a = start; a < start + length; a += PAGE)
        system.storePhysical(table + ((a >>> 10) & 0xffc), 0);
    if (key === this.current) this.owner.load(root.directory);
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
