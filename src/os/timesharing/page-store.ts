/**
 * A drum or a disk formatted in pages: batches of pages, each batch one channel program, one at a time in the order in
 * which they were asked for.
 */
import { hex } from '../../base/bits.ts';
import { CAW, CSW } from '../../machines/s370/assigned-storage.ts';
import { BUSY } from '../../machines/s370/channels/csw.ts';
import type { System370 } from '../../machines/s370/system.ts';
import { PAGE } from './settings.ts';

/** A device formatted in records of one page. */
export interface PageDevice {
  readonly address: number;
  readonly slots: number;
  locate(slot: number): { readonly cylinder: number; readonly head: number; readonly record: number };
}

export interface Move {
  readonly write: boolean;
  /** Real address. */
  readonly frame: number;
  readonly slot: number;
}
export interface Batch {
  readonly moves: readonly Move[];
  readonly process: number;
  /** What its owner wants to know of it when it has come. */
  readonly detail: number;
}
export interface PageStoreState {
  queue: Batch[];
  active: boolean;
  used: number[];
  reads: number;
  writes: number;
}

/** Bytes of the channel program for one page: four CCWs and their argument. */
export const PER_PAGE = 40;
const SEEK = 0x07;
const SEARCH = 0x31;
const TRANSFER_IN_CHANNEL = 0x08;
const READ_DATA = 0x06;
const WRITE_DATA = 0x05;
const CHAIN = 0x40;

export class PageStore {
  private readonly system: System370;
  readonly device: PageDevice;
  private readonly at: number;
  private readonly most: number;
  private readonly charge: (pages: number) => void;
  state: PageStoreState = { queue: [], active: false, used: [], reads: 0, writes: 0 };

  /** `at` is where the channel programs are built: `PER_PAGE` bytes for each of `most` pages. */
  constructor(
    system: System370,
    device: PageDevice,
    at: number,
    most: number,
    charge: (pages: number) => void,
  ) {
    this.system = system;
    this.device = device;
    this.at = at;
    this.most = most;
    this.charge = charge;
  }

  private get name(): string {
    return hex(this.device.address, 3);
  }

  get full(): boolean {
    return this.state.used.length >= this.device.slots;
  }

  /** Takes a slot that nobody has. */
  take(): number {
    let slot = 0;
    const used = new Set(this.state.used);
    while (used.has(slot)) slot++;
    if (slot >= this.device.slots)
      throw new Error(`all ${this.device.slots} pages of device ${this.name} are in use`);
    this.state.used.push(slot);
    return slot;
  }
  reserve(slots: readonly number[]): void {
    this.state.used.push(...slots);
  }
  release(slot: number): void {
    this.state.used = this.state.used.filter((each) => each !== slot);
  }

  ask(batch: Batch): void {
    if (batch.moves.length > this.most) throw new Error(`${batch.moves.length} pages in one channel program`);
    this.state.queue.push(batch);
    this.start();
  }

  start(): void {
    const batch = this.state.queue[0];
    if (this.state.active || !batch) return;
    this.charge(batch.moves.length);
    batch.moves.forEach((move, i) => {
      this.build(move, i, i === batch.moves.length - 1);
    });
    this.system.storeWord(CAW, this.at);
    const code = this.system.startIo(this.device.address);
    // Busy, or status that was still pending: the interruption that follows tries again.
    if (code === 1 || code === 2) {
      if (code === 1 && (this.system.fetchHalf(CSW + 4) & ~BUSY) !== 0) this.start();
      return;
    }
    if (code !== 0) throw new Error(`device ${this.name} is gone`);
    this.state.active = true;
    for (const { write } of batch.moves) this.state[write ? 'writes' : 'reads']++;
  }

  private build({ write, frame, slot }: Move, index: number, last: boolean): void {
    const { system } = this;
    const { cylinder, head, record } = this.device.locate(slot);
    const at = this.at + 32 * index;
    const argument = this.at + 32 * this.most + (PER_PAGE - 32) * index;
    system.store(argument, [0, 0, cylinder >> 8, cylinder & 0xff, head >> 8, head & 0xff, record, 0]);
    const ccw = (i: number, command: number, address: number, flags: number, count: number): void => {
      system.storeWord(at + 8 * i, (command << 24) | address);
      system.storeWord(at + 8 * i + 4, (flags << 24) | count);
    };
    ccw(0, SEEK, argument, CHAIN, 6);
    ccw(1, SEARCH, argument + 2, CHAIN, 5);
    ccw(2, TRANSFER_IN_CHANNEL, at + 8, 0, 0);
    ccw(3, write ? WRITE_DATA : READ_DATA, frame, last ? 0 : CHAIN, PAGE);
  }

  /** The device has interrupted; gives the batch that has come to its end, if one has. */
  interruption(): Batch | null {
    const status = this.system.fetchWord(CSW + 4) >>> 16;
    if ((status & 0x023f) !== 0)
      throw new Error(`I/O of device ${this.name} ended with status ${status.toString(16)}`);
    if (!this.state.active || (status & 0x0400) === 0) return null;
    this.state.active = false;
    return this.state.queue.shift() ?? null;
  }
}
