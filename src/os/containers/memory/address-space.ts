/**
 * The address space of a process: its regions, the pages that it has touched, and what a page fault does about the
 * others. Frames come on demand; a copy of a space shares them until one side stores.
 */
import type { SystemPc } from '../../../machines/pc/system.ts';
import { fail } from '../abi/errno.ts';
import type { RegularFile } from '../files/inode.ts';
import { PAGE, type Frames, type Payer } from './frames.ts';
import type { PageCache } from './page-cache.ts';
import { COPY_ON_WRITE, frameOf, PageTables, PRESENT, USER, WRITABLE } from './page-tables.ts';
import { PROT_WRITE, Regions, USER_END, type Region } from './regions.ts';

/** Most bytes that a stack grows to. */
const STACK_LIMIT = 8 << 20;

/** What all address spaces have in common. */
export interface MemorySystem {
  readonly system: SystemPc;
  readonly frames: Frames;
  readonly cache: PageCache;
  /** The table of the last directory entry. */
  readonly kernelTable: number;
  /** Tries to make room; whether it did. */
  reclaim(): boolean;
}

/** Why a page could not be brought in. */
export type Refusal = 'no region' | 'no right' | 'no memory' | 'beyond file';

export class AddressSpace {
  readonly tables: PageTables;
  regions = new Regions();
  /** Files that its regions show, which stay as long as they do. */
  private readonly files = new Set<RegularFile>();
  /** End of the data segment at loading, and the break. */
  breakStart = 0;
  breakEnd = 0;
  /** Where its arguments and environment stand. */
  arguments = { start: 0, end: 0, environment: 0 };
  /** Threads and processes that use it. */
  users = 1;
  /** Pages in memory. */
  resident = 0;
  payer: Payer | null;
  private readonly memory: MemorySystem;

  constructor(memory: MemorySystem, payer: Payer | null) {
    this.memory = memory;
    this.payer = payer;
    const create = (): PageTables | null =>
      PageTables.create(memory.system, memory.frames, memory.kernelTable);
    this.tables = create() ?? (memory.reclaim() ? create() : null) ?? fail('ENOMEM');
  }

  // ---------------------------------------------------------------- regions

  /** Maps; what stood there before is gone. `at` 0: wherever there is room. Returns the address. */
  map(region: Omit<Region, 'start' | 'end'>, at: number, length: number): number {
    const size = Math.ceil(length / PAGE) * PAGE;
    if (size === 0) return fail('EINVAL');
    if (size > USER_END) return fail('ENOMEM');
    const start = at === 0 ? this.regions.gap(size, USER_END - STACK_LIMIT - 0x1000000) : at;
    if (start === 0 || start + size > USER_END) return fail('ENOMEM');
    this.unmap(start, start + size);
    this.regions.add({ ...region, start, end: start + size });
    if (region.file) this.hold(region.file);
    return start;
  }

  private hold(file: RegularFile): void {
    if (this.files.has(file)) return;
    this.files.add(file);
    file.hold();
  }

  unmap(start: number, end: number): void {
    const files = new Set(this.regions.within(start, end).map(({ file }) => file));
    for (const { shared, file } of this.regions.within(start, end))
      if (shared && file) this.memory.cache.flush(file);
    this.drop(start, end);
    this.regions.change(start, end, () => null);
    for (const { file } of this.regions.all) files.delete(file);
    for (const file of files) if (file && this.files.delete(file)) file.letGo();
  }

  /** Gives back the pages between two addresses, which are as never touched afterwards. */
  drop(start: number, end: number): void {
    for (const [linear, entry] of this.tables.present(start, end)) {
      this.tables.set(linear, 0);
      this.memory.system.invalidatePage(linear);
      this.memory.frames.release(frameOf(entry));
      this.resident--;
    }
  }

  protect(start: number, end: number, protection: number): void {
    if (!this.regions.covers(start, end)) fail('ENOMEM');
    this.regions.change(start, end, (region) => ({ ...region, protection }));
    for (const [linear, entry] of this.tables.present(start, end)) {
      const visible = protection === 0 ? entry & ~(USER | WRITABLE) : (entry | USER) & ~WRITABLE;
      this.tables.set(linear, visible);
      this.memory.system.invalidatePage(linear);
    }
  }

  /** Moves pages to another place, as mremap does. */
  move(from: number, to: number, length: number): void {
    for (const [linear, entry] of [...this.tables.present(from, from + length)]) {
      if (!this.tables.set(linear - from + to, entry)) fail('ENOMEM');
      this.tables.set(linear, 0);
      this.memory.system.invalidatePage(linear);
    }
  }

  // ---------------------------------------------------------------- pages

