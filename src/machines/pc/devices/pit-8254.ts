/**
 * The 8254 programmable interval timer: counter 0 on IRQ 0, counter 2 behind port 61. Intel 8254 data sheet (231164).
 * Counts are never stepped: they follow from the clock when somebody looks.
 */
import type { PortDevice } from './port-bus.ts';
import type { Clocked } from './wiring.ts';

/** 14.31818 MHz / 12. */
export const PIT_FREQUENCY = 1_193_182;
const PORT_B = 0x61;
const CONTROL = 0x43;

export interface CounterState {
  /** 0 … 5; 6 and 7 of the control word are 2 and 3. */
  readonly mode: number;
  /** 1 low byte, 2 high byte, 3 low then high. */
  readonly access: number;
  readonly bcd: boolean;
  /** Count as loaded, 1 … 65536; 0 = none since the control word. */
  readonly reload: number;
  /** Tick at which counting began. */
  readonly start: number;
  readonly gate: boolean;
  readonly lowWritten: number;
  readonly highNext: boolean;
  /** Latched bytes still to be read, low first. */
  readonly latched: readonly number[];
}

export interface PitState {
  readonly counters: readonly CounterState[];
  /** Tick of the next rising edge of counter 0's output, or −1. */
  readonly edge: number;
  readonly speaker: boolean;
}

const RESET: CounterState = {
  mode: 3,
  access: 3,
  bcd: false,
  reload: 0,
  start: 0,
  gate: true,
  lowWritten: -1,
  highNext: false,
  latched: [],
};

export class IntervalTimer implements PortDevice {
  readonly name = '8254 interval timer';
  static readonly PORTS = [0x40, 0x41, 0x42, CONTROL, PORT_B] as const;
  private counters: CounterState[] = [RESET, RESET, { ...RESET, gate: false }];
  private edge = -1;
  private speaker = false;
  private readonly wiring: Clocked;
  private readonly interrupt: () => void;

  constructor(wiring: Clocked, interrupt: () => void) {
    this.wiring = wiring;
    this.interrupt = interrupt;
  }

  private get tick(): number {
    return Math.floor((this.wiring.clock * PIT_FREQUENCY) / this.wiring.frequency);
  }

  private change(n: number, change: Partial<CounterState>): void {
    this.counters[n] = { ...this.counters[n]!, ...change };
  }

  // ---------------------------------------------------------------- events

  /** Clock of the next edge on IRQ 0. */
  nextEvent(): number {
    return this.edge < 0 ? Infinity : Math.ceil((this.edge * this.wiring.frequency) / PIT_FREQUENCY);
  }

  /** Raises IRQ 0 for an edge that has come; of several since the last time one request is left, as in the chip. */
  advance(): void {
    if (this.edge < 0 || this.wiring.clock < this.nextEvent()) return;
    const { mode, reload } = this.counters[0]!;
    const periodic = mode === 2 || mode === 3;
    this.edge = periodic
      ? this.edge + reload * Math.max(1, Math.ceil((this.tick - this.edge + 1) / reload))
      : -1;
    this.interrupt();
  }

  private scheduleEdge(): void {
    const { reload, start, gate } = this.counters[0]!;
    this.edge = reload === 0 || !gate ? -1 : start + reload;
    this.wiring.changed();
  }

  // ---------------------------------------------------------------- counting

  private countOf(counter: CounterState): number {
    const { mode, reload, start, gate } = counter;
    if (reload === 0 || !gate) return reload;
    const passed = this.tick - start;
    if (mode === 2) return reload - (passed % reload);
    // A square wave counts by two, twice each period.
    if (mode === 3) return reload - ((2 * passed) % reload);
    return (reload - passed) & 0xffff;
  }

  private outputOf(counter: CounterState): boolean {
    const { mode, reload, start } = counter;
    if (reload === 0) return mode !== 0;
    const passed = this.tick - start;
    if (mode === 2) return passed % reload !== reload - 1;
    if (mode === 3) return passed % reload < (reload + 1) / 2;
    return passed >= reload;
  }

  private countBytes(counter: CounterState): number[] {
    const count = this.countOf(counter);
    const value = counter.bcd ? toBcd(count % 10000) : count;
    const [low, high] = [value & 0xff, (value >> 8) & 0xff];
    return counter.access === 1 ? [low] : counter.access === 2 ? [high] : [low, high];
  }

