/**
 * What all virtio devices on PCI have in common: the registers at the start of their window of ports. Virtio PCI Card
 * Specification 0.9.5 (Russell, 2012), section 2.2.2; as a "transitional" device has them for older drivers (virtio 1.x,
 * section 4.1.4.8). SIMPLIFIED: no MSI-X, whose registers would stand behind these.
 */
import type { PortDevice, WideSize } from './port-bus.ts';
import { Virtqueue, type VirtqueueState } from './virtqueue.ts';
import type { Dma, Wiring } from './wiring.ts';

const HOST_FEATURES = 0;
const GUEST_FEATURES = 4;
const QUEUE_PAGE = 8;
const QUEUE_SIZE = 12;
const QUEUE_SELECT = 14;
export const QUEUE_NOTIFY = 16;
const STATUS = 18;
const INTERRUPT = 19;
const CONFIGURATION = 20;
const QUEUE_CHANGED = 1;
/** Ports of the window: room for the configuration of any device here. */
export const VIRTIO_PORTS = 64;

/** What makes a device of the common registers. */
export interface VirtioKind {
  readonly name: string;
  readonly features: number;
  /** Entries of each queue. */
  readonly queues: readonly number[];
  readonly configuration: Uint8Array;
  /** The driver has put something into a queue. */
  notified(queue: number): void;
  /** The driver has reset the device: nothing is under way any more. */
  reset(): void;
}

export interface VirtioState {
  readonly guestFeatures: number;
  readonly selected: number;
  readonly status: number;
  readonly interrupt: number;
  readonly queues: readonly VirtqueueState[];
}

export class VirtioPci implements PortDevice {
  /** Where the window stands; −1: nowhere. */
  base = -1;
  readonly queues: readonly Virtqueue[];
  private readonly kind: VirtioKind;
  private readonly wiring: Wiring;
  private guestFeatures = 0;
  private selected = 0;
  private status = 0;
  private interrupt = 0;

  constructor(kind: VirtioKind, wiring: Wiring, memory: Dma) {
    this.kind = kind;
    this.wiring = wiring;
    this.queues = kind.queues.map((size) => new Virtqueue(size, memory));
  }

  get name(): string {
    return this.kind.name;
  }

  /** The driver shall look at the queues. */
  raise(): void {
    this.interrupt |= QUEUE_CHANGED;
    this.wiring.line(true);
  }

  // ---------------------------------------------------------------- registers

  private load(register: number): number {
    const queue = this.queues[this.selected];
    switch (register) {
      case HOST_FEATURES:
        return this.kind.features;
      case GUEST_FEATURES:
        return this.guestFeatures;
      case QUEUE_PAGE:
        return queue?.page ?? 0;
      case QUEUE_SIZE:
        return queue?.size ?? 0;
      case QUEUE_SELECT:
        return this.selected;
      default:
        return 0;
    }
  }

  private byte(offset: number): number {
    if (offset >= CONFIGURATION) return this.kind.configuration[offset - CONFIGURATION] ?? 0;
    if (offset === STATUS) return this.status;
    if (offset === INTERRUPT) return this.acknowledge();
    const register = offset >= QUEUE_SIZE ? offset & ~1 : offset & ~3;
    return (this.load(register) >>> (8 * (offset - register))) & 0xff;
  }

  /** Reading the interrupt register takes the interrupt back. */
  private acknowledge(): number {
    const { interrupt } = this;
    this.interrupt = 0;
    this.wiring.line(false);
    return interrupt;
  }

  read(port: number): number {
    return this.byte(port - this.base);
  }

  write(port: number, value: number): void {
    if (port - this.base !== STATUS) return;
    this.status = value;
    if (value === 0) this.reset();
  }

  writeWide(port: number, size: WideSize, value: number): boolean {
    const register = port - this.base;
    const queue = this.queues[this.selected];
    if (register === GUEST_FEATURES && size === 4) this.guestFeatures = value & this.kind.features;
    else if (register === QUEUE_PAGE && size === 4) {
      if (queue) queue.page = value & 0xfffff;
    } else if (register === QUEUE_SELECT && size === 2) this.selected = value & 0xffff;
    else if (register === QUEUE_NOTIFY && size === 2) this.kind.notified(value & 0xffff);
    else return false;
    return true;
  }

  private reset(): void {
    for (const queue of this.queues) queue.page = 0;
    this.guestFeatures = 0;
    this.selected = 0;
    this.acknowledge();
    this.kind.reset();
  }

  save(): VirtioState {
    const { guestFeatures, selected, status, interrupt } = this;
    return { guestFeatures, selected, status, interrupt, queues: this.queues.map((queue) => queue.save()) };
  }
  restore({ queues, ...state }: VirtioState): void {
    Object.assign(this, state);
    this.queues.forEach((queue, k) => {
      queue.restore(queues[k]!);
    });
  }
}
