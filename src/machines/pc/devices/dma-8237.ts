/**
 * The two 8237A DMA controllers and their page registers: channels 0 to 3 move bytes, 5 to 7 words. Intel 8237A data
 * sheet (231466); IBM PC/AT Technical Reference, "DMA". Devices ask for whole blocks; the bus takes no time.
 */
import type { PortDevice } from './port-bus.ts';
import type { Dma } from './wiring.ts';

/** Page registers by channel. Ports between them hold a byte and do nothing. */
const PAGES = [0x87, 0x83, 0x81, 0x82, 0x8f, 0x8b, 0x89, 0x8a] as const;
const MODE_TO_MEMORY = 0x04;
const MODE_DIRECTION = 0x0c;
const MODE_AUTOMATIC = 0x10;
const MODE_DOWN = 0x20;
const SINGLE_MASK_SET = 0x04;

interface Channel {
  readonly base: number;
  readonly baseCount: number;
  readonly address: number;
  /** Transfers still to be made, less one. */
  readonly count: number;
  readonly page: number;
  readonly mode: number;
  readonly masked: boolean;
  readonly terminal: boolean;
}

const RESET: Channel = {
  base: 0,
  baseCount: 0,
  address: 0,
  count: 0,
  page: 0,
  mode: 0,
  masked: true,
  terminal: false,
};

export interface DmaState {
  readonly channels: readonly Channel[];
  readonly highNext: readonly boolean[];
  readonly scratch: Uint8Array;
}

export class DmaControllers implements PortDevice {
  readonly name = '8237A DMA controllers';
  static readonly PORTS = [
    ...Array.from({ length: 16 }, (_, k) => k),
    ...Array.from({ length: 15 }, (_, k) => 0x81 + k),
    ...Array.from({ length: 32 }, (_, k) => 0xc0 + k),
  ];
  private channels: readonly Channel[] = Array.from({ length: 8 }, () => RESET);
  /** The byte flip-flop of each controller. */
  private highNext: readonly boolean[] = [false, false];
  private scratch = new Uint8Array(16);
  private readonly memory: Dma;

  constructor(memory: Dma) {
    this.memory = memory;
  }

  private change(n: number, change: Partial<Channel>): void {
    this.channels = this.channels.with(n, { ...this.channels[n]!, ...change });
  }

  // ---------------------------------------------------------------- what devices ask for

  /** Puts as many of a device's bytes into memory as the channel takes. */
  toMemory(n: number, bytes: Uint8Array): { readonly moved: number; readonly terminal: boolean } {
    const ready = this.ready(n, MODE_TO_MEMORY);
    const moved = Math.min(ready, bytes.length);
    if (moved > 0) this.memory.write(this.physical(n), bytes.subarray(0, moved));
    return { moved, terminal: this.advance(n, moved) };
  }

  /** Takes up to `most` bytes for a device out of memory. */
  fromMemory(n: number, most: number): { readonly bytes: Uint8Array; readonly terminal: boolean } {
    const moved = Math.min(this.ready(n, 0x08), most);
    const bytes = this.memory.read(this.physical(n), moved);
    return { bytes, terminal: this.advance(n, moved) };
  }

  /** Bytes that the channel would move in this direction, 0 if it is masked or set the other way. */
  private ready(n: number, direction: number): number {
    const { masked, mode, count } = this.channels[n]!;
    const fits = (mode & MODE_DIRECTION) === direction && (mode & MODE_DOWN) === 0;
    return masked || !fits ? 0 : (count + 1) << (n < 4 ? 0 : 1);
  }

  private physical(n: number): number {
    const { page, address } = this.channels[n]!;
    return n < 4 ? (page << 16) | address : ((page & 0xfe) << 16) | (address << 1);
  }