  // ---------------------------------------------------------------- ports

  read(port: number): number {
    if (port === PORT_B) return this.readPortB();
    if (port === CONTROL) return 0xff;
    const n = port & 3;
    const counter = this.counters[n]!;
    const bytes = counter.latched.length > 0 ? counter.latched : this.countBytes(counter);
    // Without a latch two reads take the low byte and then the high one of whatever the count is then.
    if (counter.latched.length > 0) this.change(n, { latched: bytes.slice(1) });
    else if (counter.access === 3) {
      this.change(n, { highNext: !counter.highNext });
      return bytes[counter.highNext ? 1 : 0]!;
    }
    return bytes[0]!;
  }

  /** Gate and speaker of counter 2; bit 4 toggles with memory refresh, bit 5 is the counter's output. */
  private readPortB(): number {
    const counter = this.counters[2]!;
    const refresh = Math.floor(this.tick / 18) & 1;
    return (
      (counter.gate ? 1 : 0) | (this.speaker ? 2 : 0) | (refresh << 4) | (this.outputOf(counter) ? 0x20 : 0)
    );
  }

  write(port: number, value: number): void {
    if (port === PORT_B) this.writePortB(value);
    else if (port === CONTROL) this.control(value);
    else this.load(port & 3, value);
  }

  private writePortB(value: number): void {
    this.speaker = (value & 2) !== 0;
    const gate = (value & 1) !== 0;
    if (gate === this.counters[2]!.gate) return;
    this.change(2, gate ? { gate, start: this.tick } : { gate });
  }

  private control(value: number): void {
    const n = value >> 6;
    if (n === 3) {
      for (let k = 0; k < 3; k++) if ((value & (2 << k)) !== 0) this.readBack(k, value);
      return;
    }
    const access = (value >> 4) & 3;
    if (access === 0) {
      if (this.counters[n]!.latched.length === 0)
        this.change(n, { latched: this.countBytes(this.counters[n]!) });
      return;
    }
    const mode = (value >> 1) & 7;
    this.change(n, {
      mode: mode > 5 ? mode - 4 : mode,
      access,
      bcd: (value & 1) !== 0,
      reload: 0,
      lowWritten: -1,
      highNext: false,
      latched: [],
    });
    if (n === 0) this.scheduleEdge();
  }

  private readBack(n: number, value: number): void {
    const counter = this.counters[n]!;
    const status =
      (this.outputOf(counter) ? 0x80 : 0) |
      (counter.reload === 0 ? 0x40 : 0) |
      (counter.access << 4) |
      (counter.mode << 1) |
      (counter.bcd ? 1 : 0);
    const bytes = [
      ...((value & 0x10) === 0 ? [status] : []),
      ...((value & 0x20) === 0 ? this.countBytes(counter) : []),
    ];
    this.change(n, { latched: bytes });
  }

  private load(n: number, value: number): void {
    const { access, lowWritten } = this.counters[n]!;
    if (access === 3 && lowWritten < 0) {
      this.change(n, { lowWritten: value });
      return;
    }
    const raw = access === 1 ? value : access === 2 ? value << 8 : (value << 8) | lowWritten;
    const counter = this.counters[n]!;
    const count = counter.bcd ? fromBcd(raw) : raw;
    this.change(n, {
      reload: count === 0 ? (counter.bcd ? 10000 : 0x10000) : count,
      start: this.tick,
      lowWritten: -1,
    });
    if (n === 0) this.scheduleEdge();
  }

  save(): PitState {
    return { counters: [...this.counters], edge: this.edge, speaker: this.speaker };
  }
  restore(state: PitState): void {
    this.counters = [...state.counters];
    this.edge = state.edge;
    this.speaker = state.speaker;
  }
}

const toBcd = (value: number): number =>
  [1000, 100, 10, 1].reduce((sum, power) => (sum << 4) | (Math.floor(value / power) % 10), 0);
const fromBcd = (value: number): number =>
  [12, 8, 4, 0].reduce((sum, shift) => sum * 10 + ((value >> shift) & 15), 0);
