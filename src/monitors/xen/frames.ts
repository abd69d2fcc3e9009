/**
 * Every frame of memory: whose it is, how many references there are to it, and what it is used as. A frame has one
 * type at a time (page table, directory, descriptors, or writable), with a count of uses as such: so nothing that the
 * processor takes for a page table or a descriptor table can be written by a guest. Barham et al. 2003, section 3.3.
 */
import type { SystemPc } from '../../machines/pc/system.ts';
import { PAGE } from './layout.ts';
import { PAGING, SCRUB } from './paths.ts';

export const FREE = -1;
export const XEN = -2;

export const NO_TYPE = 0;
export const TABLE = 1;
export const DIRECTORY = 2;
export const DESCRIPTORS = 3;
export const WRITABLE = 4;
export type FrameType =
  typeof NO_TYPE | typeof TABLE | typeof DIRECTORY | typeof DESCRIPTORS | typeof WRITABLE;
export const TYPE_NAMES = ['none', 'L1 page table', 'L2 page table', 'descriptor table', 'writable'] as const;

export interface FrameState {
  readonly owner: Int16Array;
  /** One for belonging to a domain, and one for each mapping, table entry, pin or register that leads there. */
  readonly references: Int32Array;
  readonly type: Uint8Array;
  readonly uses: Int32Array;
  readonly pinned: Uint8Array;
  /** The domain has given it back, and only mappings still hold it. */
  readonly released: Uint8Array;
  /** Entries of this page table that lead to other domains' frames by a grant. */
  readonly granted: Uint16Array;
  /** Count of address-space flushes when the frame was last writable. */
  readonly stamp: Float64Array;
  /** Frames that nobody owns; the last one is given next. */
  free: number[];
  flushes: number;
}

export const frameState = (count: number): FrameState => ({
  owner: new Int16Array(count).fill(XEN),
  references: new Int32Array(count),
  type: new Uint8Array(count),
  uses: new Int32Array(count),
  pinned: new Uint8Array(count),
  released: new Uint8Array(count),
  granted: new Uint16Array(count),
  stamp: new Float64Array(count).fill(-1),
  free: [],
  flushes: 0,
});

/** Writes down why something was refused: the name of the check, and what it found. */
export type Refuse = (check: string, detail: string) => false;

export class Frames {
  private readonly system: SystemPc;
  state: FrameState;
  readonly refuse: Refuse;
  readonly count: number;
  /** Where the machine-to-physical table begins in memory. */
  readonly m2pBase: number;

  constructor(system: SystemPc, state: FrameState, m2pBase: number, refuse: Refuse) {
    this.system = system;
    this.state = state;
    this.refuse = refuse;
    this.count = state.owner.length;
    this.m2pBase = m2pBase;
  }

  /** A frame for a domain (or for Xen), filled with zeros; −1: there is none left. */
  allocate(owner: number): number {
    const { state } = this;
    const frame = state.free.pop();
    if (frame === undefined) return -1;
    // Whoever had it may still reach it by way of the translation buffers.
    this.flushIfStale(frame);
    for (let at = 0; at < PAGE; at += 4) this.system.storePhysical(frame * PAGE + at, 0);
    this.system.work(PAGING, SCRUB);
    state.owner[frame] = owner;
    state.references[frame] = 1;
    state.type[frame] = NO_TYPE;
    state.uses[frame] = 0;
    state.pinned[frame] = 0;
    state.released[frame] = 0;
    return frame;
  }

  owns(domain: number, frame: number): boolean {
    return frame >= 0 && frame < this.count && this.state.owner[frame] === domain;
  }

  /** Takes a reference for a domain that owns the frame. */
  get(domain: number, frame: number): boolean {
    if (frame < 0 || frame >= this.count)
      return this.refuse('frame-exists', `there is no frame ${frame.toString(16)}`);
    const owner = this.state.owner[frame]!;
    if (owner !== domain)
      return this.refuse(
        'frame-owner',
        `frame ${frame.toString(16)} belongs to ${owner === XEN ? 'Xen' : owner === FREE ? 'nobody' : `domain ${owner}`}`,
      );
    this.state.references[frame]!++;
    return true;
  }

  /** Gives a reference back; with the last one the frame is free. */
  put(frame: number): void {
    const { state } = this;
    const left = --state.references[frame]!;
    if (left > 0) return;
    if (left < 0 || state.uses[frame] !== 0)
      throw new Error(`frame ${frame}: ${left} references, ${state.uses[frame]} uses`);
    state.owner[frame] = FREE;
    state.type[frame] = NO_TYPE;
    state.stamp[frame] = state.flushes;
    state.free.push(frame);
  }

  /** One more use as writable memory; page tables and descriptors are validated where they are made. */
  getWritable(frame: number): boolean {
    const { state } = this;
    if (state.uses[frame] === 0) state.type[frame] = WRITABLE;
    else if (state.type[frame] !== WRITABLE) return this.refuse('page-type', this.clash(frame, WRITABLE));
    state.uses[frame]!++;
    return true;
  }

  putWritable(frame: number): void {
    if (--this.state.uses[frame]! === 0) this.state.stamp[frame] = this.state.flushes;
  }

  clash(frame: number, wanted: FrameType): string {
    const { type, uses } = this.state;
    return `frame ${frame.toString(16)} is ${TYPE_NAMES[type[frame]!]} ${uses[frame]} times and cannot be ${TYPE_NAMES[wanted]}`;
  }

  /** Before a frame stops being writable: nobody may write it by way of an old translation. */
  flushIfStale(frame: number): void {
    if (this.state.stamp[frame]! >= this.state.flushes) this.flush();
  }

  /** Set by the hypervisor: hears that a frame is used as a table from now on, or no longer. */
  retyped: (frame: number, type: FrameType) => void = () => undefined;
  /** Set by the hypervisor: a page-table entry that a grant has made goes. */
  dropGrant: (entryAt: number) => boolean = () => false;
  /** Set by the hypervisor: loads CR3 anew. */
  reload: () => void = () => undefined;
  flush(): void {
    this.state.flushes++;
    this.reload();
  }

  /** The number by which the owner knows a frame. */
  setPseudo(frame: number, pseudo: number): void {
    this.system.storePhysical(this.m2pBase + 4 * frame, pseudo);
  }
  pseudo(frame: number): number {
    return this.system.loadPhysical(this.m2pBase + 4 * frame);
  }
}
