/**
 * Direct paging: the guest's own tables are the hardware's, once they are validated. An entry takes a reference to the
 * frame it leads to, and a use as writable, or as a page table, where it gives that right; a table gives them back
 * when it stops being one. Interface: mmu_update and mmuext_op of xen.h.
 */
import type { SystemPc } from '../../machines/pc/system.ts';
import { DESCRIPTORS, DIRECTORY, NO_TYPE, TABLE, WRITABLE, type Frames } from './frames.ts';
import { DOMAIN_SLOT, ENTRIES, M2P_SLOT, PAGE, PRESENT, WRITE, XEN_OWN_SLOT, XEN_SLOT } from './layout.ts';
import { PAGING, PER_ABSENT_ENTRY, PER_ENTRY } from './paths.ts';
import { soundDescriptor } from './descriptors.ts';

/** Bits that a guest's entry may not have: caching, large or global pages, and what the processor reserves. */
const DISALLOWED = 0x198;

const frameOf = (entry: number): number => entry >>> 12;
const asHex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

/** What stands in Xen's slots of a domain's directories. */
export interface XenSlots {
  readonly m2p: readonly number[];
  readonly own: number;
}

export class PageTables {
  private readonly system: SystemPc;
  readonly frames: Frames;
  private readonly slots: XenSlots;
  /** Page table of a domain's own slot. */
  private readonly ownTable: (domain: number) => number;

  constructor(system: SystemPc, frames: Frames, slots: XenSlots, ownTable: (domain: number) => number) {
    this.system = system;
    this.frames = frames;
    this.slots = slots;
    this.ownTable = ownTable;
  }

  private entry(frame: number, index: number): number {
    return this.system.loadPhysical(frame * PAGE + 4 * index);
  }

  // ---------------------------------------------------------------- entries

  /** Whether an entry leads anywhere; looking costs the more where there is something to check. */
  private isPresent(entry: number): boolean {
    const present = (entry & PRESENT) !== 0;
    this.system.work(PAGING, present ? PER_ENTRY : PER_ABSENT_ENTRY);
    return present;
  }

  /** Takes what an entry of a page table leads to. */
  private takePage(domain: number, entry: number): boolean {
    const { frames } = this;
    if (!this.isPresent(entry)) return true;
    if ((entry & DISALLOWED) !== 0)
      return frames.refuse('entry-flags', `entry ${asHex(entry)} has bits that no guest may set`);
    const frame = frameOf(entry);
    if (!frames.get(domain, frame)) return false;
    if ((entry & WRITE) === 0 || frames.getWritable(frame)) return true;
    frames.put(frame);
    return false;
  }

  /** Gives back what the entry at `at` leads to. */
  dropPage(at: number, entry: number): void {
    if ((entry & PRESENT) === 0) return;
    if (this.frames.state.granted[frameOf(at)]! > 0 && this.frames.dropGrant(at)) return;
    if ((entry & WRITE) !== 0) this.frames.putWritable(frameOf(entry));
    this.frames.put(frameOf(entry));
  }

  private takeTable(domain: number, entry: number): boolean {
    if (!this.isPresent(entry)) return true;
    if ((entry & DISALLOWED) !== 0)
      return this.frames.refuse(
        'entry-flags',
        `directory entry ${asHex(entry)} has bits that no guest may set`,
      );
    return this.get(domain, frameOf(entry), TABLE);
  }

  private dropTable(entry: number): void {
    if ((entry & PRESENT) !== 0) this.put(frameOf(entry));
  }

  // ---------------------------------------------------------------- whole tables

  /** A reference to a frame and a use as a page table, directory or descriptor table: the first one validates it. */
  get(domain: number, frame: number, type: typeof TABLE | typeof DIRECTORY | typeof DESCRIPTORS): boolean {
    const { frames } = this;
    if (!frames.get(domain, frame)) return false;
    const { state } = frames;
    if (state.uses[frame] !== 0) {
      if (state.type[frame] !== type) {
        frames.put(frame);
        return frames.refuse('page-type', frames.clash(frame, type));
      }
      state.uses[frame]!++;
      return true;
    }
    frames.flushIfStale(frame);
    // In use already while it is looked at: an entry that leads back here cannot make it writable.
    state.type[frame] = type;
    state.uses[frame] = 1;
    if (this.validate(domain, frame, type)) {
      frames.retyped(frame, type);
      return true;
    }
    state.uses[frame] = 0;
    state.type[frame] = NO_TYPE;
    frames.put(frame);
    return false;
  }

  /** Gives both back; with the last use the frame's entries give back theirs. */
  put(frame: number): void {
    const { state } = this.frames;
    if (state.uses[frame] === 1) {
      if (state.type[frame] === TABLE) this.release(frame, ENTRIES, (entry, at) => this.dropPage(at, entry));
      else if (state.type[frame] === DIRECTORY)
        this.release(frame, XEN_SLOT, (entry) => this.dropTable(entry));
      this.frames.retyped(frame, NO_TYPE);
    }
    state.uses[frame]!--;
    this.frames.put(frame);
  }

