/**
 * PCI configuration space behind ports CF8 and CFC (mechanism 1), and the reset port CF9. PCI Local Bus Specification
 * 2.1, chapters 3.7.4 and 6; 82371SB (PIIX3) data sheet for CF9.
 */
import type { ResetKind } from '../reset.ts';
import type { PortDevice } from './port-bus.ts';

const ADDRESS = 0xcf8;
export const RESET_CONTROL = 0xcf9;
const DATA = 0xcfc;
const ENABLE = 0x8000_0000;
const RESET_NOW = 0x04;
const RESET_SYSTEM = 0x02;
const SIZE = 256;

const COMMAND = 0x04;
const HEADER_TYPE = 0x0e;
const FIRST_BAR = 0x10;
const SUBSYSTEM = 0x2c;
const INTERRUPT_LINE = 0x3c;
const INTERRUPT_PIN = 0x3d;
export const COMMAND_IO = 0x01;
export const COMMAND_MASTER = 0x04;

/** A base address register: where its window begins after power-on, and how long it is. */
export interface BaseRegister {
  readonly index: number;
  readonly base: number;
  readonly size: number;
  /** Window of ports; else of memory. */
  readonly io: boolean;
}

export interface FunctionDescription {
  readonly slot: number;
  readonly function: number;
  readonly vendor: number;
  readonly device: number;
  /** Base class, subclass, programming interface, as one number of 24 bits. */
  readonly class: number;
  readonly revision?: number;
  readonly command: number;
  readonly multifunction?: boolean;
  readonly subsystem?: readonly [vendor: number, device: number];
  readonly bars?: readonly BaseRegister[];
  /** Interrupt pin 1–4 = INTA–INTD, and the line it is wired to. */
  readonly interrupt?: readonly [pin: number, line: number];
  /** Registers beyond the header: offset, value after power-on, bits that can be written. */
  readonly registers?: readonly (readonly [offset: number, value: number, writable: number])[];
}

/** The 256 bytes of one function: what they hold, and which of their bits can be written. */
export class PciFunction {
  readonly description: FunctionDescription;
  readonly bytes = new Uint8Array(SIZE);
  private readonly writable = new Uint8Array(SIZE);
  /** Hears that the byte at an offset was written. */
  onWrite: ((offset: number) => void) | null = null;

  constructor(description: FunctionDescription) {
    this.description = description;
    const { vendor, device, command, revision = 0, bars = [], registers = [] } = description;
    this.set(0, 2, vendor, 0);
    this.set(2, 2, device, 0);
    this.set(COMMAND, 2, command, 0x0147);
    this.set(0x06, 2, 0x0200, 0); // status: DEVSEL medium
    this.set(0x08, 1, revision, 0);
    this.set(0x09, 3, description.class, 0);
    this.set(0x0c, 2, 0, 0xffff); // cache line size, latency
    this.set(HEADER_TYPE, 1, description.multifunction === true ? 0x80 : 0, 0);
    if (description.subsystem) {
      this.set(SUBSYSTEM, 2, description.subsystem[0], 0);
      this.set(SUBSYSTEM + 2, 2, description.subsystem[1], 0);
    }
    for (const { index, base, size, io } of bars)
      this.set(FIRST_BAR + 4 * index, 4, base | (io ? 1 : 0), -size & (io ? ~3 : ~15));
    this.set(INTERRUPT_LINE, 1, description.interrupt?.[1] ?? 0, 0xff);
    this.set(INTERRUPT_PIN, 1, description.interrupt?.[0] ?? 0, 0);
    for (const [offset, value, mask] of registers) this.set(offset, 1, value, mask);
  }

  private set(offset: number, size: number, value: number, mask: number): void {
    for (let k = 0; k < size; k++) {
      this.bytes[offset + k] = value >>> (8 * k);
      this.writable[offset + k] = mask >>> (8 * k);
    }
  }

  get command(): number {
    return this.bytes[COMMAND]!;
  }

  /** Where a window stands, or −1 while the command register keeps it shut. */
  window(bar: BaseRegister): number {
    const enabled = (this.command & (bar.io ? COMMAND_IO : 2)) !== 0;
    const at = FIRST_BAR + 4 * bar.index;
    const base = new DataView(this.bytes.buffer).getUint32(at, true) & -bar.size;
    return enabled ? base >>> 0 : -1;
  }

  write(offset: number, value: number): void {
    const mask = this.writable[offset]!;
    this.bytes[offset] = (this.bytes[offset]! & ~mask) | (value & mask);
    this.onWrite?.(offset);
  }
}

export interface PciState {
  readonly address: number;
  readonly functions: readonly Uint8Array[];
}

export class PciBus implements PortDevice {
  readonly name = 'PCI configuration space';
  static readonly PORTS = [0, 1, 2, 3, 4, 5, 6, 7].map((k) => ADDRESS + k);
  readonly functions: PciFunction[] = [];
  private address = 0;
  private readonly reset: (kind: ResetKind) => void;

  constructor(reset: (kind: ResetKind) => void) {
    this.reset = reset;
  }

  add(description: FunctionDescription): PciFunction {
    const added = new PciFunction(description);
    this.functions.push(added);
    return added;
  }

  /** The function that the address register selects. */
  private get selected(): PciFunction | undefined {
    if ((this.address & ENABLE) === 0 || ((this.address >>> 16) & 0xff) !== 0) return undefined;
    const slot = (this.address >>> 11) & 31;
    const number = (this.address >>> 8) & 7;
    return this.functions.find(
      ({ description }) => description.slot === slot && description.function === number,
    );
  }

  readWide(port: number, size: 2 | 4): number | null {
    return port === ADDRESS && size === 4 ? this.address | 0 : null;
  }

  writeWide(port: number, size: 2 | 4, value: number): boolean {
    if (port !== ADDRESS || size !== 4) return false;
    this.address = value & 0x80fffffc;
    return true;
  }

  read(port: number): number {
    if (port < DATA) return port === RESET_CONTROL ? 0 : 0xff;
    return this.selected?.bytes[(this.address & 0xfc) | (port & 3)] ?? 0xff;
  }

  write(port: number, value: number): void {
    if (port === RESET_CONTROL && (value & RESET_NOW) !== 0)
      this.reset((value & RESET_SYSTEM) !== 0 ? 'RESET' : 'INIT');
    if (port >= DATA) this.selected?.write((this.address & 0xfc) | (port & 3), value);
  }

  save(): PciState {
    return { address: this.address, functions: this.functions.map(({ bytes }) => bytes.slice()) };
  }

  /** Those who listen hear of every byte, so that windows stand where they stood. */
  restore(state: PciState): void {
    this.address = state.address;
    this.functions.forEach((each, k) => {
      each.bytes.set(state.functions[k]!);
      for (let offset = COMMAND; offset < SIZE; offset++) each.onWrite?.(offset);
    });
  }
}
