/** The 8254 programmable interval timer: counter 0 on IRQ 0, counter 2 behind port 61. Intel 8254 data sheet (231164). */
import {
  counted,
  countOf,
  gated,
  nextEdge,
  outputOf,
  programmed,
  RESET_COUNTER,
  settled,
  type Counter,
} from './pit-counter.ts';
import type { PortDevice } from './port-bus.ts';
import type { Clocked, Timed } from './wiring.ts';

/** 14.31818 MHz / 12. */
export const PIT_FREQUENCY = 1_193_182;
const PORT_B = 0x61;
const CONTROL = 0x43;
const READ_BACK = 3;

export interface PitState {
  readonly counters: readonly Counter[];
  /** Tick of the next rising edge of counter 0's output, or −1. */
  readonly edge: number;
  readonly speaker: number;
}

export class IntervalTimer implements PortDevice, Timed {
  readonly name = '8254 interval timer';
  static readonly PORTS = [0x40, 0x41, 0x42, CONTROL, PORT_B] as const;
  private counters: readonly Counter[] = [RESET_COUNTER, RESET_COUNTER, { ...RESET_COUNTER, gate: false }];
  private edge = -1;
  /** Bits 1 to 3 of port 61: speaker, and checks that a board of this kind lacks. */
  private speaker = 0;
  private readonly wiring: Clocked;
  private readonly interrupt: () => void;

  constructor(wiring: Clocked, interrupt: () => void) {
    this.wiring = wiring;
    this.interrupt = interrupt;
  }

  private get tick(): number {
    return Math.floor((this.wiring.clock * PIT_FREQUENCY) / this.wiring.frequency);
  }

  /** The counter as it stands now. */
  private counter(n: number): Counter {
    return settled(this.counters[n]!, this.tick);
  }

  private set(n: number, counter: Counter): void {
    this.counters = this.counters.with(n, counter);
    if (n !== 0) return;
    this.edge = nextEdge(counter, this.tick);
    this.wiring.changed();
  }

  // ---------------------------------------------------------------- events

  /** Clock of the next edge on IRQ 0. */
  nextEvent(): number {
    return this.edge < 0 ? Infinity : Math.ceil((this.edge * this.wiring.frequency) / PIT_FREQUENCY);
  }

  /** Raises IRQ 0 for an edge that has come; of several since the last time one request is left, as in the chip. */
  advance(): void {
    if (this.edge < 0 || this.wiring.clock < this.nextEvent()) return;
    this.set(0, this.counter(0));
    this.interrupt();
  }

  // ---------------------------------------------------------------- ports

  read(port: number): number {
    if (port === PORT_B) return this.readPortB();
    if (port === CONTROL) return 0xff;
    const n = port & 3;
    const counter = this.counter(n);
    const [first, ...rest] = counter.latched;
    if (first !== undefined) {
      this.set(n, { ...counter, latched: rest });
      return first;
    }
    const bytes = countBytes(counter, this.tick);
    if (counter.access !== 3) return bytes[0]!;
    // Without a latch two reads take the low byte and then the high one of whatever the count is then.
    this.set(n, { ...counter, highNext: !counter.highNext });
    return bytes[counter.highNext ? 1 : 0]!;
  }

  /** Gate and speaker of counter 2; bit 4 toggles with memory refresh, bit 5 is the counter's output. */
  private readPortB(): number {
    const counter = this.counter(2);
    const refresh = Math.floor(this.tick / 18) & 1;
    const output = outputOf(counter, this.tick) ? 0x20 : 0;
    return (counter.gate ? 1 : 0) | this.speaker | (refresh << 4) | output;
  }

  write(port: number, value: number): void {
    if (port === PORT_B) {
      this.speaker = value & 0x0e;
      this.set(2, gated(this.counter(2), (value & 1) !== 0, this.tick));
    } else if (port === CONTROL) this.control(value);
    else this.load(port & 3, value);
  }

  private control(value: number): void {
    const n = value >> 6;
    if (n === READ_BACK) {
      for (let k = 0; k < 3; k++) if ((value & (2 << k)) !== 0) this.readBack(k, value);
      return;
    }
    const access = (value >> 4) & 3;
    const counter = this.counter(n);
    if (access === 0) this.latch(n, counter, countBytes(counter, this.tick));
    else this.set(n, programmed(counter, (value >> 1) & 7, access, (value & 1) !== 0));
  }

  /** A latch holds until it is read: a second one before that is ignored. */
  private latch(n: number, counter: Counter, bytes: readonly number[]): void {
    if (counter.latched.length === 0) this.set(n, { ...counter, latched: bytes });
  }

  private readBack(n: number, value: number): void {
    const counter = this.counter(n);
    const unloaded = counter.active === 0 || counter.loadAt >= 0;
    const status =
      (outputOf(counter, this.tick) ? 0x80 : 0) |
      (unloaded ? 0x40 : 0) |
      (counter.access << 4) |
      (counter.mode << 1) |
      (counter.bcd ? 1 : 0);
    this.latch(n, counter, [
      ...((value & 0x10) === 0 ? [status] : []),
      ...((value & 0x20) === 0 ? countBytes(counter, this.tick) : []),
    ]);
  }

  private load(n: number, value: number): void {
    const counter = this.counter(n);
    const { access, lowWritten, mode } = counter;
    if (access === 3 && lowWritten < 0) {
      // In mode 0 the first byte stops the count.
      const stopped = mode === 0 ? { active: 0, loadAt: -1 } : {};
      this.set(n, { ...counter, ...stopped, lowWritten: value });
      return;
    }
    const raw = access === 1 ? value : access === 2 ? value << 8 : (value << 8) | lowWritten;
    this.set(n, counted(counter, counter.bcd ? fromBcd(raw) : raw, this.tick));
  }

  save(): PitState {
    return { counters: this.counters, edge: this.edge, speaker: this.speaker };
  }
  restore(state: PitState): void {
    this.counters = state.counters;
    this.edge = state.edge;
    this.speaker = state.speaker;
  }
}

function countBytes(counter: Counter, tick: number): number[] {
  const count = countOf(counter, tick);
  const value = counter.bcd ? toBcd(count % 10000) : count;
  const [low, high] = [value & 0xff, (value >> 8) & 0xff];
  return counter.access === 1 ? [low] : counter.access === 2 ? [high] : [low, high];
}

const toBcd = (value: number): number =>
  [1000, 100, 10, 1].reduce((sum, power) => (sum << 4) | (Math.floor(value / power) % 10), 0);
const fromBcd = (value: number): number =>
  [12, 8, 4, 0].reduce((sum, shift) => sum * 10 + ((value >> shift) & 15), 0);
