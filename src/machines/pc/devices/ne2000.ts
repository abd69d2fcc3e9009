/**
 * An NE2000-compatible network card: the DP8390 controller with 16 K of memory behind a data port. National
 * Semiconductor DP8390D data sheet; Realtek RTL8029AS for what differs on PCI.
 */
import type { PortDevice } from './port-bus.ts';
import type { Timed, Wiring } from './wiring.ts';

export const NE2000_PORTS = 32;
const DATA = 0x10;
const RESET = 0x18;
const MEMORY_START = 0x4000;
const MEMORY_END = 0x8000;

const CR_STOP = 0x01;
const CR_START = 0x02;
const CR_TRANSMIT = 0x04;
const CR_REMOTE = 0x38;
const CR_REMOTE_ABORT = 0x20;
const ISR_RECEIVED = 0x01;
const ISR_SENT = 0x02;
const ISR_OVERRUN = 0x10;
const ISR_REMOTE_DONE = 0x40;
const ISR_RESET = 0x80;
const RCR_BROADCAST = 0x04;
const RCR_MULTICAST = 0x08;
const RCR_PROMISCUOUS = 0x10;
const RCR_MONITOR = 0x20;
const TCR_LOOPBACK = 0x06;
const RSR_OK = 0x01;
const RSR_GROUP = 0x20;
const TSR_OK = 0x01;

const SHORTEST_FRAME = 60;
const CHECKSUM = 4;
const HEADER = 4;
const PAGE = 256;
/** Seconds for a byte at 10 Mbit/s, and until an answer of the local network comes. */
const PER_BYTE = 0.8e-6;
const ANSWER_TIME = 100e-6;

/** What is at the other end of the cable: it answers frames. */
export interface Network {
  answer(frame: Uint8Array): readonly Uint8Array[];
}

interface Registers {
  readonly command: number;
  readonly start: number;
  readonly stop: number;
  readonly boundary: number;
  readonly current: number;
  readonly transmitPage: number;
  readonly transmitCount: number;
  readonly transmitStatus: number;
  readonly interrupts: number;
  readonly mask: number;
  readonly remoteAddress: number;
  readonly remoteCount: number;
  readonly receiveControl: number;
  readonly receiveStatus: number;
  readonly transmitControl: number;
  readonly dataControl: number;
}

const INITIAL: Registers = {
  command: CR_STOP | CR_REMOTE_ABORT,
  start: 0,
  stop: 0,
  boundary: 0,
  current: 0,
  transmitPage: 0,
  transmitCount: 0,
  transmitStatus: 0,
  interrupts: ISR_RESET,
  mask: 0,
  remoteAddress: 0,
  remoteCount: 0,
  receiveControl: 0,
  receiveStatus: 0,
  transmitControl: 0,
  dataControl: 0,
};

export interface Ne2000State {
  readonly registers: Registers;
  readonly memory: Uint8Array;
  readonly address: Uint8Array;
  readonly multicast: Uint8Array;
  /** Clock at which the frame under way has been sent. */
  readonly sending: number;
  readonly incoming: readonly { readonly at: number; readonly frame: Uint8Array }[];
}

export class Ne2000 implements PortDevice, Timed {
  readonly name = 'NE2000 network card';
  base = 0;
  private registers = INITIAL;
  private memory = new Uint8Array(MEMORY_END - MEMORY_START);
  private address: Uint8Array;
  private multicast = new Uint8Array(8);
  private sending = Infinity;
  private incoming: Ne2000State['incoming'] = [];
  private readonly prom: Uint8Array;
  private readonly network: Network;
  private readonly wiring: Wiring;

  constructor(address: Uint8Array, network: Network, wiring: Wiring) {
    this.address = address.slice();
    // Each byte twice, as a card of sixteen bits shows it; then its mark.
    this.prom = Uint8Array.from({ length: 32 }, (_, k) => (k < 12 ? address[k >> 1]! : 0x57));
    this.network = network;
    this.wiring = wiring;
  }

  private set(change: Partial<Registers>): void {
    this.registers = { ...this.registers, ...change };
  }

  private settle(): void {
    const { interrupts, mask } = this.registers;
    this.wiring.line((interrupts & mask & 0x7f) !== 0);
  }

  private signal(bits: number): void {
    this.set({ interrupts: this.registers.interrupts | bits });
    this.settle();
  }

  // ---------------------------------------------------------------- frames

  nextEvent(): number {
    return Math.min(this.sending, this.incoming[0]?.at ?? Infinity);
  }

  advance(): void {
    const { clock } = this.wiring;
    if (clock >= this.sending) this.sent();
    while ((this.incoming[0]?.at ?? Infinity) <= clock) {
      const [first, ...rest] = this.incoming;
      this.incoming = rest;
      this.receive(first!.frame);
    }
  }

