/**
 * One counter of the 8254, as a function of the tick at which somebody looks. Intel 8254 data sheet (231164), "Mode
 * definitions". A counter that runs is known by the tick at which it was loaded; nothing is ever stepped.
 */

export interface Counter {
  /** 0 … 5; 6 and 7 of the control word are 2 and 3. */
  readonly mode: number;
  /** 1 low byte, 2 high byte, 3 low then high. */
  readonly access: number;
  readonly bcd: boolean;
  /** Count in the count register, 1 … 65536 (10000); 0 = none since the control word. */
  readonly written: number;
  /** Count that the counting element was loaded with, 0 = never. */
  readonly active: number;
  /** Tick at which it was loaded. */
  readonly origin: number;
  /** Ticks that had passed when the gate went low, −1 while it counts. */
  readonly held: number;
  /** Tick at which the count register is loaded, −1 = nothing waits. */
  readonly loadAt: number;
  readonly gate: boolean;
  readonly lowWritten: number;
  readonly highNext: boolean;
  /** Latched bytes still to be read: status, then count, low first. */
  readonly latched: readonly number[];
}

export const RESET_COUNTER: Counter = {
  mode: 3,
  access: 3,
  bcd: false,
  written: 0,
  active: 0,
  origin: 0,
  held: -1,
  loadAt: -1,
  gate: true,
  lowWritten: -1,
  highNext: false,
  latched: [],
};

const isPeriodic = ({ mode }: Counter): boolean => mode === 2 || mode === 3;
/** Modes that a rising gate starts; in the others it only lets counting go on. */
const isTriggered = ({ mode }: Counter): boolean => mode === 1 || mode === 5;
const range = ({ bcd }: Counter): number => (bcd ? 10000 : 0x10000);

/** Loads what waits, if its tick has come. */
export function settled(counter: Counter, tick: number): Counter {
  const { loadAt, written } = counter;
  if (loadAt < 0 || tick < loadAt) return counter;
  return { ...counter, active: written, origin: loadAt, loadAt: -1, held: held(counter) ? 0 : -1 };
}

const held = ({ gate, mode }: Counter): boolean => !gate && mode !== 1 && mode !== 5;

export function passed({ origin, held: at }: Counter, tick: number): number {
  return at >= 0 ? at : tick - origin;
}

/** The state after a control word. */
export const programmed = (counter: Counter, mode: number, access: number, bcd: boolean): Counter => ({
  ...RESET_COUNTER,
  gate: counter.gate,
  mode: mode > 5 ? mode - 4 : mode,
  access,
  bcd,
});

/** The state after a count was written: when it is loaded depends on the mode. */
export function counted(counter: Counter, value: number, tick: number): Counter {
  const written = value === 0 ? range(counter) : value;
  const next = { ...counter, written, lowWritten: -1 };
  if (isTriggered(counter)) return next;
  if (!isPeriodic(counter) || counter.active === 0) return { ...next, loadAt: tick + 1 };
  // A period, or in mode 3 half of one, is finished first; with the gate low nothing is under way.
  return counter.held >= 0 ? next : { ...next, loadAt: endOfPart(counter, tick) };
}

function endOfPart(counter: Counter, tick: number): number {
  const { active, origin, mode } = counter;
  const phase = (tick - origin) % active;
  const begin = tick - phase;
  const high = Math.ceil(active / 2);
  return mode === 3 && phase < high ? begin + high : begin + active;
}

/** The state after the gate has changed. */
export function gated(counter: Counter, gate: boolean, tick: number): Counter {
  if (gate === counter.gate) return counter;
  const next = { ...counter, gate };
  if (isTriggered(counter)) return gate && counter.written > 0 ? { ...next, loadAt: tick + 1 } : next;
  if (!gate) return counter.active > 0 ? { ...next, held: passed(counter, tick), loadAt: -1 } : next;
  if (isPeriodic(counter)) return counter.written > 0 ? { ...next, held: -1, loadAt: tick + 1 } : next;
  return counter.held >= 0 ? { ...next, origin: tick - counter.held, held: -1 } : next;
}

/** What the counting element holds. */
export function countOf(counter: Counter, tick: number): number {
  const { active, mode } = counter;
  if (active === 0) return 0;
  const ticks = passed(counter, tick);
  if (mode === 2) return active - (ticks % active);
  if (mode === 3) return squareCount(active, ticks % active);
  const size = range(counter);
  return (((active - ticks) % size) + size) % size;
}

/** It counts by two, from an even number; an odd count has one tick more while the output is high. */
function squareCount(active: number, phase: number): number {
  const high = Math.ceil(active / 2);
  const even = active & ~1;
  if (phase < high) return phase === 0 ? active : Math.max(even - 2 * (phase - (active & 1)), 2);
  return even - 2 * (phase - high);
}

/** The output line. */
export function outputOf(counter: Counter, tick: number): boolean {
  const { active, mode, gate } = counter;
  if (mode === 0) return active > 0 && passed(counter, tick) >= active && counter.loadAt < 0;
  if (active === 0) return true;
  const ticks = passed(counter, tick);
  switch (mode) {
    case 1:
      return ticks >= active;
    case 2:
      return !gate || ticks % active !== active - 1;
    case 3:
      return !gate || ticks % active < Math.ceil(active / 2);
    default:
      return ticks !== active;
  }
}

/** Tick of the next rising edge of the output after `tick`, −1 = none. */
export function nextEdge(counter: Counter, tick: number): number {
  const { active, mode, origin, loadAt } = counter;
  if (counter.held >= 0) return -1;
  if (loadAt >= 0) {
    const loaded = nextEdge(settled(counter, loadAt), loadAt);
    if (!isPeriodic(counter) || active === 0) return loaded;
    // The period under way ends where the new count is loaded, or half-way before it.
    return loadAt > tick && mode === 2 ? loadAt : loaded;
  }
  if (active === 0) return -1;
  if (isPeriodic(counter)) return origin + active * (Math.floor((tick - origin) / active) + 1);
  const rising = origin + active + (mode >= 4 ? 1 : 0);
  return rising > tick ? rising : -1;
}
