/**
 * The translation lookaside buffers, and the maps by linear page that make a hit cheap.
 * Invariant: a page stands in a map only while the buffer holds its entry (with paging on), so that the map is the
 * buffer's speed path and every miss of the modelled buffer is seen. SIMPLIFIED: entries are replaced in order of
 * arrival within their set, after places that are free; the real ones keep an approximate order of use. SDM vol. 3A,
 * section 4.10.
 */
import type { TlbShape } from './models/classes.ts';

/** Attributes of an entry. */
export const TLB_WRITE = 1; // R/W in every level
export const TLB_USER = 2; // U/S in every level
export const TLB_DIRTY = 4; // the dirty bit in memory is set
export const TLB_GLOBAL = 8;

const PAGES = 1 << 20;

/** What an entry maps: 4 K, 4 M, or with PAE 2 M. Those of 2 M and of 4 M share their buffer, but not at a time. */
export type PageKind = 'small' | 'large' | 'large-pae';
const SMALL_SHIFT = 12;
const SHIFTS: Readonly<Record<PageKind, number>> = { small: SMALL_SHIFT, large: 22, 'large-pae': 21 };

/** By linear page: the complement of the physical page's address, or 0 where there is none. */
export type PageMap = Int32Array;

class Entries {
  shift: number;
  readonly tags: Int32Array;
  readonly frames: Int32Array;
  readonly attributes: Uint8Array;
  /** VPID of each entry. */
  readonly spaces: Uint16Array;
  /** The VPID whose entries count. */
  space = 0;
  private readonly next: Uint16Array;
  private readonly ways: number;
  private readonly sets: number;

  constructor(count: number, ways: number, shift: number) {
    this.shift = shift;
    this.ways = ways;
    this.sets = count / ways;
    this.tags = new Int32Array(count).fill(-1);
    this.frames = new Int32Array(count);
    this.attributes = new Uint8Array(count);
    this.spaces = new Uint16Array(count);
    this.next = new Uint16Array(this.sets);
  }

  find(linear: number, space = this.space): number {
    const tag = linear >>> this.shift;
    const first = (tag % this.sets) * this.ways;
    for (let i = first; i < first + this.ways; i++)
      if (this.tags[i] === tag && this.spaces[i] === space) return i;
    return -1;
  }

  /** Place for `linear`'s entry; what stands there is to be dropped first. */
  place(linear: number): number {
    const set = (linear >>> this.shift) % this.sets;
    const first = set * this.ways;
    const oldest = this.next[set]!;
    for (let k = 1; k < this.ways && this.tags[first + oldest]! >= 0; k++) {
      const way = (oldest + k) % this.ways;
      if (this.tags[first + way]! < 0) return first + way;
    }
    this.next[set] = (oldest + 1) % this.ways;
    return first + oldest;
  }

  save(): EntriesState {
    return {
      tags: this.tags.slice(),
      frames: this.frames.slice(),
      attributes: this.attributes.slice(),
      spaces: this.spaces.slice(),
      space: this.space,
      shift: this.shift,
      next: this.next.slice(),
    };
  }

  restore(state: EntriesState): void {
    this.tags.set(state.tags);
    this.frames.set(state.frames);
    this.attributes.set(state.attributes);
    this.next.set(state.next);
    this.spaces.set(state.spaces);
    this.space = state.space;
    this.shift = state.shift;
  }
}

export interface EntriesState {
  readonly tags: Int32Array;
  readonly frames: Int32Array;
  readonly attributes: Uint8Array;
  readonly next: Uint16Array;
  readonly spaces: Uint16Array;
  readonly space: number;
  readonly shift: number;
}

export interface TlbState {
  readonly small: EntriesState;
  readonly large: EntriesState;
}

/** What a lookup found. */
export interface TlbEntry {
  readonly frame: number;
  readonly attributes: number;
}

/** Pages that are remembered one by one. */
const RECENT = 128;

export class Tlb {
  private readonly small: Entries;
  private readonly large: Entries;
  /** All maps whose entries depend on this buffer. */
  private readonly maps: readonly PageMap[];
  /** Pages entered while paging was off: no buffer entry stands behind them. */
  private readonly unpaged = new Set<number>();
  /** The pages that were entered into maps since all were last emptied; beyond its length it is not known which. */
  private readonly recent = new Int32Array(RECENT);
  private entered = 0;
  misses = 0;

  constructor(shape: TlbShape, maps: readonly PageMap[]) {
    this.small = new Entries(shape.small, shape.smallWays, SHIFTS.small);
    this.large = new Entries(shape.large, shape.largeWays, SHIFTS.large);
    this.maps = maps;
  }

  /** The page frame (of 4 K) and attributes for `linear`, or null. */
  find(linear: number): TlbEntry | null {
    const s = this.small.find(linear);
    if (s >= 0) return { frame: this.small.frames[s]!, attributes: this.small.attributes[s]! };
    const l = this.large.find(linear);
    if (l < 0) return null;
    return {
      frame: this.large.frames[l]! | (linear & ((1 << this.large.shift) - 1) & 0xfffff000),
      attributes: this.large.attributes[l]!,
    };
  }

