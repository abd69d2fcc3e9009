/**
 * Demand paging: real frames are handed to pages of virtual storage, and taken from those not referenced lately; what
 * was changed goes to the paging device first. Layers: virtual page → real frame or slot on the device.
 * Invariant: a frame's page-table entry is valid only while the frame holds that page and no transfer is under way.
 */
import type { System370 } from '../../machines/s370/system.ts';
import { CAW, CSW } from '../../machines/s370/assigned-storage.ts';
import { SWAP_CHANGED } from '../../machines/s370/assist/block.ts';
import { BUSY } from '../../machines/s370/channels/csw.ts';
import type { FreeStorage } from './free-storage.ts';
import type { FrameState, PageState } from './state.ts';
import type { VirtualMachine } from './virtual-machine.ts';

const PAGE = 4096;
const REFERENCE = 0x04;
const CHANGE = 0x02;

/** A device formatted into records of 4096 bytes, and where slot `n` lies on it. */
export interface PagingDevice {
  readonly address: number;
  readonly slots: number;
  /** Cylinder, head and record of a slot. */
  locate(slot: number): { readonly cylinder: number; readonly head: number; readonly record: number };
}

/** One frame changing hands: its old page is written (if it must be), then the new one is read (if it ever was written). */
interface Transfer {
  readonly frame: number;
  readonly writeSlot: number;
  readonly readSlot: number;
  readonly owner: number;
  readonly page: number;
  stage: 'write' | 'read';
}

export interface PagingState {
  readonly frames: readonly FrameState[];
  readonly hand: number;
  readonly slotsUsed: readonly number[];
  readonly queue: readonly Transfer[];
  readonly active: boolean;
  readonly starved: readonly number[];
  readonly reads: number;
  readonly writes: number;
}

/** What paging asks of the rest of CP. */
export interface PagingHost {
  readonly system: System370;
  machine(index: number): VirtualMachine;
  charge(path: 'pageFault' | 'pageTransfer'): void;
  /** Clears a page of the virtual=real area. */
  clearFixed(vm: VirtualMachine, page: number): void;
  note(kind: 'page-in' | 'page-out', vm: VirtualMachine, detail: Record<string, number>): void;
}

/** Bytes of the area where paging builds its channel program: five CCWs and their arguments. */
const PROGRAM_BYTES = 64;
/** Frames that no single channel program may lock. */
const RESERVE = 4;

export class Paging {
  private readonly host: PagingHost;
  private readonly first: number;
  private readonly device: PagingDevice | null;
  private readonly programAt: number;
  private frames: FrameState[];
  private hand = 0;
  private slotsUsed = new Set<number>();
  private queue: Transfer[] = [];
  private active = false;
  /** Machines that wait for a frame, because every one was locked or could not be written out. */
  private starved: number[] = [];
  reads = 0;
  writes = 0;

  /** `first` is the real address of the first pageable frame; all storage from there on is handed out. */
  constructor(host: PagingHost, first: number, device: PagingDevice | null, free: FreeStorage) {
    this.host = host;
    this.first = first;
    this.device = device;
    const at = free.take(PROGRAM_BYTES);
    if (at === null) throw new Error('no free storage for the paging channel program');
    this.programAt = at;
    const count = Math.max(0, Math.floor((host.system.storageSize - first) / PAGE));
    this.frames = Array.from({ length: count }, () => ({ owner: -1, page: 0 }));
  }

  get frameCount(): number {
    return this.frames.length;
  }
  get freeFrames(): number {
    return this.frames.filter((f) => f.owner < 0).length;
  }

  /** Pages that one channel program may lock: the others need frames to go on. */
  get mostLocked(): number {
    return Math.max(1, this.frames.length - RESERVE);
  }

  private real(frame: number): number {
    return this.first + frame * PAGE;
  }

  /**
   * Makes `page` of `vm` resident. False: its transfer has been queued, and the machine waits for it.
   */
  ensure(vm: VirtualMachine, page: number): boolean {
    const state = vm.state.pages[page]!;
    if (state.frame >= 0 && !state.arriving) return true;
    if (!state.arriving) {
      this.host.charge('pageFault');
      if (!this.assign(vm, page)) {
        vm.state.waitPage = page;
        this.starved.push(vm.index);
        return false;
      }
    }
    if (!state.arriving) return true;
    vm.state.waitPage = page;
    return false;
  }

  /** Something has been freed: those who wait for a frame try again, and so does a transfer that found a busy channel. */
  retry(): void {
    const again = this.starved;
    this.starved = [];
    for (const index of again) {
      const { state } = this.host.machine(index);
      if (state.waitPage >= 0 && !state.pages[state.waitPage]?.arriving) state.waitPage = -1;
    }
    this.start();
  }

