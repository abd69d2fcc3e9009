/**
 * The 16550 UART of a serial port. National Semiconductor PC16550D data sheet. What is sent appears at once, while the
 * status register tells when the line would have been free: SIMPLIFIED so that programs that do not wait lose nothing.
 */
import { ByteLog, type ByteLogState } from './byte-log.ts';
import type { PortDevice } from './port-bus.ts';
import type { Wiring } from './wiring.ts';

const CRYSTAL = 1_843_200;
const BITS_PER_CHARACTER = 10;
const FIFO = 16;

const IER_RECEIVED = 1;
const IER_TRANSMITTER_EMPTY = 2;
const LCR_DLAB = 0x80;
const MCR_OUT2 = 0x08;
const MCR_LOOP = 0x10;
const LSR_DATA_READY = 0x01;
const LSR_OVERRUN = 0x02;
const LSR_THR_EMPTY = 0x20;
const LSR_TRANSMITTER_EMPTY = 0x40;
const IIR_NONE = 0x01;
const IIR_TRANSMITTER_EMPTY = 0x02;
const IIR_RECEIVED = 0x04;
const MSR_READY = 0xb0; // carrier, data set ready, clear to send

export interface UartState {
  readonly ier: number;
  readonly lcr: number;
  readonly mcr: number;
  readonly scratch: number;
  readonly divisor: number;
  readonly fifo: boolean;
  /** Clock at which the transmitter will have sent everything. */
  readonly idleAt: number;
  /** The transmitter has become empty and nobody has been told yet. */
  readonly emptyPending: boolean;
  readonly overrun: boolean;
  readonly received: readonly number[];
  /** What still comes in over the line, and when the next of it. */
  readonly incoming: readonly number[];
  readonly arrivesAt: number;
  /** Everything that was sent. */
  readonly sent: ByteLogState;
}

export class Uart implements PortDevice {
  readonly name: string;
  /** Called with each character that is sent. */
  readonly onSent: ((byte: number) => void)[] = [];
  private state: Omit<UartState, 'sent'> = {
    ier: 0,
    lcr: 3,
    mcr: 0,
    scratch: 0,
    divisor: 1,
    fifo: false,
    idleAt: 0,
    emptyPending: false,
    overrun: false,
    received: [],
    incoming: [],
    arrivesAt: Infinity,
  };
  readonly sent = new ByteLog();
  private readonly base: number;
  private readonly wiring: Wiring;

  constructor(name: string, base: number, wiring: Wiring) {
    this.name = name;
    this.base = base;
    this.wiring = wiring;
  }

  get ports(): number[] {
    return Array.from({ length: 8 }, (_, k) => this.base + k);
  }

  /** What was sent, each byte a character. */
  get text(): string {
    return this.sent.text();
  }

  /** Sends characters to the machine, as fast as the line allows. */
  type(text: string): void {
    const bytes = Array.from(text, (c) => c.charCodeAt(0) & 0xff);
    const idle = this.state.incoming.length === 0;
    this.set({ incoming: [...this.state.incoming, ...bytes] });
    if (idle) this.set({ arrivesAt: this.wiring.clock + this.characterTime() });
    this.wiring.changed();
  }

  private set(change: Partial<UartState>): void {
    this.state = { ...this.state, ...change };
  }

  private characterTime(): number {
    const seconds = (BITS_PER_CHARACTER * 16 * Math.max(1, this.state.divisor)) / CRYSTAL;
    return Math.ceil(seconds * this.wiring.frequency);
  }

  // ---------------------------------------------------------------- events

  nextEvent(): number {
    const wantsEmpty = this.state.emptyPending && (this.state.ier & IER_TRANSMITTER_EMPTY) !== 0;
    return Math.min(this.state.arrivesAt, wantsEmpty ? this.emptyAt() : Infinity);
  }

  advance(): void {
    while (this.state.arrivesAt <= this.wiring.clock) this.receive();
    this.settle();
  }

  private receive(): void {
    const [byte, ...rest] = this.state.incoming;
    this.set({
      incoming: rest,
      arrivesAt: rest.length > 0 ? this.state.arrivesAt + this.characterTime() : Infinity,
    });
    if (byte !== undefined) this.accept(byte);
  }

  private accept(byte: number): void {
    const { received, fifo } = this.state;
    if (received.length >= (fifo ? FIFO : 1)) this.set({ overrun: true });
    else this.set({ received: [...received, byte] });
  }

