/**
 * The port bus: which device answers which of the 65536 ports. A port that nobody answers reads as ones; what the
 * program did to it is noted, so that a run can say what it missed.
 */
import type { Ports } from '../wiring.ts';

export type WideSize = 2 | 4;

/** A device on the bus. Wider accesses are split into bytes, as the bridge to an eight-bit bus does … */
export interface PortDevice {
  readonly name: string;
  read(port: number): number;
  write(port: number, value: number): void;
  /** … unless the device takes them whole: null (false) where it does not. */
  readWide?(port: number, size: WideSize): number | null;
  writeWide?(port: number, size: WideSize, value: number): boolean;
}

export interface PortTally {
  readonly reads: number;
  readonly writes: number;
}
export interface UnansweredPort extends PortTally {
  readonly port: number;
}

export interface PortBusState {
  readonly unanswered: readonly UnansweredPort[];
  readonly tallies: Readonly<Record<string, PortTally>>;
}

/** Who answers a port, and how often that device was read and written. */
interface Answerer {
  readonly device: PortDevice;
  reads: number;
  writes: number;
}

export class PortBus implements Ports {
  /** Hears every byte that is written to a port, whoever answers it. */
  onWrite: ((port: number, byte: number) => void) | null = null;
  private readonly answerers = new Map<string, Answerer>();
  private readonly ports = new Array<Answerer | undefined>(0x10000).fill(undefined);
  /** Devices that can be moved, and where they stand. */
  private readonly windows = new Map<Answerer, readonly number[]>();
  private readonly unanswered = new Map<number, UnansweredPort>();

  attach(device: PortDevice, ...ports: readonly number[]): void {
    const answerer = this.answerers.get(device.name) ?? { device, reads: 0, writes: 0 };
    this.answerers.set(device.name, answerer);
    for (const port of ports) {
      const other = this.ports[port];
      if (other) throw new Error(`port ${port.toString(16)}: ${other.device.name} answers it already`);
      this.ports[port] = answerer;
    }
  }

  /** Moves a device's window, as a base address register does. Where two windows meet, the one placed first answers. */
  move(device: PortDevice, to: readonly number[]): void {
    const mover = this.answerers.get(device.name);
    if (!mover) throw new Error(`${device.name} is not attached`);
    for (const [answerer, ports] of this.windows)
      for (const port of ports) if (this.ports[port] === answerer) this.ports[port] = undefined;
    this.windows.set(mover, to);
    for (const [answerer, ports] of this.windows) for (const port of ports) this.ports[port] ??= answerer;
  }

  input(port: number, size: 1 | 2 | 4): number {
    const answerer = this.ports[port];
    if (answerer) answerer.reads++;
    if (size === 1) return this.readByte(port);
    const whole = answerer?.device.readWide?.(port, size) ?? null;
    if (whole !== null) return whole;
    let value = 0;
    for (let k = 0; k < size; k++) value |= this.readByte((port + k) & 0xffff) << (8 * k);
    return value;
  }

  output(port: number, size: 1 | 2 | 4, value: number): void {
    const answerer = this.ports[port];
    if (answerer) answerer.writes++;
    if (this.onWrite) for (let k = 0; k < size; k++) this.onWrite(port + k, (value >>> (8 * k)) & 0xff);
    if (size !== 1 && answerer?.device.writeWide?.(port, size, value)) return;
    for (let k = 0; k < size; k++) this.writeByte((port + k) & 0xffff, (value >>> (8 * k)) & 0xff);
  }

  private readByte(port: number): number {
    const answerer = this.ports[port];
    if (answerer) return answerer.device.read(port) & 0xff;
    this.note(port, 1, 0);
    return 0xff;
  }

  private writeByte(port: number, value: number): void {
    const answerer = this.ports[port];
    if (answerer) answerer.device.write(port, value);
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

  /** Accesses by device, each as the program made it, whatever its width. */
  get tallies(): Record<string, PortTally> {
    const used = [...this.answerers].filter(([, { reads, writes }]) => reads + writes > 0);
    return Object.fromEntries(used.map(([name, { reads, writes }]) => [name, { reads, writes }]));
  }

  /** The first port at which a device stands, or −1. */
  portOf(name: string): number {
    const answerer = this.answerers.get(name);
    return answerer ? this.ports.indexOf(answerer) : -1;
  }

  save(): PortBusState {
    return { unanswered: this.missed, tallies: this.tallies };
  }

  restore(state: PortBusState): void {
    this.unanswered.clear();
    for (const each of state.unanswered) this.unanswered.set(each.port, each);
    for (const [name, answerer] of this.answerers)
      Object.assign(answerer, state.tallies[name] ?? { reads: 0, writes: 0 });
  }
}