  /** Finds a frame for the page and starts what must be transferred; false when none can be had now. */
  private assign(vm: VirtualMachine, page: number): boolean {
    let frame = this.frames.findIndex((f) => f.owner < 0);
    let writeSlot = -1;
    if (frame < 0) {
      frame = this.selectVictim();
      if (frame < 0) return false;
      writeSlot = this.evict(frame);
    }
    const state = vm.state.pages[page]!;
    this.frames[frame] = { owner: vm.index, page };
    state.frame = this.real(frame);
    vm.swap.setChanged(page, false);
    if (writeSlot < 0 && state.slot < 0) {
      // Never written anywhere: a page of zeros needs no transfer.
      this.host.system.store(state.frame, new Uint8Array(PAGE));
      vm.pageArrived(page);
      return true;
    }
    state.arriving = true;
    this.queue.push({
      frame,
      writeSlot,
      readSlot: state.slot,
      owner: vm.index,
      page,
      stage: writeSlot >= 0 ? 'write' : 'read',
    });
    this.start();
    return true;
  }

  /** Second chance: passes over frames that were referenced since the hand last came by. */
  private selectVictim(): number {
    for (let tries = 0; tries < 2 * this.frames.length; tries++) {
      const frame = this.hand;
      this.hand = (this.hand + 1) % this.frames.length;
      const { owner, page } = this.frames[frame]!;
      if (owner < 0 || this.queue.some((t) => t.frame === frame)) continue;
      const state = this.host.machine(owner).state.pages[page]!;
      if (state.locks > 0 || state.arriving || (state.slot < 0 && !this.hasSlot)) continue;
      if (!this.collectReferenceBits(frame)) return frame;
    }
    return -1;
  }

  /** Moves the frame's reference bits into the virtual keys and clears them; tells whether any was on. */
  private collectReferenceBits(frame: number): boolean {
    const { owner, page } = this.frames[frame]!;
    const { swap } = this.host.machine(owner);
    let referenced = false;
    for (const block of [0, 1] as const) {
      const code = this.host.system.resetReferenceBit(this.real(frame) + block * 2048);
      if ((code & 2) === 0) continue;
      referenced = true;
      swap.note(2 * page + block, REFERENCE);
    }
    return referenced;
  }

  /** Takes the frame from its page; gives the slot to which it must be written, or −1 if the copy there is good. */
  private evict(frame: number): number {
    const { owner, page } = this.frames[frame]!;
    const vm = this.host.machine(owner);
    const state = vm.state.pages[page]!;
    for (const block of [0, 1] as const) {
      const key = this.host.system.insertStorageKey(this.real(frame) + block * 2048);
      const changed = (key & CHANGE) !== 0 ? SWAP_CHANGED : 0;
      vm.swap.note(2 * page + block, (key & (REFERENCE | CHANGE)) | changed);
    }
    vm.pageLeaves(page);
    state.frame = -1;
    if (!vm.swap.changed(page) && state.slot >= 0) return -1;
    if (state.slot < 0) state.slot = this.takeSlot();
    return state.slot;
  }

  private get hasSlot(): boolean {
    return this.device !== null && this.slotsUsed.size < this.device.slots;
  }
  private takeSlot(): number {
    let slot = 0;
    while (this.slotsUsed.has(slot)) slot++;
    this.slotsUsed.add(slot);
    return slot;
  }

  /** Starts the first transfer of the queue, unless one is under way. */
  private start(): void {
    const transfer = this.queue[0];
    if (this.active || !transfer) return;
    if (transfer.stage === 'read' && (transfer.readSlot < 0 || transfer.owner < 0)) {
      this.host.system.store(this.real(transfer.frame), new Uint8Array(PAGE));
      this.finish(transfer);
      return;
    }
    this.host.charge('pageTransfer');
    const slot = transfer.stage === 'write' ? transfer.writeSlot : transfer.readSlot;
    const frame = this.real(transfer.frame);
    this.buildProgram(slot, frame, transfer.stage);
    if (!this.startDevice()) return;
    this.active = true;
    if (transfer.owner >= 0)
      this.host.note(transfer.stage === 'write' ? 'page-out' : 'page-in', this.host.machine(transfer.owner), {
        page: transfer.page,
        frame,
        slot,
      });
    if (transfer.stage === 'write') this.writes++;
    else this.reads++;
  }

