/**
 * The two performance counters of the P6 line: cycles, instructions and misses of the translation lookaside buffers,
 * at the privilege levels that are asked for. SDM vol. 3B, section 18.6.8 and the tables of events.
 */
import type { Cpu } from './cpu.ts';

/** PerfCtr0, PerfEvtSel0; those of counter 1 follow. */
export const COUNTER = 0xc1;
export const EVENT_SELECT = 0x186;

// PerfEvtSel. Only counter 0's enable bit counts, for both. SDM vol. 3B, figure 18-22.
const USER = 0x10000;
const SYSTEM = 0x20000;
const ENABLE = 0x400000;

const FORTY_BITS = 2 ** 40;
const TWO_32 = 2 ** 32;

/** What happened since power-on, at CPL 3 and below it. */
interface Tally {
  readonly user: number;
  readonly system: number;
}

export interface PerformanceState {
  readonly events: readonly number[];
  readonly values: readonly number[];
  readonly from: readonly number[];
  readonly userInstructions: number;
  readonly userCycles: number;
  readonly haltedCycles: number;
  readonly user: boolean;
  readonly sinceInstructions: number;
  readonly sinceClock: number;
}

/** State of the counters, and what was executed at CPL 3. */
export class Performance {
  /** PerfEvtSel0 and 1. */
  events = [0, 0];
  /** Counter values when they were last set, and the tally at that time. */
  values = [0, 0];
  from = [0, 0];
  userInstructions = 0;
  userCycles = 0;
  haltedCycles = 0;
  /** Whether CPL is 3, and instructions and clock when it became so. */
  user = false;
  sinceInstructions = 0;
  sinceClock = 0;

  /** Hears that CPL 3 is entered or left. */
  levelChanged(user: boolean, instructions: number, clock: number): void {
    if (user === this.user) return;
    this.user = user;
    if (user) {
      this.sinceInstructions = instructions;
      this.sinceClock = clock;
    } else {
      this.userInstructions += instructions - this.sinceInstructions;
      this.userCycles += clock - this.sinceClock;
    }
  }

  save(): PerformanceState {
    const { userInstructions, userCycles, haltedCycles, user, sinceInstructions, sinceClock } = this;
    return {
      events: [...this.events],
      values: [...this.values],
      from: [...this.from],
      userInstructions,
      userCycles,
      haltedCycles,
      user,
      sinceInstructions,
      sinceClock,
    };
  }

  restore(state: PerformanceState): void {
    Object.assign(this, {
      ...state,
      events: [...state.events],
      values: [...state.values],
      from: [...state.from],
    });
  }
}

const instructions = (cpu: Cpu): Tally => {
  const { userInstructions, user, sinceInstructions } = cpu.performance;
  const inUser = userInstructions + (user ? cpu.instructions - sinceInstructions : 0);
  return { user: inUser, system: cpu.instructions - inUser };
};
const cycles = (cpu: Cpu): Tally => {
  const { userCycles, user, sinceClock, haltedCycles } = cpu.performance;
  const inUser = userCycles + (user ? cpu.clock - sinceClock : 0);
  return { user: inUser, system: cpu.clock - haltedCycles - inUser };
};
/** Misses are not told apart by level: they count for either. */
const instructionMisses = (cpu: Cpu): Tally => ({ user: 0, system: cpu.instructionTlb.misses });

const EVENTS: Readonly<Record<number, (cpu: Cpu) => Tally>> = {
  0x3c: cycles, // unhalted core cycles, architectural
  0x79: cycles, // CPU_CLK_UNHALTED of the P6
  0x85: instructionMisses, // ITLB_MISS
  0xc0: instructions, // INST_RETIRED
};

function tally(cpu: Cpu, k: number): number {
  const event = cpu.performance.events[k]!;
  const count = EVENTS[event & 0xff];
  if (!count || (cpu.performance.events[0]! & ENABLE) === 0) return 0;
  const { user, system } = count(cpu);
  return ((event & USER) !== 0 ? user : 0) + ((event & SYSTEM) !== 0 ? system : 0);
}

/** Forty bits. */
export function counterValue(cpu: Cpu, k: number): number {
  const { values, from } = cpu.performance;
  return (values[k]! + tally(cpu, k) - from[k]!) % FORTY_BITS;
}

/** A written counter takes 32 bits and extends their sign. */
export function setCounter(cpu: Cpu, k: number, low: number): void {
  cpu.performance.values[k] = low < 0 ? FORTY_BITS - TWO_32 + (low >>> 0) : low;
  cpu.performance.from[k] = tally(cpu, k);
}

/** Both counters are brought up to date first: enabling is common to them. */
export function setEvent(cpu: Cpu, k: number, low: number): void {
  const { performance } = cpu;
  performance.values = [0, 1].map((c) => counterValue(cpu, c));
  performance.events[k] = low;
  performance.from = [0, 1].map((c) => tally(cpu, c));
}
