/**
 * Time-of-day clock, clock comparator, CPU timer and interval timer. GA22-7000, "Timing Facilities".
 * All four derive from the cycle clock; nothing here reads the wall clock.
 */
import {
  CLOCK_COMPARATOR_CODE,
  CPU_TIMER_CODE,
  INTERRUPT_KEY_CODE,
  INTERVAL_TIMER,
  INTERVAL_TIMER_CODE,
} from './assigned-storage.ts';
import type { Storage } from './storage.ts';

/** Bit 51 of the clock is one microsecond, so a microsecond is 4096 units of bit 63. */
const UNITS_PER_MICROSECOND = 4096n;
const PICOSECONDS_PER_MICROSECOND = 1_000_000n;
/** The interval timer's bit 23 is decremented 300 times a second (GC20-1807, p. 100). */
const INTERVAL_RATE = 300;
const INTERVAL_STEP = 0x100;
const WORD64 = 64;

/** Midnight of 1972-08-02, the day VM/370 was announced, counted from 1900-01-01: where the clock stands at power-on. */
const POWER_ON = 26511n * 86_400_000_000n * UNITS_PER_MICROSECOND;

/** Subclass masks of control register 0. */
const COMPARATOR_MASK = 0x800;
const CPU_TIMER_MASK = 0x400;
const INTERVAL_MASK = 0x80;
const KEY_MASK = 0x40;

export interface ClocksState {
  readonly todOffset: bigint;
  readonly todSet: boolean;
  readonly comparator: bigint;
  readonly timerOffset: bigint;
  readonly ticks: number;
  readonly intervalPending: boolean;
  readonly keyPending: boolean;
}

/** What the clocks see of the machine: cycles, and real storage for the interval timer. */
export interface ClocksHost {
  readonly clock: number;
  readonly storage: Storage;
  absolute(real: number): number;
}

export class Clocks {
  private readonly machine: ClocksHost;
  private readonly picoseconds: bigint;
  private readonly cyclesPerTick: number;
  private todOffset = POWER_ON;
  /** TOD clock in the set state (SCK), else "not set" (condition code 1 of STCK). */
  todSet = true;
  comparator = BigInt.asUintN(WORD64, -1n);
  private timerOffset = 0n;
  private ticks = 0;
  private intervalPending = false;
  private keyPending = false;

  constructor(machine: ClocksHost, cyclePicoseconds: number) {
    this.machine = machine;
    this.picoseconds = BigInt(cyclePicoseconds);
    this.cyclesPerTick = 1e12 / INTERVAL_RATE / cyclePicoseconds;
  }

  /** Clock units that `cycles` take. */
  private units(cycles: number): bigint {
    return (
      (BigInt(Math.floor(cycles)) * this.picoseconds * UNITS_PER_MICROSECOND) / PICOSECONDS_PER_MICROSECOND
    );
  }

  /** First cycle at which `units` have passed since cycle 0. */
  private cyclesFor(units: bigint): number {
    const divisor = this.picoseconds * UNITS_PER_MICROSECOND;
    return Number((units * PICOSECONDS_PER_MICROSECOND + divisor - 1n) / divisor);
  }

  /** The time-of-day clock as an unsigned doubleword. */
  get tod(): bigint {
    return BigInt.asUintN(WORD64, this.todOffset + this.units(this.machine.clock));
  }
  set tod(value: bigint) {
    this.todOffset = value - this.units(this.machine.clock);
    this.todSet = true;
  }

  /** The CPU timer as a signed doubleword. SIMPLIFIED: it also runs while the processor is stopped by the operator. */
  get cpuTimer(): bigint {
    return BigInt.asIntN(WORD64, this.timerOffset - this.units(this.machine.clock));
  }
  set cpuTimer(value: bigint) {
    this.timerOffset = value + this.units(this.machine.clock);
  }

  /** The operator's interrupt key. */
  pressInterruptKey(): void {
    this.keyPending = true;
  }

  /** Steps that the interval timer has made since power-on. */
  get intervalTicks(): number {
    return this.ticks;
  }

