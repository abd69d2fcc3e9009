/** System time: nanoseconds since Xen began, which guests extend by the time-stamp counter. Interface: xen.h. */
import type { SystemPc } from '../../machines/pc/system.ts';
import type { Domain } from './domain.ts';
import { SHARED_INFO } from './interface.ts';
import { PAGE } from './layout.ts';

const TWO_32 = 0x1_0000_0000;

export class Time {
  private readonly system: SystemPc;
  /** Cycles in a second. */
  readonly frequency: number;

  constructor(system: SystemPc, frequency: number) {
    this.system = system;
    this.frequency = frequency;
  }

  get nanoseconds(): number {
    return Math.floor((this.system.clock * 1e9) / this.frequency);
  }
  /** Clock at which system time reaches `nanoseconds`. */
  clockAt(nanoseconds: number): number {
    return Math.ceil((nanoseconds * this.frequency) / 1e9);
  }

  /** Writes the time of now and the counter's pace into the domain's shared memory. */
  publish(domain: Domain): void {
    const { system } = this;
    const base = domain.sharedInfo * PAGE;
    const { version, timeStamp, systemTime, multiplier, shift } = SHARED_INFO.time;
    const next = (system.loadPhysical(base + version) | 1) + 1;
    system.storePhysical(base + version, next - 1);
    const stamp = system.readTimeStamp();
    const now = this.nanoseconds;
    const perCycle = 1e9 / this.frequency;
    const power = Math.floor(Math.log2(perCycle)) + 1;
    const words = [stamp % TWO_32, Math.floor(stamp / TWO_32), now % TWO_32, Math.floor(now / TWO_32)];
    words.forEach((word, k) => {
      system.storePhysical(base + (k < 2 ? timeStamp : systemTime - 8) + 4 * k, word | 0);
    });
    system.storePhysical(base + multiplier, Math.floor((perCycle / 2 ** power) * TWO_32) | 0);
    system.storePhysical(base + shift, power & 0xff);
    system.storePhysical(base + version, next);
  }
}

const INDEX = 0x70;
const DATA = 0x71;

/** Seconds since 1970 from the machine's clock, which keeps two digits of the year. MC146818. */
export function readWallClock(system: SystemPc): number {
  const cell = (number: number): number => {
    system.output(INDEX, number);
    const v = system.input(DATA, 1);
    return (v >> 4) * 10 + (v & 15);
  };
  const [second, minute, hour, day, month, year] = [0, 2, 4, 7, 8, 9].map(cell) as [
    number,
    number,
    number,
    number,
    number,
    number, // prettier-ignore
  ];
  const full = year < 70 ? 2000 + year : 1900 + year;
  // Years that begin in March put the leap day at the end.
  const [y, m] = month <= 2 ? [full - 1, month + 12] : [full, month];
  const days =
    y * 365 +
    Math.floor(y / 4) -
    Math.floor(y / 100) +
    Math.floor(y / 400) +
    Math.floor((m * 153 - 457) / 5) +
    day -
    719469;
  return ((days * 24 + hour) * 60 + minute) * 60 + second;
}