  private get outgoing(): Uint8Array {
    const { transmitPage, transmitCount } = this.registers;
    return Uint8Array.from({ length: transmitCount }, (_, k) => this.peek(transmitPage * PAGE + k));
  }

  private transmit(): void {
    const seconds = this.registers.transmitCount * PER_BYTE;
    this.sending = this.wiring.clock + Math.ceil(seconds * this.wiring.frequency);
  }

  private sent(): void {
    this.sending = Infinity;
    const frame = this.outgoing;
    const loops = (this.registers.transmitControl & TCR_LOOPBACK) !== 0;
    const wait = Math.ceil(ANSWER_TIME * this.wiring.frequency);
    const answers = loops ? [] : this.network.answer(frame);
    this.incoming = [
      ...this.incoming,
      ...answers.map((answer, k) => ({ at: this.wiring.clock + wait * (k + 1), frame: answer })),
    ];
    this.set({ command: this.registers.command & ~CR_TRANSMIT, transmitStatus: TSR_OK });
    this.signal(ISR_SENT);
    this.wiring.changed();
  }

  /** Whether the receive configuration lets a frame in. */
  private wants(frame: Uint8Array): boolean {
    const { command, receiveControl } = this.registers;
    if ((command & CR_STOP) !== 0 || (receiveControl & RCR_MONITOR) !== 0) return false;
    if ((receiveControl & RCR_PROMISCUOUS) !== 0) return true;
    if (frame.subarray(0, 6).every((byte) => byte === 0xff)) return (receiveControl & RCR_BROADCAST) !== 0;
    if ((frame[0]! & 1) !== 0) return (receiveControl & RCR_MULTICAST) !== 0 && this.hashed(frame);
    return frame.subarray(0, 6).every((byte, k) => byte === this.address[k]);
  }

  /** The upper six bits of the address's CRC choose a bit of the multicast registers. */
  private hashed(frame: Uint8Array): boolean {
    let crc = -1;
    for (const byte of frame.subarray(0, 6))
      for (let bit = 0; bit < 8; bit++) {
        const carry = (crc >>> 31) ^ ((byte >> bit) & 1);
        crc = (crc << 1) ^ (carry !== 0 ? 0x04c11db7 : 0);
      }
    const index = crc >>> 26;
    return ((this.multicast[index >> 3]! >> (index & 7)) & 1) !== 0;
  }

  /** Puts a frame into the ring behind a header that names the next one's page. */
  private receive(frame: Uint8Array): void {
    if (!this.wants(frame)) return;
    const { start, stop, boundary, current } = this.registers;
    const length = Math.max(frame.length, SHORTEST_FRAME) + CHECKSUM;
    const pages = Math.ceil((length + HEADER) / PAGE);
    const free = boundary > current ? boundary - current : stop - start - (current - boundary);
    if (stop <= start || pages >= free) {
      this.signal(ISR_OVERRUN);
      return;
    }
    const beyond = current + pages;
    const next = beyond >= stop ? beyond - stop + start : beyond;
    const status = RSR_OK | ((frame[0]! & 1) !== 0 ? RSR_GROUP : 0);
    let at = current * PAGE;
    const put = (byte: number): void => {
      this.poke(at++, byte);
      if (at === stop * PAGE) at = start * PAGE;
    };
    for (const byte of [status, next, length & 0xff, length >> 8]) put(byte);
    for (let k = 0; k < length; k++) put(frame[k] ?? 0);
    this.set({ current: next, receiveStatus: status });
    this.signal(ISR_RECEIVED);
  }

  // ---------------------------------------------------------------- the card's memory and the data port

  private peek(at: number): number {
    if (at < this.prom.length) return this.prom[at]!;
    return this.memory[at - MEMORY_START] ?? 0xff;
  }
  private poke(at: number, byte: number): void {
    if (at >= MEMORY_START && at < MEMORY_END) this.memory[at - MEMORY_START] = byte;
  }

  /** Moves the remote address on, round the ring's end, and counts. */
  private moved(): void {
    const { remoteAddress, remoteCount, start, stop } = this.registers;
    const next = (remoteAddress + 1) & 0xffff;
    const left = Math.max(0, remoteCount - 1);
    this.set({ remoteAddress: next === stop * PAGE ? start * PAGE : next, remoteCount: left });
    if (left === 0) this.signal(ISR_REMOTE_DONE);
  }

  private readData(): number {
    if (this.registers.remoteCount === 0) return 0xff;
    const value = this.peek(this.registers.remoteAddress);
    this.moved();
    return value;
  }