  /** When the holding register takes characters again: with FIFOs once all are sent, else one character earlier. */
  private emptyAt(): number {
    return this.state.fifo ? this.state.idleAt : this.state.idleAt - this.characterTime();
  }

  private cause(): number {
    const { ier, received, emptyPending } = this.state;
    if ((ier & IER_RECEIVED) !== 0 && received.length > 0) return IIR_RECEIVED;
    const empty = emptyPending && this.wiring.clock >= this.emptyAt();
    return (ier & IER_TRANSMITTER_EMPTY) !== 0 && empty ? IIR_TRANSMITTER_EMPTY : IIR_NONE;
  }

  private settle(): void {
    const enabled = (this.state.mcr & MCR_OUT2) !== 0 && (this.state.mcr & MCR_LOOP) === 0;
    this.wiring.line(enabled && this.cause() !== IIR_NONE);
  }

  // ---------------------------------------------------------------- ports

  read(port: number): number {
    const value = this.readRegister(port - this.base);
    this.settle();
    return value;
  }

  private readRegister(register: number): number {
    const { state } = this;
    const latch = (state.lcr & LCR_DLAB) !== 0;
    switch (register) {
      case 0:
        return latch ? state.divisor & 0xff : this.takeReceived();
      case 1:
        return latch ? state.divisor >> 8 : state.ier;
      case 2:
        return this.readCause();
      case 3:
        return state.lcr;
      case 4:
        return state.mcr;
      case 5:
        return this.lineStatus();
      case 6:
        return this.modemStatus();
      default:
        return state.scratch;
    }
  }

  private takeReceived(): number {
    const [byte = 0, ...rest] = this.state.received;
    this.set({ received: rest });
    return byte;
  }

  private readCause(): number {
    const cause = this.cause();
    if (cause === IIR_TRANSMITTER_EMPTY) this.set({ emptyPending: false });
    return cause | (this.state.fifo ? 0xc0 : 0);
  }

  private lineStatus(): number {
    const { received, overrun, idleAt } = this.state;
    const { clock } = this.wiring;
    const value =
      (received.length > 0 ? LSR_DATA_READY : 0) |
      (overrun ? LSR_OVERRUN : 0) |
      (clock >= this.emptyAt() ? LSR_THR_EMPTY : 0) |
      (clock >= idleAt ? LSR_TRANSMITTER_EMPTY : 0);
    this.set({ overrun: false });
    return value;
  }

  /** In loop-back the modem control outputs come back as inputs. */
  private modemStatus(): number {
    const { mcr } = this.state;
    if ((mcr & MCR_LOOP) === 0) return MSR_READY;
    return ((mcr & 2) << 3) | ((mcr & 1) << 5) | ((mcr & 4) << 4) | ((mcr & 8) << 4);
  }

  write(port: number, value: number): void {
    this.writeRegister(port - this.base, value);
    this.settle();
    this.wiring.changed();
  }

  private writeRegister(register: number, value: number): void {
    const { state } = this;
    const latch = (state.lcr & LCR_DLAB) !== 0;
    if (register === 0)
      if (latch) this.set({ divisor: (state.divisor & 0xff00) | value });
      else this.send(value);
    else if (register === 1)
      if (latch) this.set({ divisor: (state.divisor & 0xff) | (value << 8) });
      else this.enableInterrupts(value);
    else if (register === 2)
      this.set({ fifo: (value & 1) !== 0, received: (value & 2) !== 0 ? [] : state.received });
    else if (register === 3) this.set({ lcr: value });
    else if (register === 4) this.set({ mcr: value & 0x1f });
    else if (register === 7) this.set({ scratch: value });
  }

  /** Enabling the transmitter interrupt while the holding register is empty causes it. */
  private enableInterrupts(value: number): void {
    const rising = (value & ~this.state.ier & IER_TRANSMITTER_EMPTY) !== 0;
    this.set({ ier: value & 15, emptyPending: this.state.emptyPending || rising });
  }

  private send(value: number): void {
    if ((this.state.mcr & MCR_LOOP) !== 0) {
      this.accept(value);
      return;
    }
    this.sent.push(value);
    for (const hear of this.onSent) hear(value);
    const from = Math.max(this.state.idleAt, this.wiring.clock);
    this.set({ idleAt: from + this.characterTime(), emptyPending: true });
  }

  save(): UartState {
    return { ...this.state, sent: this.sent.save() };
  }
  restore({ sent, ...state }: UartState): void {
    this.state = state;
    this.sent.restore(sent);
  }
}
