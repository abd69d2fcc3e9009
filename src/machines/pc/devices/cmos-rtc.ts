/**
 * The MC146818 clock: time, alarm, periodic and update interrupts, and its battery-backed memory. Motorola MC146818A
 * data sheet. The date begins on 1 January 2000, for nobody's wall clock enters the machine.
 */
import { momentOf, secondsTo, weekday, type Moment } from './calendar.ts';
import type { PortDevice } from './port-bus.ts';
import type { Timed, Wiring } from './wiring.ts';

const INDEX = 0x70;
const DATA = 0x71;
const STATUS_A = 0x0a;
const STATUS_B = 0x0b;
const STATUS_C = 0x0c;
const STATUS_D = 0x0d;
const CENTURY = 0x32;
const UPDATE_IN_PROGRESS = 0x80;
/** 32.768 kHz, divider running, 1024 Hz. */
const STATUS_A_VALUE = 0x26;
const B_PERIODIC = 0x40;
const B_ALARM = 0x20;
const B_UPDATE = 0x10;
const B_BINARY = 0x04;
const B_24_HOURS = 0x02;
const C_INTERRUPT = 0x80;
const VALID = 0x80;
const AFTERNOON = 0x80;
const CRYSTAL = 32768;
/** Share of a second before its end in which registers may not be read. */
const UPDATE_SHARE = 0.002228;
/** An alarm byte from here on fits every value. */
const ANY = 0xc0;
const NO_ANSWER = 0xff;

export interface CmosState {
  readonly index: number;
  readonly memory: Uint8Array;
  /** Seconds that the clock has been set forward. */
  readonly offset: number;
  /** Crystal tick at which status C was read last: flags count from there. */
  readonly read: number;
  readonly interrupting: boolean;
}

const FIELDS: Readonly<Record<number, keyof Moment>> = {
  0x00: 'seconds',
  0x02: 'minutes',
  0x04: 'hours',
  0x07: 'day',
  0x08: 'month',
  0x09: 'year',
};
const WEEKDAY = 0x06;

/** The RESET pin: interrupts are off and none is pending; time and memory go on. MC146818A data sheet, "RESET". */
export function withoutInterrupts(state: CmosState): CmosState {
  const memory = state.memory.with(STATUS_B, state.memory[STATUS_B]! & ~(B_PERIODIC | B_ALARM | B_UPDATE));
  return { ...state, memory, interrupting: false };
}

export class CmosClock implements PortDevice, Timed {
  readonly name = 'MC146818 clock and CMOS memory';
  static readonly PORTS = [INDEX, DATA] as const;
  private index = 0;
  private memory: Uint8Array;
  private offset = 0;
  private lastRead = 0;
  private interrupting = false;
  private readonly wiring: Wiring;

  /** `memory`: what the battery has kept of the machine's settings, 128 bytes. */
  constructor(memory: Uint8Array, wiring: Wiring) {
    this.wiring = wiring;
    this.memory = memory.slice();
    this.memory[STATUS_A] = STATUS_A_VALUE;
    this.memory[STATUS_B] = B_24_HOURS;
  }

  // ---------------------------------------------------------------- time

  private get tick(): number {
    return Math.floor((this.wiring.clock * CRYSTAL) / this.wiring.frequency);
  }

  private get seconds(): number {
    return Math.floor(this.wiring.clock / this.wiring.frequency) + this.offset;
  }

  /** Crystal ticks of one period of the periodic interrupt, 0 = off. */
  private get period(): number {
    const rate = this.memory[STATUS_A]! & 15;
    if (rate === 0) return 0;
    return 1 << (rate <= 2 ? rate + 6 : rate - 1);
  }

  private encode(value: number): number {
    return (this.memory[STATUS_B]! & B_BINARY) !== 0 ? value : (Math.floor(value / 10) << 4) | (value % 10);
  }
  private decode(value: number): number {
    return (this.memory[STATUS_B]! & B_BINARY) !== 0 ? value : (value >> 4) * 10 + (value & 15);
  }

  private encodeHours(hours: number): number {
    if ((this.memory[STATUS_B]! & B_24_HOURS) !== 0) return this.encode(hours);
    return this.encode(((hours + 11) % 12) + 1) | (hours >= 12 ? AFTERNOON : 0);
  }
  private decodeHours(value: number): number {
    if ((this.memory[STATUS_B]! & B_24_HOURS) !== 0) return this.decode(value);
    return (this.decode(value & ~AFTERNOON) % 12) + ((value & AFTERNOON) !== 0 ? 12 : 0);
  }

