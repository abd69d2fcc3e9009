/**
 * A split virtqueue in the guest's memory, as the device sees it. Virtio PCI Card Specification 0.9.5, section 2.3:
 * descriptors, the ring of what the driver makes available, and from the next page on the ring of what has been used.
 * Whatever the driver wrote there is believed only as far as it keeps within the queue.
 */
import type { Dma } from './wiring.ts';

const DESCRIPTOR = 16;
const NEXT = 1;
const DEVICE_WRITES = 2;
const NO_INTERRUPT = 1;
const PAGE = 4096;

/** A stretch of the guest's memory, and which side writes it. */
export interface Buffer {
  readonly at: number;
  readonly length: number;
  readonly deviceWrites: boolean;
}

export interface VirtqueueState {
  /** The queue's first page, 0: the driver has given none. */
  readonly page: number;
  /** Chains taken from the ring so far, and put into that of used ones; both count modulo 64 K. */
  readonly taken: number;
  readonly used: number;
}

export class Virtqueue {
  private state: VirtqueueState = { page: 0, taken: 0, used: 0 };
  readonly size: number;
  private readonly memory: Dma;

  /** @param size entries, a power of two */
  constructor(size: number, memory: Dma) {
    this.size = size;
    this.memory = memory;
  }

  get page(): number {
    return this.state.page;
  }
  /** The driver says where the queue is, or takes it back (0): it begins anew. */
  set page(page: number) {
    this.state = { page, taken: 0, used: 0 };
  }

  private word(at: number): number {
    const [low, high] = this.memory.read(at, 2);
    return low! | (high! << 8);
  }
  private get descriptors(): number {
    return this.state.page * PAGE;
  }
  private get available(): number {
    return this.descriptors + DESCRIPTOR * this.size;
  }
  private get usedRing(): number {
    return (this.available + 6 + 2 * this.size + PAGE - 1) & -PAGE;
  }

  /** Number of the first descriptor of the next chain that the driver has made available, or null. */
  take(): number | null {
    const { page, taken } = this.state;
    if (page === 0 || this.word(this.available + 2) === taken) return null;
    const head = this.word(this.available + 4 + 2 * (taken % this.size));
    this.state = { ...this.state, taken: (taken + 1) & 0xffff };
    return head;
  }

  /** The buffers of a chain in order; null: it leads nowhere or in a circle. */
  chain(head: number): readonly Buffer[] | null {
    const buffers: Buffer[] = [];
    for (let index = head; index < this.size && buffers.length < this.size;) {
      const bytes = this.memory.read(this.descriptors + DESCRIPTOR * index, DESCRIPTOR);
      const view = new DataView(bytes.buffer, bytes.byteOffset, DESCRIPTOR);
      // No memory of this machine has an address of more than 32 bits.
      if (view.getUint32(4, true) !== 0) return null;
      const flags = view.getUint16(12, true);
      buffers.push({
        at: view.getUint32(0, true),
        length: view.getUint32(8, true),
        deviceWrites: (flags & DEVICE_WRITES) !== 0,
      });
      if ((flags & NEXT) === 0) return buffers;
      index = view.getUint16(14, true);
    }
    return null;
  }

  /** Hands a chain back; `written`: bytes that the device has put there. True: the driver wants an interrupt. */
  finish(head: number, written: number): boolean {
    const { used } = this.state;
    const entry = new DataView(new ArrayBuffer(8));
    entry.setUint32(0, head, true);
    entry.setUint32(4, written, true);
    this.memory.write(this.usedRing + 4 + 8 * (used % this.size), new Uint8Array(entry.buffer));
    const count = (used + 1) & 0xffff;
    this.memory.write(this.usedRing + 2, Uint8Array.of(count, count >>> 8));
    this.state = { ...this.state, used: count };
    return (this.word(this.available) & NO_INTERRUPT) === 0;
  }

  save(): VirtqueueState {
    return this.state;
  }
  restore(state: VirtqueueState): void {
    this.state = state;
  }
}