  /** Brings the interval timer at location 80 up to date. */
  advance(): void {
    const due = Math.floor(this.machine.clock / this.cyclesPerTick);
    if (due === this.ticks) return;
    const at = this.machine.absolute(INTERVAL_TIMER);
    const { view, dirty } = this.machine.storage;
    const before = view.getInt32(at);
    const after = before - (due - this.ticks) * INTERVAL_STEP;
    // Pending when the value passes from zero or more to less than zero.
    if (before >= 0 && after < 0) this.intervalPending = true;
    view.setInt32(at, after | 0);
    dirty[at >>> 11] = 1;
    this.ticks = due;
  }

  /** Cycle by which the processor must look at its clocks again: the same, whenever it is asked. */
  nextEvent(cr0: number): number {
    return Math.min(Math.ceil((this.ticks + 1) * this.cyclesPerTick), this.nextTimer(cr0));
  }

  /** Cycle at which a condition enabled in `cr0` arises by time alone. */
  nextWake(cr0: number): number {
    const interval = this.machine.storage.view.getInt32(this.machine.absolute(INTERVAL_TIMER));
    if ((cr0 & INTERVAL_MASK) === 0 || interval < 0) return this.nextTimer(cr0);
    const tick = this.ticks + Math.floor(interval / INTERVAL_STEP) + 1;
    return Math.min(Math.ceil(tick * this.cyclesPerTick), this.nextTimer(cr0));
  }

  /** Cycle at which the clock comparator or the CPU timer next raises a condition enabled in `cr0`. */
  private nextTimer(cr0: number): number {
    let next = Infinity;
    if ((cr0 & (COMPARATOR_MASK | CPU_TIMER_MASK)) === 0) return next;
    // Counted from cycle 0 and not from now, else rounding would let the event wander with the time of asking.
    const passed = this.units(this.machine.clock);
    const { tod, comparator, cpuTimer } = this;
    if ((cr0 & COMPARATOR_MASK) !== 0 && comparator >= tod)
      next = this.cyclesFor(passed + comparator - tod + 1n);
    if ((cr0 & CPU_TIMER_MASK) !== 0 && cpuTimer >= 0n)
      next = Math.min(next, this.cyclesFor(passed + cpuTimer + 1n));
    return next;
  }

  /** Whether time alone can raise a condition that `cr0` enables. */
  mayInterrupt(cr0: number): boolean {
    return (cr0 & (COMPARATOR_MASK | CPU_TIMER_MASK | INTERVAL_MASK)) !== 0;
  }

  /**
   * Code of the pending condition of highest priority among those enabled in `cr0`, or 0. Interval timer and key are
   * cleared by being taken; comparator and CPU timer stay pending as long as their condition holds.
   */
  pending(cr0: number): number {
    const external =
      (this.intervalPending && (cr0 & INTERVAL_MASK) !== 0 ? INTERVAL_TIMER_CODE : 0) |
      (this.keyPending && (cr0 & KEY_MASK) !== 0 ? INTERRUPT_KEY_CODE : 0);
    if (external !== 0) return external;
    if ((cr0 & COMPARATOR_MASK) !== 0 && this.tod > this.comparator) return CLOCK_COMPARATOR_CODE;
    if ((cr0 & CPU_TIMER_MASK) !== 0 && this.cpuTimer < 0n) return CPU_TIMER_CODE;
    return 0;
  }

  /** Takes the condition that `pending` named. */
  accept(code: number): void {
    if ((code & INTERVAL_TIMER_CODE) !== 0 && code < 0x1000) this.intervalPending = false;
    if ((code & INTERRUPT_KEY_CODE) !== 0 && code < 0x1000) this.keyPending = false;
  }

  save(): ClocksState {
    const { todOffset, todSet, comparator, timerOffset, ticks, intervalPending, keyPending } = this;
    return { todOffset, todSet, comparator, timerOffset, ticks, intervalPending, keyPending };
  }

  restore(state: ClocksState): void {
    this.todOffset = state.todOffset;
    this.todSet = state.todSet;
    this.comparator = state.comparator;
    this.timerOffset = state.timerOffset;
    this.ticks = state.ticks;
    this.intervalPending = state.intervalPending;
    this.keyPending = state.keyPending;
  }
}
