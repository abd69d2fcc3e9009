/** The page frames of the users: who holds which, with the keys and the translation tables that follow from it. */
import type { Move } from '../page-store.ts';
import type { Process } from '../process.ts';
import { PAGE } from '../settings.ts';
import type { Kernel } from './contract.ts';

export interface Frame {
  owner: number;
  page: number;
  /** Aging: a bit shifted in from the left at each sample, on where it was referenced. */
  age: number;
  /** Processor time of its owner when it was last seen referenced. */
  lastUse: number;
}

/** Key of frames that no process may touch. */
const CLOSED = 0x08;
const FETCH_PROTECTED = 0x08;
const CHANGED = 0x02;
/** Bytes of a process's tables: a segment table of 16 entries, and four page tables of 16 entries. */
export const TABLE_BYTES = 256;
const SEGMENTS = 16;
const PAGES_PER_SEGMENT = 16;
export const MOST_PAGES = 64;
const INVALID_SEGMENT = 1;
const INVALID_PAGE = 8;

export class Core {
  readonly kernel: Kernel;
  private readonly first: number;
  frames: Frame[];

  constructor(kernel: Kernel, first: number) {
    this.kernel = kernel;
    this.first = first;
    this.frames = Array.from({ length: kernel.settings.frames }, () => ({
      owner: -1,
      page: 0,
      age: 0,
      lastUse: 0,
    }));
    if (this.byKeys) this.frames.forEach((_, i) => this.setKeys(i, CLOSED));
  }

  private get byKeys(): boolean {
    return this.kernel.settings.protection === 'keys';
  }
  real(frame: number): number {
    return this.first + frame * PAGE;
  }
  frameOf(real: number): number {
    return (real - this.first) / PAGE;
  }

  private setKeys(frame: number, key: number): void {
    for (const block of [0, 2048]) this.kernel.system.setStorageKey(this.real(frame) + block, key);
  }
  /** Opens the frame to its owner alone, or to nobody. */
  lock(frame: number, key: number | null): void {
    if (this.byKeys) this.setKeys(frame, key === null ? CLOSED : (key << 4) | FETCH_PROTECTED);
  }

  /** Tables of a process none of whose pages is there. */
  clearTables({ tables, pages }: Process): void {
    if (this.kernel.settings.protection !== 'dat') return;
    const { system } = this.kernel;
    for (let s = 0; s < SEGMENTS; s++) {
      const there = s * PAGES_PER_SEGMENT < pages.length;
      const length = Math.min(PAGES_PER_SEGMENT, pages.length - s * PAGES_PER_SEGMENT) - 1;
      system.storeWord(tables + 4 * s, there ? (length << 28) | (tables + 64 + 32 * s) : INVALID_SEGMENT);
    }
    for (let page = 0; page < MOST_PAGES; page++) system.storeHalf(tables + 64 + 2 * page, INVALID_PAGE);
    system.purgeTlb();
  }

  /** Gives the frame to a page, which may still be on its way; the process cannot reach it before `open`. */
  assign(process: Process, page: number, frame: number): void {
    this.kernel.charge('frame');
    this.frames[frame] = { owner: process.id, page, age: 0x80, lastUse: process.total };
    process.pages[page]!.frame = this.real(frame);
  }

  /** The page is in its frame: its process may use it. */
  open(process: Process, page: number): void {
    const { frame } = process.pages[page]!;
    const { system, settings } = this.kernel;
    this.lock(this.frameOf(frame), process.key);
    for (const block of [0, 2048]) {
      const key = system.insertStorageKey(frame + block);
      system.setStorageKey(frame + block, key & ~0x06);
    }
    process.pages[page]!.moving = false;
    if (settings.protection === 'dat')
      system.storeHalf(process.tables + 64 + 2 * page, (frame >> 8) & 0xfff0);
  }