  /** Enters a translation; `frame` is that of the whole page, small or large. */
  insert(linear: number, frame: number, attributes: number, kind: PageKind): void {
    if (kind !== 'small') this.setLargeShift(SHIFTS[kind]);
    this.invalidate(linear);
    const entries = kind === 'small' ? this.small : this.large;
    const i = entries.place(linear);
    this.drop(entries, i);
    entries.tags[i] = linear >>> entries.shift;
    entries.frames[i] = frame;
    entries.attributes[i] = attributes;
    entries.spaces[i] = entries.space;
  }

  /** Another VPID may have left pages of the other size. */
  private setLargeShift(shift: number): void {
    if (shift === this.large.shift) return;
    for (let i = 0; i < this.large.tags.length; i++) this.drop(this.large, i);
    this.large.shift = shift;
  }

  /** INVLPG: forgets the translation of one page, even a global one. */
  invalidate(linear: number): void {
    const s = this.small.find(linear);
    if (s >= 0) this.drop(this.small, s);
    const l = this.large.find(linear);
    if (l >= 0) this.drop(this.large, l);
  }

  /** Forgets all translations; `keepGlobal` as MOV to CR3 does with CR4.PGE set. */
  flush(keepGlobal: boolean): void {
    this.flushSpace(this.small.space, keepGlobal);
    for (const page of this.unpaged) this.unmap(page);
    this.unpaged.clear();
  }

  /** Forgets the translations of one VPID, or of all but 0 (`null`). SDM vol. 3C, section 28.3.3. */
  flushSpace(space: number | null, keepGlobal: boolean): void {
    for (const entries of [this.small, this.large])
      for (let i = 0; i < entries.tags.length; i++) {
        if (entries.tags[i]! < 0) continue;
        const concerned = space === null ? entries.spaces[i] !== 0 : entries.spaces[i] === space;
        if (concerned && !(keepGlobal && (entries.attributes[i]! & TLB_GLOBAL) !== 0)) this.drop(entries, i);
      }
  }

  /** Forgets the translation of one page of a VPID. */
  invalidateIn(space: number, linear: number): void {
    for (const entries of [this.small, this.large]) {
      const i = entries.find(linear, space);
      if (i >= 0) this.drop(entries, i);
    }
  }

  /** Lets the entries of another VPID count; the maps begin empty. */
  enter(space: number): void {
    this.forgetAll();
    this.small.space = space;
    this.large.space = space;
  }

  private drop(entries: Entries, i: number): void {
    const tag = entries.tags[i]!;
    if (tag < 0) return;
    entries.tags[i] = -1;
    if (entries === this.small) this.unmap(tag);
    else this.unmapLarge(tag, this.maps);
  }

  private unmapLarge(tag: number, maps: readonly PageMap[]): void {
    const by = this.large.shift - SMALL_SHIFT;
    for (const map of maps) map.fill(0, tag << by, (tag + 1) << by);
  }

  private unmap(page: number): void {
    for (const map of this.maps) map[page] = 0;
  }

  /** Remembers that `page` stands in a map. */
  noteEntered(page: number): void {
    if (this.entered < RECENT) this.recent[this.entered] = page;
    this.entered++;
  }

  /** Removes everything from the maps, as at each VM entry and exit: few pages have been touched since the last. */
  private forgetAll(): void {
    if (this.entered > RECENT) this.forgetMaps(this.maps);
    else for (let k = 0; k < this.entered; k++) this.unmap(this.recent[k]!);
    this.entered = 0;
    this.unpaged.clear();
  }

  /** Remembers that `page` stands in a map without an entry of the buffer: paging is off. */
  noteUnpaged(page: number): void {
    this.unpaged.add(page);
  }

  /** Removes from `maps` whatever leads to the physical page at `frame`. */
  forgetFrame(frame: number, maps: readonly PageMap[]): void {
    const clear = (page: number): void => {
      for (const map of maps) if (~map[page]! === frame) map[page] = 0;
    };
    this.small.tags.forEach((tag, i) => {
      if (tag >= 0 && this.small.frames[i] === frame) clear(tag);
    });
    this.large.tags.forEach((tag, i) => {
      const mask = (1 << this.large.shift) - 1;
      if (tag >= 0 && this.large.frames[i] === (frame & ~mask))
        clear((tag << (this.large.shift - SMALL_SHIFT)) + ((frame & mask) >>> SMALL_SHIFT));
    });
    // Without paging, or with the A20 line held low, a page is its own frame or 1 M above it.
    clear(frame >>> 12);
    clear((frame >>> 12) | 0x100);
  }

  /** Removes everything from `maps`, but keeps the buffer. */
  forgetMaps(maps: readonly PageMap[]): void {
    const clear = (page: number): void => {
      for (const map of maps) map[page] = 0;
    };
    for (const tag of this.small.tags) if (tag >= 0) clear(tag);
    for (const tag of this.large.tags) if (tag >= 0) this.unmapLarge(tag, maps);
    this.unpaged.forEach(clear);
  }

  save(): TlbState {
    return { small: this.small.save(), large: this.large.save() };
  }

  restore(state: TlbState): void {
    this.forgetAll();
    this.small.restore(state.small);
    this.large.restore(state.large);
  }
}

export const pageMap = (): PageMap => new Int32Array(PAGES);
