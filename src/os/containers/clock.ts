/** Time as programs see it, from the machine's clock: the date is that of the start plus what has passed. */
import type { Moment } from './files/inode.ts';
import type { SystemPc } from '../../machines/pc/system.ts';

const BILLION = 1_000_000_000n;
/** Programs that ask see this date at the start unless the host gives another: 1 January 2020, 0:00 UTC. */
const DEFAULT_START = 1_577_836_800;

export class KernelClock {
  private readonly system: SystemPc;
  /** Cycles a second. */
  readonly frequency: number;
  private readonly start: bigint;

  constructor(system: SystemPc, frequency: number, start = DEFAULT_START) {
    [this.system, this.frequency, this.start] = [system, frequency, BigInt(start) * BILLION];
  }

  get cycles(): number {
    return this.system.clock;
  }
  /** Nanoseconds since the start. */
  get monotonic(): bigint {
    return (BigInt(Math.floor(this.cycles)) * BILLION) / BigInt(this.frequency);
  }
  get realtime(): bigint {
    return this.start + this.monotonic;
  }
  get now(): Moment {
    const time = this.realtime;
    return { seconds: Number(time / BILLION), nanoseconds: Number(time % BILLION) };
  }
  toCycles(nanoseconds: bigint): number {
    return Number((nanoseconds * BigInt(this.frequency)) / BILLION);
  }
  toNanoseconds(cycles: number): bigint {
    return (BigInt(Math.floor(cycles)) * BILLION) / BigInt(this.frequency);
  }
}
