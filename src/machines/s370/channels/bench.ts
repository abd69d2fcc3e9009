/** A test bench: storage, a clock and channels, with nobody executing instructions. */
import { Storage } from '../storage.ts';
import { packCcw } from './ccw.ts';
import { ChannelSubsystem } from './channels.ts';
import type { ChannelHost, ChannelKind } from './host.ts';

/** Picoseconds of a cycle: 0.1 µs, so that times are easy to read. */
const CYCLE = 100_000;
export const CYCLES_PER_MS = 10_000;

export interface StoredCsw {
  readonly key: number;
  readonly deferred: number;
  readonly address: number;
  readonly status: number;
  readonly count: number;
}

export class Bench implements ChannelHost {
  readonly storage = new Storage(0x40000);
  readonly cyclePicoseconds = CYCLE;
  readonly channels: ChannelSubsystem;
  blockMultiplexing = true;
  clock = 0;
  prefix = 0;
  announced = 0;

  constructor(kinds?: readonly ChannelKind[]) {
    this.channels = new ChannelSubsystem(this, kinds);
  }

  absolute(real: number): number {
    return real < 0x1000 ? real + this.prefix : real;
  }

  ioPending(): void {
    this.announced++;
  }

  /** Stores CCWs from `at` on, each as [command, address, flags, count], and a CAW with `key` that leads to them. */
  program(at: number, ccws: readonly (readonly [number, number, number, number])[], key = 0): void {
    ccws.forEach(([command, address, flags, count], i) => {
      this.storage.write(at + 8 * i, packCcw(command, address, flags, count));
    });
    this.storage.view.setUint32(this.absolute(0x48), ((key << 28) | at) >>> 0);
  }

  get csw(): StoredCsw {
    const { view } = this.storage;
    const at = this.absolute(0x40);
    return {
      key: view.getUint8(at) >> 4,
      deferred: view.getUint8(at) & 3,
      address: view.getUint32(at) & 0xffffff,
      status: view.getUint16(at + 4),
      count: view.getUint16(at + 6),
    };
  }

  /** Moves the clock to the next event and processes it; false when nothing moves. */
  tick(): boolean {
    const next = this.channels.nextEvent();
    if (next === Infinity) return false;
    this.clock = Math.max(this.clock, next);
    this.channels.advance(this.clock);
    return true;
  }

  /** Runs until an interruption is pending and takes it: its I/O address, or null when nothing moves any more. */
  interruption(most = 100_000): number | null {
    for (let i = 0; i < most; i++) {
      const address = this.channels.accept(-1);
      if (address !== null) return address;
      if (!this.tick()) return null;
    }
    throw new Error(`no interruption within ${most} events`);
  }

  /** Bytes of storage from `at`. */
  bytes(at: number, length: number): Uint8Array {
    return this.storage.bytes.slice(at, at + length);
  }
}