  /** Takes a page out of its frame; gives the move that saves it, or null where its copy is good. */
  evict(process: Process, page: number, always = false): Move | null {
    const state = process.pages[page]!;
    const { system, settings } = this.kernel;
    this.kernel.charge('frame');
    if (settings.protection === 'dat') {
      system.storeHalf(process.tables + 64 + 2 * page, INVALID_PAGE);
      system.purgeTlb();
    }
    const changed = this.isChanged(process, page);
    const { frame } = state;
    this.lock(this.frameOf(frame), null);
    this.frames[this.frameOf(frame)] = { owner: -1, page: 0, age: 0, lastUse: 0 };
    state.frame = -1;
    state.changed = false;
    if (!changed && !always) return null;
    if (state.slot < 0) state.slot = this.kernel.drum.take();
    process.pagesOut++;
    return { write: true, frame, slot: state.slot };
  }
  private isChanged({ pages }: Process, page: number): boolean {
    const { frame, changed } = pages[page]!;
    return (
      changed ||
      [0, 2048].some((block) => (this.kernel.system.insertStorageKey(frame + block) & CHANGED) !== 0)
    );
  }

  /** The move that fills a page's frame, or null: it was a page of zeros, and is there. */
  fill(process: Process, page: number): Move | null {
    const state = process.pages[page]!;
    const slot = state.slot >= 0 ? state.slot : state.source;
    if (slot < 0) {
      this.kernel.charge('copy', PAGE / 256);
      this.kernel.system.store(state.frame, new Uint8Array(PAGE));
      this.open(process, page);
      return null;
    }
    state.moving = true;
    process.pagesIn++;
    return { write: false, frame: state.frame, slot };
  }

  /** Sends the moves off; the process waits unless there are none. */
  send(process: Process, moves: readonly Move[]): boolean {
    if (moves.length === 0) return false;
    this.kernel.drum.ask({ moves, process: process.id, detail: 0 });
    return true;
  }

  /** Opens the pages of the process that a batch has brought. */
  arrived(process: Process, moves: readonly Move[]): void {
    process.pages.forEach((state, page) => {
      if (state.moving && moves.some(({ write, frame }) => !write && frame === state.frame))
        this.open(process, page);
    });
  }

  /** Copies the storage of `from` into frames for `to`; false where there are not enough, or a page is away. */
  copy(from: Process, to: Process): boolean {
    const free = this.frames.map(({ owner }, i) => (owner < 0 ? i : -1)).filter((i) => i >= 0);
    if (free.length < from.pages.length || from.pages.some(({ frame }) => frame < 0)) return false;
    const { system } = this.kernel;
    from.pages.forEach(({ frame }, page) => {
      this.assign(to, page, free[page]!);
      this.kernel.charge('copy', PAGE / 256);
      system.store(to.pages[page]!.frame, system.fetch(frame, PAGE));
      this.open(to, page);
    });
    return true;
  }

  /** Frees all that a process holds, in core and on the drum. */
  release(process: Process): void {
    for (const state of process.pages) {
      if (state.frame >= 0) {
        const frame = this.frameOf(state.frame);
        this.frames[frame] = { owner: -1, page: 0, age: 0, lastUse: 0 };
        this.lock(frame, null);
      }
      if (state.slot >= 0) this.kernel.drum.release(state.slot);
      state.frame = -1;
      state.slot = -1;
    }
    this.clearTables(process);
  }

  /** Ages all frames at the end of the process's stay: only its own can have been referenced meanwhile. */
  sample(process: Process): void {
    this.frames.forEach((held, frame) => {
      if (held.owner < 0) return;
      const mine = held.owner === process.id && !process.pages[held.page]!.moving;
      const referenced = mine && this.takeReference(frame);
      held.age = (held.age >> 1) | (referenced ? 0x80 : 0);
      if (referenced) held.lastUse = process.total;
    });
  }
  /** Clears the reference bits of a frame; tells whether one was on. */
  takeReference(frame: number): boolean {
    const codes = [0, 2048].map((block) => this.kernel.system.resetReferenceBit(this.real(frame) + block));
    return codes.some((code) => (code & 2) !== 0);
  }
}