  /** SIO; false when channel or device is busy: `retry` comes with the next I/O interruption. */
  private startDevice(): boolean {
    const { system } = this.host;
    const { address } = this.device!;
    for (;;) {
      const code = system.startIo(address);
      if (code === 0) return true;
      if (code === 3) throw new Error(`paging device ${address.toString(16)} is gone`);
      // Status that the device held has gone with this SIO: the next one finds it free.
      const status = code === 1 ? system.fetchHalf(CSW + 4) : BUSY;
      if ((status & ~BUSY) === 0) return false;
      if ((status & BUSY) === 0) throw new Error(`paging SIO ended with status ${status.toString(16)}`);
    }
  }

  /** Seek, search for the record, transfer the page: at `programAt`, with the CAW pointing there. */
  private buildProgram(slot: number, frame: number, stage: 'read' | 'write'): void {
    const { system } = this.host;
    const { cylinder, head, record } = this.device!.locate(slot);
    const at = this.programAt;
    const argument = at + 40;
    // BBCCHH for the seek; CCHHR, which overlaps it, for the search.
    system.store(argument, [0, 0, cylinder >> 8, cylinder & 0xff, head >> 8, head & 0xff, record, 0]);
    const ccw = (index: number, command: number, address: number, flags: number, count: number): void => {
      system.storeWord(at + 8 * index, (command << 24) | address);
      system.storeWord(at + 8 * index + 4, (flags << 24) | count);
    };
    ccw(0, 0x07, argument, 0x40, 6);
    ccw(1, 0x31, argument + 2, 0x40, 5);
    ccw(2, 0x08, at + 8, 0, 0);
    ccw(3, stage === 'write' ? 0x05 : 0x06, frame, 0, PAGE);
    system.storeWord(CAW, at);
  }

  /** The paging device has interrupted. */
  interruption(): void {
    const { system } = this.host;
    const status = system.fetchWord(CSW + 4) >>> 16;
    const transfer = this.queue[0];
    if (!transfer || !this.active) return;
    if ((status & 0x0200) !== 0 || (status & 0x003f) !== 0)
      throw new Error(`paging I/O ended with status ${status.toString(16)}`);
    if ((status & 0x0400) === 0) return; // device end is still to come
    this.active = false;
    if (transfer.stage === 'write') {
      transfer.stage = 'read';
    } else this.finish(transfer);
    this.start();
  }

  private finish(transfer: Transfer): void {
    this.queue.shift();
    if (transfer.owner < 0) this.frames[transfer.frame] = { owner: -1, page: 0 };
    else {
      const vm = this.host.machine(transfer.owner);
      vm.state.pages[transfer.page]!.arriving = false;
      vm.pageArrived(transfer.page);
      if (vm.state.waitPage === transfer.page) vm.state.waitPage = -1;
    }
    this.retry();
  }

  /** Gives back all frames and slots of a machine that leaves, or whose storage is cleared. */
  releaseAll(vm: VirtualMachine): void {
    vm.state.pages.forEach((state, page) => this.release(vm, state, page));
    vm.state.waitPage = -1;
    this.starved = this.starved.filter((index) => index !== vm.index);
    this.retry();
  }

  /** Forgets what a page holds: it is a page of zeros from now on. Pages that a channel still uses stay. */
  release(vm: VirtualMachine, state: PageState, page: number): void {
    if (state.locks > 0) return;
    if (vm.state.virtualReal) {
      this.host.clearFixed(vm, page);
      return;
    }
    if (state.arriving) {
      // The transfer goes on, but into nobody's frame.
      this.queue = this.queue.map((t) => (t.owner === vm.index && t.page === page ? { ...t, owner: -1 } : t));
      state.arriving = false;
    } else if (state.frame >= 0) {
      vm.pageLeaves(page);
      this.frames[(state.frame - this.first) / PAGE] = { owner: -1, page: 0 };
    }
    state.frame = -1;
    if (state.slot >= 0) this.slotsUsed.delete(state.slot);
    state.slot = -1;
    vm.swap.setChanged(page, false);
  }

  save(): PagingState {
    return {
      frames: this.frames.map((f) => ({ ...f })),
      hand: this.hand,
      slotsUsed: [...this.slotsUsed],
      queue: this.queue.map((t) => ({ ...t })),
      active: this.active,
      starved: [...this.starved],
      reads: this.reads,
      writes: this.writes,
    };
  }
  restore(state: PagingState): void {
    this.frames = state.frames.map((f) => ({ ...f }));
    this.hand = state.hand;
    this.slotsUsed = new Set(state.slotsUsed);
    this.queue = state.queue.map((t) => ({ ...t }));
    this.active = state.active;
    this.starved = [...state.starved];
    this.reads = state.reads;
    this.writes = state.writes;
  }
}