  private validate(domain: number, frame: number, type: number): boolean {
    if (type === DESCRIPTORS) return this.validateDescriptors(frame);
    const directory = type === DIRECTORY;
    const count = directory ? XEN_SLOT : ENTRIES;
    for (let k = 0; k < count; k++) {
      const entry = this.entry(frame, k);
      if (directory ? this.takeTable(domain, entry) : this.takePage(domain, entry)) continue;
      this.release(frame, k, (taken, at) => {
        if (directory) this.dropTable(taken);
        else this.dropPage(at, taken);
      });
      return false;
    }
    if (directory) this.putXenIn(frame, this.ownTable(domain));
    return true;
  }

  private release(frame: number, count: number, drop: (entry: number, at: number) => void): void {
    for (let k = 0; k < count; k++) drop(this.entry(frame, k), frame * PAGE + 4 * k);
    this.system.work(PAGING, count * 2);
  }

  private validateDescriptors(frame: number): boolean {
    for (let at = frame * PAGE; at < (frame + 1) * PAGE; at += 8) {
      this.system.work(PAGING, PER_ENTRY);
      const low = this.system.loadPhysical(at);
      const sound = soundDescriptor(low, this.system.loadPhysical(at + 4));
      if (sound === null)
        return this.frames.refuse(
          'descriptor',
          `frame ${frame.toString(16)} holds a descriptor that no guest may have`,
        );
      this.system.storePhysical(at, sound[0]);
      this.system.storePhysical(at + 4, sound[1]);
    }
    return true;
  }

  /** Xen's slots, the same in every directory but for the domain's own. */
  putXenIn(directory: number, ownTable: number): void {
    for (let slot = XEN_SLOT; slot < ENTRIES; slot++) {
      const table =
        slot === M2P_SLOT
          ? this.slots.m2p[0]!
          : slot === DOMAIN_SLOT
            ? ownTable
            : slot === XEN_OWN_SLOT
              ? this.slots.own
              : -1;
      const entry = table < 0 ? 0 : (table * PAGE) | PRESENT | WRITE;
      this.system.storePhysical(directory * PAGE + 4 * slot, entry);
    }
  }

  // ---------------------------------------------------------------- updates

  /** Replaces the entry at a machine address, in whatever the frame is used as. */
  update(domain: number, at: number, value: number, keepAccessed: boolean): boolean {
    const { frames } = this;
    const frame = at >>> 12;
    const { state } = frames;
    if (!frames.owns(domain, frame)) {
      if (frames.get(domain, frame)) frames.put(frame);
      return false;
    }
    const index = (at & (PAGE - 1)) >>> 2;
    if (state.uses[frame] === 0 || state.type[frame] === WRITABLE) {
      // Plain memory: nothing to check.
      this.system.storePhysical(at & ~3, value);
      return true;
    }
    if (state.type[frame] === DESCRIPTORS) return frames.refuse('page-type', frames.clash(frame, TABLE));
    const directory = state.type[frame] === DIRECTORY;
    if (directory && index >= XEN_SLOT)
      return frames.refuse('xen-slot', `directory entry ${index} belongs to Xen`);
    const old = this.entry(frame, index);
    const next = keepAccessed ? value | (old & 0x60) : value;
    if (directory ? !this.takeTable(domain, next) : !this.takePage(domain, next)) return false;
    this.system.storePhysical(frame * PAGE + 4 * index, next);
    if (directory) this.dropTable(old);
    else this.dropPage(frame * PAGE + 4 * index, old);
    return true;
  }

  /** Machine address of the page-table entry for a linear address in the directory, or −1. */
  entryAddress(directory: number, linear: number): number {
    const slot = linear >>> 22;
    if (slot >= XEN_SLOT) return -1;
    const entry = this.entry(directory, slot);
    return (entry & PRESENT) === 0 ? -1 : frameOf(entry) * PAGE + 4 * ((linear >>> 12) & (ENTRIES - 1));
  }

  pin(domain: number, frame: number, type: typeof TABLE | typeof DIRECTORY): boolean {
    if (!this.get(domain, frame, type)) return false;
    if (this.frames.state.pinned[frame] === 1) {
      this.put(frame);
      return this.frames.refuse('pinned', `frame ${frame.toString(16)} is pinned already`);
    }
    this.frames.state.pinned[frame] = 1;
    return true;
  }

  unpin(domain: number, frame: number): boolean {
    if (!this.frames.owns(domain, frame) || this.frames.state.pinned[frame] === 0)
      return this.frames.refuse('pinned', `frame ${frame.toString(16)} is not pinned by this domain`);
    this.frames.state.pinned[frame] = 0;
    this.put(frame);
    return true;
  }
}