  /** Counts what was moved; true when the channel has reached its end. */
  private advance(n: number, bytes: number): boolean {
    const channel = this.channels[n]!;
    const transfers = n < 4 ? bytes : bytes >> 1;
    if (transfers === 0) return false;
    const terminal = transfers === channel.count + 1;
    this.change(n, {
      address: (channel.address + transfers) & 0xffff,
      count: (channel.count - transfers) & 0xffff,
    });
    if (!terminal) return false;
    const automatic = (channel.mode & MODE_AUTOMATIC) !== 0;
    this.change(n, {
      terminal: true,
      ...(automatic ? { address: channel.base, count: channel.baseCount } : { masked: true }),
    });
    return true;
  }

  // ---------------------------------------------------------------- ports

  read(port: number): number {
    if (port >= 0x80 && port < 0x90) {
      const n = PAGES.findIndex((page) => page === port);
      return n < 0 ? this.scratch[port & 15]! : this.channels[n]!.page;
    }
    const { controller, register } = placed(port);
    const first = 4 * controller;
    if (register >= 8) return register === 8 ? this.status(first) : 0;
    const { address, count } = this.channels[first + (register >> 1)]!;
    const word = (register & 1) === 0 ? address : count;
    return this.takesHigh(controller) ? word >> 8 : word & 0xff;
  }

  /** Terminal counts; reading forgets them. */
  private status(first: number): number {
    let value = 0;
    for (let k = 0; k < 4; k++) {
      if (this.channels[first + k]!.terminal) value |= 1 << k;
      this.change(first + k, { terminal: false });
    }
    return value;
  }

  private takesHigh(controller: number): boolean {
    const high = this.highNext[controller]!;
    this.highNext = this.highNext.with(controller, !high);
    return high;
  }

  write(port: number, value: number): void {
    if (port >= 0x80 && port < 0x90) {
      const n = PAGES.findIndex((page) => page === port);
      if (n < 0) this.scratch[port & 15] = value;
      else this.change(n, { page: value });
      return;
    }
    const { controller, register } = placed(port);
    const first = 4 * controller;
    if (register < 8) this.writeWord(first + (register >> 1), (register & 1) !== 0, value);
    else this.writeControl(register, first, value);
  }

  private writeWord(n: number, isCount: boolean, value: number): void {
    const { base, baseCount } = this.channels[n]!;
    const before = isCount ? baseCount : base;
    const word = this.takesHigh(n >> 2) ? (before & 0xff) | (value << 8) : (before & 0xff00) | value;
    this.change(n, isCount ? { baseCount: word, count: word } : { base: word, address: word });
  }

  private writeControl(register: number, first: number, value: number): void {
    const n = first + (value & 3);
    switch (register) {
      case 10: // single mask bit
        this.change(n, { masked: (value & SINGLE_MASK_SET) !== 0 });
        break;
      case 11: // mode
        this.change(n, { mode: value });
        break;
      case 12: // clear byte flip-flop
        this.highNext = this.highNext.with(first >> 2, false);
        break;
      case 13: // master clear
        this.highNext = this.highNext.with(first >> 2, false);
        this.maskAll(first, 0x0f);
        break;
      case 14: // clear mask
        this.maskAll(first, 0);
        break;
      case 15: // all mask bits
        this.maskAll(first, value);
        break;
      default: // command register and software requests: timing and memory to memory, which no PC uses
    }
  }

  private maskAll(first: number, mask: number): void {
    for (let k = 0; k < 4; k++) this.change(first + k, { masked: ((mask >> k) & 1) !== 0 });
  }

  save(): DmaState {
    return { channels: this.channels, highNext: this.highNext, scratch: this.scratch.slice() };
  }
  restore(state: DmaState): void {
    this.channels = state.channels;
    this.highNext = state.highNext;
    this.scratch = state.scratch.slice();
  }
}

/** The second controller's ports are two apart. */
const placed = (port: number): { readonly controller: number; readonly register: number } =>
  port < 0x10 ? { controller: 0, register: port } : { controller: 1, register: (port - 0xc0) >> 1 };
