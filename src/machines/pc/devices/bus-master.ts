/**
 * The bus-master IDE function: moves the data of ATA DMA commands along a table of regions in memory. Programming
 * Interface for Bus Master IDE Controller, revision 1.0.
 */
import type { AtaChannel } from './ata-channel.ts';
import type { PortDevice } from './port-bus.ts';
import type { Clocked, Dma, Timed } from './wiring.ts';

const START = 0x01;
const TO_MEMORY = 0x08;
const ACTIVE = 0x01;
const ERROR = 0x02;
const INTERRUPT = 0x04;
/** Bits that software keeps there for itself: which drives can do DMA. */
const CAPABLE = 0x60;
const LAST = 0x80000000;
const ERROR_ABORT = 0x04;
const MOST_REGIONS = 8192;
/** Ports of one channel. */
export const MASTER_PORTS = 8;

export interface BusMasterState {
  readonly command: number;
  readonly status: number;
  readonly table: number;
  readonly due: number;
}

/** One channel's half: registers 0 command, 2 status, 4–7 address of the table. */
export class BusMaster implements Timed {
  private state: BusMasterState = { command: 0, status: 0, table: 0, due: Infinity };
  private readonly channel: AtaChannel;
  private readonly clock: Clocked;
  private readonly dma: Dma;

  constructor(channel: AtaChannel, clock: Clocked, dma: Dma) {
    this.channel = channel;
    this.clock = clock;
    this.dma = dma;
    channel.onRequest = () => {
      this.begin();
    };
  }

  private set(change: Partial<BusMasterState>): void {
    this.state = { ...this.state, ...change };
  }

  nextEvent(): number {
    return this.state.due;
  }

  /** Both the drive's request and software's start are there: the transfer takes its time. */
  private begin(): void {
    if ((this.state.command & START) === 0 || !this.channel.request) return;
    const cycles = Math.ceil(this.channel.requestTime * this.clock.frequency);
    this.set({ due: this.clock.clock + cycles });
    this.channel.listener?.begun(this.channel.request.left * 512);
    this.clock.changed();
  }

  advance(): void {
    if (this.clock.clock < this.state.due) return;
    this.set({ due: Infinity });
    const { request } = this.channel;
    if (!request) return;
    this.channel.listener?.ended();
    const toMemory = request.kind === 'dma-read';
    const length = request.left * 512;
    const regions = this.regions(length);
    const fits = regions.reduce((sum, [, size]) => sum + size, 0) >= length;
    if (!fits || toMemory !== ((this.state.command & TO_MEMORY) !== 0)) {
      this.set({ status: (this.state.status & ~ACTIVE) | ERROR });
      this.channel.complete(null, ERROR_ABORT);
    } else if (toMemory) {
      this.scatter(this.channel.take(), regions);
      this.channel.complete(null);
    } else this.channel.complete(this.gather(length, regions));
    this.set({ status: this.state.status & ~ACTIVE });
  }

  /** The drive has raised its interrupt. */
  interrupted(): void {
    this.set({ status: this.state.status | INTERRUPT });
  }

  /** The regions that the table names, up to `length` bytes. */
  private regions(length: number): (readonly [at: number, size: number])[] {
    const regions: (readonly [number, number])[] = [];
    let found = 0;
    for (let k = 0; k < MOST_REGIONS && found < length; k++) {
      const entry = this.dma.read(this.state.table + 8 * k, 8);
      const view = new DataView(entry.buffer, entry.byteOffset, 8);
      const word = view.getUint32(4, true);
      const size = (word & 0xfffe) === 0 ? 0x10000 : word & 0xfffe;
      regions.push([view.getUint32(0, true) & ~1, size]);
      found += size;
      if ((word & LAST) !== 0) break;
    }
    return regions;
  }

  private scatter(bytes: Uint8Array, regions: readonly (readonly [number, number])[]): void {
    let done = 0;
    for (const [at, size] of regions) {
      this.dma.write(at, bytes.subarray(done, done + size));
      done += size;
    }
  }

  private gather(length: number, regions: readonly (readonly [number, number])[]): Uint8Array {
    const bytes = new Uint8Array(length);
    let done = 0;
    for (const [at, size] of regions) {
      const part = Math.min(size, length - done);
      bytes.set(this.dma.read(at, part), done);
      done += part;
    }
    return bytes;
  }

  // ---------------------------------------------------------------- registers

  read(register: number): number {
    if (register === 0) return this.state.command;
    if (register === 2) return this.state.status;
    return register >= 4 ? (this.state.table >>> (8 * (register - 4))) & 0xff : 0;
  }

  write(register: number, value: number): void {
    if (register === 0) this.writeCommand(value);
    else if (register === 2)
      this.set({
        status: (this.state.status & ACTIVE) | (value & CAPABLE) | this.left(value),
      });
    else if (register >= 4) {
      const shift = 8 * (register - 4);
      this.set({ table: (this.state.table & ~(0xff << shift)) | ((value << shift) & ~3) });
    }
  }

  /** Error and interrupt are taken away by writing ones. */
  private left(value: number): number {
    return this.state.status & ~value & (ERROR | INTERRUPT);
  }

  private writeCommand(value: number): void {
    const starting = (value & ~this.state.command & START) !== 0;
    this.set({ command: value & (START | TO_MEMORY) });
    if (starting) {
      this.set({ status: this.state.status | ACTIVE });
      this.begin();
    } else if ((value & START) === 0) this.set({ status: this.state.status & ~ACTIVE, due: Infinity });
  }

  save(): BusMasterState {
    return this.state;
  }
  restore(state: BusMasterState): void {
    this.state = state;
  }
}

/** Both channels behind one window of ports, wherever it stands. */
export class BusMasterPorts implements PortDevice {
  readonly name = 'bus-master IDE';
  base = 0;
  private readonly masters: readonly BusMaster[];

  constructor(masters: readonly BusMaster[]) {
    this.masters = masters;
  }

  read(port: number): number {
    const offset = port - this.base;
    return this.masters[offset >> 3]?.read(offset & 7) ?? 0xff;
  }
  write(port: number, value: number): void {
    const offset = port - this.base;
    this.masters[offset >> 3]?.write(offset & 7, value);
  }
}
