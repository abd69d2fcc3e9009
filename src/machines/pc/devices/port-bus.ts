/**
 * The port bus: which device answers which of the 65536 ports. A port that nobody answers reads as ones; what the
 * program did to it is noted, so that a run can say what it missed.
 */
import type { Ports } from '../cpu.ts';

/** A device on the bus, byte by byte: wider accesses are split, as the bridge to an eight-bit bus does. */
export interface PortDevice {
  readonly name: string;
  read(port: number): number;
  write(port: number, value: number): void;
}

export interface UnansweredPort {
  readonly port: number;
  readonly reads: number;
  readonly writes: number;
}

export interface PortBusState {
  readonly unanswered: readonly UnansweredPort[];
  readonly accesses: number;
}

const SIZES = [0, 1, 2, 3] as const;

export class PortBus implements Ports {
  /** Reads and writes, by width as the program made them. */
  accesses = 0;
  private readonly devices = new Map<number, PortDevice>();
  private readonly unanswered = new Map<number, UnansweredPort>();

  attach(device: PortDevice, ...ports: readonly number[]): void {
    for (const port of ports) {
      const other = this.devices.get(port);
      if (other) throw new Error(`port ${port.toString(16)}: ${other.name} answers it already`);
      this.devices.set(port, device);
    }
  }

  input(port: number, size: 1 | 2 | 4): number {
    this.accesses++;
    let value = 0;
    for (const k of SIZES.slice(0, size)) value |= this.readByte((port + k) & 0xffff) << (8 * k);
    return value;
  }

  output(port: number, size: 1 | 2 | 4, value: number): void {
    this.accesses++;
    for (const k of SIZES.slice(0, size)) this.writeByte((port + k) & 0xffff, (value >>> (8 * k)) & 0xff);
  }

  private readByte(port: number): number {
    const device = this.devices.get(port);
    if (device) return device.read(port) & 0xff;
    this.note(port, 1, 0);
    return 0xff;
  }

  private writeByte(port: number, value: number): void {
    const device = this.devices.get(port);
    if (device) device.write(port, value);
    else this.note(port, 0, 1);
  }

  private note(port: number, reads: number, writes: number): void {
    const known = this.unanswered.get(port) ?? { port, reads: 0, writes: 0 };
    this.unanswered.set(port, { port, reads: known.reads + reads, writes: known.writes + writes });
  }

  /** Ports that the program used and nobody answered, in ascending order. */
  get missed(): UnansweredPort[] {
    return [...this.unanswered.values()].sort((a, b) => a.port - b.port);
  }

  save(): PortBusState {
    return { unanswered: this.missed, accesses: this.accesses };
  }

  restore(state: PortBusState): void {
    this.unanswered.clear();
    for (const each of state.unanswered) this.unanswered.set(each.port, each);
    this.accesses = state.accesses;
  }
}