  private writeData(value: number): void {
    if (this.registers.remoteCount === 0) return;
    this.poke(this.registers.remoteAddress, value);
    this.moved();
  }

  // ---------------------------------------------------------------- ports

  read(port: number): number {
    const register = port - this.base;
    if (register >= RESET) return this.reset();
    if (register >= DATA) return this.readData();
    if (register === 0) return this.registers.command;
    const page = this.registers.command >> 6;
    if (page === 1) return this.readPage1(register);
    return page === 0 ? this.readPage0(register) : this.readPage2(register);
  }

  private reset(): number {
    this.set({ command: CR_STOP | CR_REMOTE_ABORT, interrupts: ISR_RESET });
    this.sending = Infinity;
    this.settle();
    return 0;
  }

  private readPage0(register: number): number {
    const { registers } = this;
    const values: Readonly<Record<number, number>> = {
      1: registers.remoteAddress & 0xff,
      2: registers.remoteAddress >> 8,
      3: registers.boundary,
      4: registers.transmitStatus,
      7: registers.interrupts,
      8: registers.remoteAddress & 0xff,
      9: registers.remoteAddress >> 8,
      10: 0x50, // the RTL8029 names itself
      11: 0x43,
      12: registers.receiveStatus,
    };
    return values[register] ?? 0;
  }

  private readPage1(register: number): number {
    if (register < 7) return this.address[register - 1]!;
    return register === 7 ? this.registers.current : this.multicast[register - 8]!;
  }

  private readPage2(register: number): number {
    const { registers } = this;
    const values: Readonly<Record<number, number>> = {
      1: registers.start,
      2: registers.stop,
      4: registers.transmitPage,
      12: registers.receiveControl | 0xc0,
      13: registers.transmitControl | 0xe0,
      14: registers.dataControl | 0x80,
      15: registers.mask | 0x80,
    };
    return values[register] ?? 0;
  }

  write(port: number, value: number): void {
    const register = port - this.base;
    if (register >= RESET) return;
    if (register >= DATA) this.writeData(value);
    else if (register === 0) this.command(value);
    else if (this.registers.command >> 6 === 1) this.writePage1(register, value);
    else if (this.registers.command >> 6 === 0) this.writePage0(register, value);
  }

  private command(value: number): void {
    const sends = (value & CR_TRANSMIT) !== 0 && (value & CR_STOP) === 0;
    this.set({ command: value });
    if ((value & CR_START) !== 0 && (value & CR_STOP) === 0)
      this.set({ interrupts: this.registers.interrupts & ~ISR_RESET });
    // A remote transfer of nothing is done at once.
    if (
      (value & CR_REMOTE) < CR_REMOTE_ABORT &&
      (value & CR_REMOTE) !== 0 &&
      this.registers.remoteCount === 0
    )
      this.signal(ISR_REMOTE_DONE);
    if (sends && this.sending === Infinity) this.transmit();
    this.settle();
    this.wiring.changed();
  }

  private writePage0(register: number, value: number): void {
    const { registers } = this;
    const low = (word: number): number => (word & 0xff00) | value;
    const high = (word: number): number => (word & 0xff) | (value << 8);
    const changes: Readonly<Record<number, Partial<Registers>>> = {
      1: { start: value },
      2: { stop: value },
      3: { boundary: value },
      4: { transmitPage: value },
      5: { transmitCount: low(registers.transmitCount) },
      6: { transmitCount: high(registers.transmitCount) },
      7: { interrupts: registers.interrupts & (~value | ISR_RESET) },
      8: { remoteAddress: low(registers.remoteAddress) },
      9: { remoteAddress: high(registers.remoteAddress) },
      10: { remoteCount: low(registers.remoteCount) },
      11: { remoteCount: high(registers.remoteCount) },
      12: { receiveControl: value & 0x3f },
      13: { transmitControl: value & 0x1f },
      14: { dataControl: value & 0x7f },
      15: { mask: value & 0x7f },
    };
    this.set(changes[register] ?? {});
    this.settle();
  }

  private writePage1(register: number, value: number): void {
    if (register < 7) this.address[register - 1] = value;
    else if (register === 7) this.set({ current: value });
    else this.multicast[register - 8] = value;
  }

  save(): Ne2000State {
    return {
      registers: this.registers,
      memory: this.memory.slice(),
      address: this.address.slice(),
      multicast: this.multicast.slice(),
      sending: this.sending,
      incoming: this.incoming,
    };
  }
  restore(state: Ne2000State): void {
    this.registers = state.registers;
    this.memory = state.memory.slice();
    this.address = state.address.slice();
    this.multicast = state.multicast.slice();
    this.sending = state.sending;
    this.incoming = state.incoming;
  }
}