  /** Brings the page at a linear address in, for storing or not; a string says why it cannot be. */
  touch(linear: number, store: boolean): Refusal | null {
    const region = this.regions.find(linear) ?? this.grown(linear);
    if (!region) return 'no region';
    if (region.protection === 0 || (store && (region.protection & PROT_WRITE) === 0)) return 'no right';
    const page = linear - (linear % PAGE);
    const entry = this.tables.entry(page);
    if ((entry & PRESENT) !== 0) return this.allow(region, page, entry, store);
    return region.file ? this.bringIn(region, page, store) : this.zero(page, region);
  }

  /** A stack that reaches down to an address just touched. */
  private grown(linear: number): Region | undefined {
    const above = this.regions.above(linear);
    if (!above?.grows || above.end - linear > STACK_LIMIT) return undefined;
    const start = linear - (linear % PAGE);
    if (this.regions.within(start - PAGE, above.start).length > 0) return undefined;
    this.regions.change(above.start, above.end, () => null);
    const region = { ...above, start };
    this.regions.add(region);
    return region;
  }

  private zero(page: number, region: Region): Refusal | null {
    const frame = this.newFrame();
    if (frame === 0) return 'no memory';
    const right = (region.protection & PROT_WRITE) === 0 ? 0 : WRITABLE;
    return this.enter(page, frame | PRESENT | USER | right);
  }

  private bringIn(region: Region, page: number, store: boolean): Refusal | null {
    const { file, offset, start, shared } = region;
    if (!file) return 'no region';
    const index = (page - start + offset) / PAGE;
    if (index * PAGE >= file.size) return 'beyond file';
    const toStore = shared && (region.protection & PROT_WRITE) !== 0;
    const cached = (): number => this.memory.cache.page(file, index, this.payer, toStore);
    let frame = cached();
    if (frame === 0 && this.memory.reclaim()) frame = cached();
    if (frame === 0) return 'no memory';
    const right = toStore ? WRITABLE : shared ? 0 : COPY_ON_WRITE;
    const refusal = this.enter(page, frame | PRESENT | USER | right);
    return refusal ?? (store && !shared ? this.separate(page, frame) : null);
  }

  /** The page is there: gives the rights that the region grants. */
  private allow(region: Region, page: number, entry: number, store: boolean): Refusal | null {
    const frame = frameOf(entry);
    const ours = (entry & COPY_ON_WRITE) === 0;
    if (store && !ours) return this.separate(page, frame);
    const right = ours && (region.protection & PROT_WRITE) !== 0 ? WRITABLE : 0;
    this.tables.set(page, frame | PRESENT | USER | right | (entry & COPY_ON_WRITE));
    this.memory.system.invalidatePage(page);
    return null;
  }

  /** Gives the space a page of its own in place of one that it shares. */
  private separate(page: number, shared: number): Refusal | null {
    const { frames, system } = this.memory;
    if (frames.usersOf(shared) > 1) {
      const frame = this.newFrame();
      if (frame === 0) return 'no memory';
      system.writePhysical(frame, system.readPhysical(shared, PAGE));
      frames.release(shared);
      this.tables.set(page, frame | PRESENT | USER | WRITABLE);
    } else this.tables.set(page, shared | PRESENT | USER | WRITABLE);
    system.invalidatePage(page);
    return null;
  }

  private enter(page: number, entry: number): Refusal | null {
    if (!this.tables.set(page, entry)) {
      this.memory.frames.release(frameOf(entry));
      return 'no memory';
    }
    this.memory.system.invalidatePage(page);
    this.resident++;
    return null;
  }

  private newFrame(): number {
    const { payer, memory } = this;
    if (payer && !payer.charge()) return 0;
    let frame = memory.frames.allocate(payer);
    if (frame === 0 && memory.reclaim()) frame = memory.frames.allocate(payer);
    if (frame === 0) payer?.uncharge();
    return frame;
  }

  // ---------------------------------------------------------------- life

  /** A space with the same contents, whose pages are shared until somebody stores into them. */
  fork(payer: Payer | null): AddressSpace {
    const { memory } = this;
    const child = new AddressSpace(memory, payer);
    child.regions = this.regions.copy();
    for (const file of this.files) child.hold(file);
    [child.breakStart, child.breakEnd, child.arguments] = [this.breakStart, this.breakEnd, this.arguments];
    for (const region of this.regions.all)
      for (const [linear, entry] of this.tables.present(region.start, region.end)) {
        const kept = region.shared ? entry : (entry & ~WRITABLE) | COPY_ON_WRITE;
        if (kept !== entry) this.tables.set(linear, kept);
        memory.frames.share(frameOf(entry));
        if (child.tables.set(linear, kept)) {
          child.resident++;
          continue;
        }
        memory.frames.release(frameOf(entry));
        child.release();
        return fail('ENOMEM');
      }
    memory.system.loadCr3(this.tables.directory);
    return child;
  }

  /** One user less; the last one gives everything back. */
  release(): void {
    if (--this.users > 0) return;
    // The processor must stand on tables that stay.
    this.unmap(0, USER_END);
    this.tables.release();
  }
}
