/**
 * The virtio block device: a disk whose driver puts requests into a ring in memory and says so once, instead of filling
 * registers. Virtio PCI Card Specification 0.9.5, appendix D. SIMPLIFIED: a request takes as long as by ATA DMA, one after
 * the other, as if the same disk stood behind it; no SCSI commands.
 */
import { diskTime, type RequestListener } from './disk-time.ts';
import { SECTOR, type Medium, type MediumState } from './medium.ts';
import { VirtioPci, type VirtioKind, type VirtioState } from './virtio-pci.ts';
import type { Buffer } from './virtqueue.ts';
import type { Dma, Timed, Wiring } from './wiring.ts';

const QUEUE = 128;
/** Feature bits: most segments of a request, size of a block, FLUSH is known. */
const FEATURES = (1 << 2) | (1 << 6) | (1 << 9);
const MOST_SEGMENTS = QUEUE - 2;
const HEADER = 16;
const REQUEST = { IN: 0, OUT: 1, FLUSH: 4, GET_ID: 8 } as const;
const STATUS = { OK: 0, ERROR: 1, UNSUPPORTED: 2 } as const;
const IDENTITY = 'strata';

/** A request that the disk is busy with: its chain, and the clock at which it is done. */
interface Pending {
  readonly head: number;
  readonly due: number;
}

export interface VirtioBlockState {
  readonly transport: VirtioState;
  readonly pending: readonly Pending[];
  readonly medium: MediumState;
}

/** A chain read as a request. */
interface Request {
  readonly type: number;
  readonly sector: number;
  /** Between header and status. */
  readonly data: readonly Buffer[];
  readonly status: Buffer;
}

export class VirtioBlock implements Timed {
  readonly transport: VirtioPci;
  listener: RequestListener | null = null;
  private pending: readonly Pending[] = [];
  private readonly medium: Medium;
  private readonly wiring: Wiring;
  private readonly memory: Dma;

  constructor(medium: Medium, wiring: Wiring, memory: Dma) {
    this.medium = medium;
    this.wiring = wiring;
    this.memory = memory;
    const kind: VirtioKind = {
      name: 'virtio block device',
      features: FEATURES,
      queues: [QUEUE],
      configuration: configurationOf(medium),
      notified: () => {
        this.begin();
      },
      reset: () => {
        this.pending = [];
      },
    };
    this.transport = new VirtioPci(kind, wiring, memory);
  }

  private get queue() {
    return this.transport.queues[0]!;
  }

  /** Takes what is in the ring; the disk does one request after the other. */
  private begin(): void {
    for (let head = this.queue.take(); head !== null; head = this.queue.take()) {
      const request = this.requestAt(head);
      if (!request) continue;
      const bytes = lengthOf(request.data);
      const free = Math.max(this.wiring.clock, this.pending.at(-1)?.due ?? 0);
      const cycles = Math.ceil(diskTime(bytes / SECTOR) * this.wiring.frequency);
      this.pending = [...this.pending, { head, due: free + cycles }];
      this.listener?.begun(bytes);
    }
    this.wiring.changed();
  }

  nextEvent(): number {
    return this.pending[0]?.due ?? Infinity;
  }

  advance(): void {
    const [first, ...rest] = this.pending;
    if (!first || this.wiring.clock < first.due) return;
    this.pending = rest;
    const request = this.requestAt(first.head);
    const status = request ? this.serve(request) : STATUS.ERROR;
    if (request) this.memory.write(request.status.at, Uint8Array.of(status));
    const written = request?.type === REQUEST.OUT ? 0 : lengthOf(request?.data ?? []);
    this.listener?.ended();
    if (this.queue.finish(first.head, written + 1)) this.transport.raise();
  }

  /** A chain without header and status is no request: who sends it waits for ever. */
  private requestAt(head: number): Request | null {
    const buffers = this.queue.chain(head) ?? [];
    const [header, status] = [buffers[0], buffers.at(-1)];
    if (!header || !status || buffers.length < 2) return null;
    if (header.length < HEADER || header.deviceWrites || !status.deviceWrites) return null;
    const bytes = this.memory.read(header.at, HEADER);
    const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER);
    const sector = view.getUint32(12, true) === 0 ? view.getUint32(8, true) : Infinity;
    return { type: view.getUint32(0, true), sector, data: buffers.slice(1, -1), status };
  }

  private serve({ type, sector, data }: Request): number {
    switch (type) {
      case REQUEST.IN:
      case REQUEST.OUT:
        return this.move(type === REQUEST.IN, sector, data);
      case REQUEST.FLUSH:
        return STATUS.OK;
      case REQUEST.GET_ID:
        if (data[0]) this.memory.write(data[0].at, identityOf(data[0].length));
        return STATUS.OK;
      default:
        return STATUS.UNSUPPORTED;
    }
  }

  private move(toMemory: boolean, sector: number, data: readonly Buffer[]): number {
    const length = lengthOf(data);
    const outside = sector + length / SECTOR > this.medium.sectors;
    if (length % SECTOR !== 0 || outside || data.some((buffer) => buffer.deviceWrites !== toMemory))
      return STATUS.ERROR;
    const bytes = toMemory ? this.medium.read(sector, length / SECTOR) : new Uint8Array(length);
    let done = 0;
    for (const buffer of data) {
      if (toMemory) this.memory.write(buffer.at, bytes.subarray(done, done + buffer.length));
      else bytes.set(this.memory.read(buffer.at, buffer.length), done);
      done += buffer.length;
    }
    if (!toMemory) this.medium.write(sector, bytes);
    return STATUS.OK;
  }

  save(): VirtioBlockState {
    return { transport: this.transport.save(), pending: this.pending, medium: this.medium.save() };
  }
  restore({ transport, pending, medium }: VirtioBlockState): void {
    this.transport.restore(transport);
    this.pending = pending;
    this.medium.restore(medium);
  }
}

const lengthOf = (buffers: readonly Buffer[]): number => buffers.reduce((sum, { length }) => sum + length, 0);

const identityOf = (length: number): Uint8Array =>
  Uint8Array.from({ length: Math.min(length, 20) }, (_, k) => IDENTITY.charCodeAt(k) || 0);

/** Capacity in sectors, most segments, and behind what is not announced the size of a block. */
function configurationOf(medium: Medium): Uint8Array {
  const view = new DataView(new ArrayBuffer(24));
  view.setUint32(0, medium.sectors, true);
  view.setUint32(12, MOST_SEGMENTS, true);
  view.setUint32(20, SECTOR, true);
  return new Uint8Array(view.buffer);
}
