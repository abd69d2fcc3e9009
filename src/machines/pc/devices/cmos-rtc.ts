/** The MC146818 clock and its battery-backed memory. The date begins where the machine's settings put it. */
import type { PortDevice } from './port-bus.ts';

const INDEX = 0x70;
const DATA = 0x71;
const STATUS_A = 0x0a;
const STATUS_B = 0x0b;
const STATUS_C = 0x0c;
const STATUS_D = 0x0d;
/** 32.768 kHz, divider running, 1024 Hz. */
const STATUS_A_VALUE = 0x26;
const STATUS_B_24_HOURS = 0x02;
const STATUS_B_BINARY = 0x04;
const VALID = 0x80;
const BASE_KILOBYTES = 640;

export interface CmosState {
  readonly index: number;
  readonly memory: Uint8Array;
}

export interface CmosWiring {
  readonly clock: number;
  readonly frequency: number;
  readonly memoryBytes: number;
}

/** Days since 1 January 2000 as year, month, day of the month. */
function dateOf(days: number): readonly [year: number, month: number, day: number] {
  let [year, left] = [2000, days];
  const leap = (y: number): boolean => (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
  for (; left >= (leap(year) ? 366 : 365); year++) left -= leap(year) ? 366 : 365;
  const lengths = [31, leap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  let month = 0;
  for (; left >= lengths[month]!; month++) left -= lengths[month]!;
  return [year, month + 1, left + 1];
}

export class CmosClock implements PortDevice {
  readonly name = 'MC146818 clock and CMOS memory';
  static readonly PORTS = [INDEX, DATA] as const;
  private index = 0;
  private memory = new Uint8Array(128);
  private readonly wiring: CmosWiring;

  constructor(wiring: CmosWiring) {
    this.wiring = wiring;
    const kilobytes = wiring.memoryBytes / 1024;
    const extended = Math.min(kilobytes - 1024, 0xffff);
    const above16M = Math.max(0, Math.floor((kilobytes - 16384) / 64));
    this.memory[STATUS_A] = STATUS_A_VALUE;
    this.memory[STATUS_B] = STATUS_B_24_HOURS;
    for (const [at, value] of [
      [0x15, BASE_KILOBYTES],
      [0x17, extended],
      [0x30, extended],
      [0x34, above16M],
    ] as const) {
      this.memory[at] = value & 0xff;
      this.memory[at + 1] = value >> 8;
    }
  }

  read(port: number): number {
    if (port === INDEX) return 0xff;
    const at = this.index;
    const time = this.timeOf(at);
    if (time !== null)
      return (this.memory[STATUS_B]! & STATUS_B_BINARY) !== 0 ? time : ((time / 10) << 4) | (time % 10);
    if (at === STATUS_C) return 0;
    return at === STATUS_D ? VALID : this.memory[at]!;
  }

  /** A register of the clock, or null for one of memory. */
  private timeOf(at: number): number | null {
    const seconds = Math.floor(this.wiring.clock / this.wiring.frequency);
    const days = Math.floor(seconds / 86400);
    const [year, month, day] = dateOf(days);
    const registers: Readonly<Record<number, number>> = {
      0x00: seconds % 60,
      0x02: Math.floor(seconds / 60) % 60,
      0x04: Math.floor(seconds / 3600) % 24,
      // 1 January 2000 was a Saturday, day 7.
      0x06: ((days + 6) % 7) + 1,
      0x07: day,
      0x08: month,
      0x09: year % 100,
      0x32: Math.floor(year / 100),
    };
    return registers[at] ?? null;
  }

  write(port: number, value: number): void {
    if (port === INDEX) this.index = value & 0x7f;
    else if (this.index !== STATUS_C && this.index !== STATUS_D) this.memory[this.index] = value;
  }

  save(): CmosState {
    return { index: this.index, memory: this.memory.slice() };
  }
  restore(state: CmosState): void {
    this.index = state.index;
    this.memory = state.memory.slice();
  }
}