  /** A register of the clock, or null for one of memory. */
  private timeOf(at: number): number | null {
    const now = this.seconds;
    if (at === WEEKDAY) return this.encode(weekday(now));
    const moment = momentOf(now);
    if (at === CENTURY) return this.encode(Math.floor(moment.year / 100));
    const field = FIELDS[at];
    if (!field) return null;
    if (field === 'hours') return this.encodeHours(moment.hours);
    return this.encode(moment[field] % 100);
  }

  /** Setting a register moves the clock to where that register has the value. */
  private setTime(at: number, value: number): void {
    const moment = momentOf(this.seconds);
    const century = moment.year - (moment.year % 100);
    const field = FIELDS[at];
    const changed: Moment =
      at === CENTURY
        ? { ...moment, year: this.decode(value) * 100 + (moment.year % 100) }
        : field === 'hours'
          ? { ...moment, hours: this.decodeHours(value) }
          : { ...moment, [field!]: this.decode(value) + (field === 'year' ? century : 0) };
    this.offset += secondsTo(changed) - this.seconds;
  }

  // ---------------------------------------------------------------- interrupts

  private alarmFits(seconds: number): boolean {
    const { hours, minutes, seconds: second } = momentOf(seconds);
    const fits = (at: number, value: number): boolean => this.memory[at]! >= ANY || this.memory[at] === value;
    return (
      fits(0x01, this.encode(second)) &&
      fits(0x03, this.encode(minutes)) &&
      fits(0x05, this.encodeHours(hours))
    );
  }

  /** The flags of status C: what has happened since it was read. */
  private get flags(): number {
    const { tick, lastRead, period } = this;
    const passed = (every: number): boolean => Math.floor(tick / every) > Math.floor(lastRead / every);
    const second = passed(CRYSTAL);
    return (
      (period > 0 && passed(period) ? B_PERIODIC : 0) |
      (second ? B_UPDATE : 0) |
      (second && this.alarmFits(this.seconds) ? B_ALARM : 0)
    );
  }

  private get enabled(): number {
    return this.memory[STATUS_B]! & (B_PERIODIC | B_ALARM | B_UPDATE);
  }

  nextEvent(): number {
    if (this.interrupting || this.enabled === 0) return Infinity;
    const wantsPeriod = (this.enabled & B_PERIODIC) !== 0 && this.period > 0;
    const every = wantsPeriod ? Math.min(this.period, CRYSTAL) : CRYSTAL;
    const next = (Math.floor(this.tick / every) + 1) * every;
    return Math.ceil((next * this.wiring.frequency) / CRYSTAL);
  }

  advance(): void {
    if (this.interrupting || (this.flags & this.enabled) === 0) return;
    this.interrupting = true;
    this.wiring.line(true);
  }

  private readFlags(): number {
    const { flags } = this;
    const interrupts = this.interrupting || (flags & this.enabled) !== 0;
    const value = flags | (interrupts ? C_INTERRUPT : 0);
    this.lastRead = this.tick;
    this.interrupting = false;
    this.wiring.line(false);
    this.wiring.changed();
    return value;
  }

  // ---------------------------------------------------------------- ports

  read(port: number): number {
    if (port === INDEX) return NO_ANSWER;
    const at = this.index;
    if (at === STATUS_A) return this.memory[at]! | (this.updating ? UPDATE_IN_PROGRESS : 0);
    if (at === STATUS_C) return this.readFlags();
    if (at === STATUS_D) return VALID;
    return this.timeOf(at) ?? this.memory[at]!;
  }

  private get updating(): boolean {
    return (this.wiring.clock / this.wiring.frequency) % 1 > 1 - UPDATE_SHARE;
  }

  write(port: number, value: number): void {
    if (port === INDEX) {
      this.index = value & 0x7f;
      return;
    }
    const at = this.index;
    if (at === STATUS_C || at === STATUS_D || at === WEEKDAY) return;
    if (at === CENTURY || at in FIELDS) this.setTime(at, value);
    else this.memory[at] = at === STATUS_A ? value & 0x7f : value;
    this.wiring.changed();
  }

  save(): CmosState {
    return {
      index: this.index,
      memory: this.memory.slice(),
      offset: this.offset,
      read: this.lastRead,
      interrupting: this.interrupting,
    };
  }
  restore(state: CmosState): void {
    this.index = state.index;
    this.memory = state.memory.slice();
    this.offset = state.offset;
    this.lastRead = state.read;
    this.interrupting = state.interrupting;
  }
}
