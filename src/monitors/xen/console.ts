/**
 * Consoles: Xen's own line, the first serial port, which Xen drives; and the console rings of domains, which the
 * console service of the host's side empties to that line and fills from it. Interface: io/console.h.
 * SIMPLIFIED: the service is TypeScript beside Xen, where Xen's users ran it as a program in domain 0.
 */
import type { SystemPc } from '../../machines/pc/system.ts';
import type { Domain } from './domain.ts';
import { PAGE } from './layout.ts';
import { CONSOLE_CHARACTER, INPUT_OUTPUT } from './paths.ts';

const PORT = 0x3f8;
const ENABLE = PORT + 1;
const IDENTIFY = PORT + 2;
const FORMAT = PORT + 3;
const MODEM = PORT + 4;
const STATUS = PORT + 5;
const RECEIVED = 1;
const EMPTY = 0x20;
const FIFO_DEPTH = 16;
const ESCAPE = 0x1d;

const RING = { input: 0, output: 1024, inputTaken: 3072, inputPut: 3076, outputTaken: 3080, outputPut: 3084 };
const INPUT_BYTES = 1024;
const OUTPUT_BYTES = 2048;

export interface ConsoleState {
  /** Bytes that wait for the line, and what was typed and no domain has had yet. */
  waiting: number[];
  typed: number[];
  sending: boolean;
  /** The domain that gets what is typed, as long as it is there; −1: the first one that can. */
  taker: number;
  /** A line of several domains begins with who writes. */
  lineOf: number;
}

export const consoleState = (): ConsoleState => ({
  waiting: [],
  typed: [],
  sending: false,
  taker: -1,
  lineOf: -1,
});

export class Console {
  private readonly system: SystemPc;
  state: ConsoleState;

  constructor(system: SystemPc, state: ConsoleState) {
    this.system = system;
    this.state = state;
  }

  start(): void {
    const { system } = this;
    system.output(FORMAT, 0x83);
    system.output(PORT, 1);
    system.output(ENABLE, 0);
    system.output(FORMAT, 3);
    system.output(IDENTIFY, 7);
    system.output(MODEM, 0x0b);
    system.output(ENABLE, RECEIVED);
  }

  get idle(): boolean {
    return this.state.waiting.length === 0 && !this.state.sending;
  }

  /** Characters for the line. With several domains each line says whose it is. */
  write(domain: Domain, bytes: Iterable<number>, several: boolean): void {
    const { state, system } = this;
    for (const byte of bytes) {
      system.work(INPUT_OUTPUT, CONSOLE_CHARACTER);
      if (several && state.lineOf !== domain.id) {
        if (state.lineOf >= 0) state.waiting.push(13, 10);
        state.waiting.push(...bytesOf(`(d${domain.id}) `));
        state.lineOf = domain.id;
      }
      state.waiting.push(byte);
      if (byte === 10) state.lineOf = -1;
    }
    this.send();
  }

  say(text: string): void {
    this.state.waiting.push(...bytesOf(text));
    this.send();
  }

  private send(): void {
    const { state, system } = this;
    if (state.sending || state.waiting.length === 0) return;
    if ((system.input(STATUS, 1) & EMPTY) !== 0) this.fill();
    state.sending = true;
    system.output(ENABLE, RECEIVED | 2);
  }

  private fill(): void {
    for (const byte of this.state.waiting.splice(0, FIFO_DEPTH)) this.system.output(PORT, byte);
  }

  /** Ctrl-] leaves the console that domain 0 has asked for. */
  private type(byte: number): void {
    const { state } = this;
    if (byte === ESCAPE && state.taker >= 0) state.taker = -1;
    else state.typed.push(byte);
  }

  /** The line interrupted: it has a character, or room for more. */
  interrupt(): void {
    const { state, system } = this;
    while ((system.input(IDENTIFY, 1) & 1) === 0) {
      const status = system.input(STATUS, 1);
      if ((status & RECEIVED) !== 0) this.type(system.input(PORT, 1));
      if ((status & EMPTY) === 0) continue;
      if (state.waiting.length > 0) this.fill();
      else if (state.sending) {
        state.sending = false;
        system.output(ENABLE, RECEIVED);
      }
    }
  }

  // ---------------------------------------------------------------- rings

  /** Takes what a domain has put into its ring; whether there was anything. */
  drain(domain: Domain, several: boolean): boolean {
    const { system } = this;
    const ring = domain.consolePage * PAGE;
    const put = system.loadPhysical(ring + RING.outputPut) >>> 0;
    const taken = system.loadPhysical(ring + RING.outputTaken) >>> 0;
    // A guest's counters are not believed: a ring holds no more than it is long.
    const length = Math.min((put - taken) >>> 0, OUTPUT_BYTES);
    if (length === 0) return false;
    const bytes: number[] = [];
    for (let k = 0; k < length; k++) {
      const at = RING.output + ((taken + k) % OUTPUT_BYTES);
      bytes.push((system.loadPhysical(ring + (at & ~3)) >>> (8 * (at & 3))) & 0xff);
    }
    system.storePhysical(ring + RING.outputTaken, put);
    this.write(domain, bytes, several);
    return true;
  }

  /** Puts what was typed into a domain's ring, as much as there is room for; whether there was anything. */
  offer(domain: Domain): boolean {
    const { state, system } = this;
    if (state.typed.length === 0) return false;
    const ring = domain.consolePage * PAGE;
    let put = system.loadPhysical(ring + RING.inputPut) >>> 0;
    const taken = system.loadPhysical(ring + RING.inputTaken) >>> 0;
    const room = Math.max(0, INPUT_BYTES - ((put - taken) >>> 0));
    for (const byte of state.typed.splice(0, room)) {
      const at = ring + (put % INPUT_BYTES);
      const shift = 8 * (at & 3);
      system.storePhysical(at & ~3, (system.loadPhysical(at & ~3) & ~(0xff << shift)) | (byte << shift));
      put = (put + 1) >>> 0;
    }
    system.storePhysical(ring + RING.inputPut, put);
    return true;
  }
}

const bytesOf = (text: string): number[] => Array.from(text, (c) => c.charCodeAt(0) & 0xff);
