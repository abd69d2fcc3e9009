/**
 * Shadow descriptor tables: the guest's segments as the processor may load them, level 0 having become level 1 and none
 * reaching to the monitor. They are compared with the guest's before programs can load from them; kernel code compares
 * for itself (sequences.ts). What is no segment is left empty, so that loading it faults and is emulated.
 */
import type { Cpu } from '../../machines/pc/cpu.ts';
import { CS, FAULT, SS, type SegmentNumber } from '../../machines/pc/registers.ts';
import {
  ACCESSED,
  BIG,
  CODE,
  CONFORMING,
  dplOf,
  EXPAND_DOWN,
  GRANULAR,
  NOT_SYSTEM,
  PRESENT,
  READABLE,
} from '../../machines/pc/segment-checks.ts';
import { baseOf, limitOf } from '../../machines/pc/segments.ts';
import type { SegmentContents, SystemPc } from '../../machines/pc/system.ts';
import { GLOBAL_TABLE, HIGHEST, linear, LOCAL_TABLE, RESERVED, SOURCES, USABLE } from './layout.ts';
import { COMPARE_DESCRIPTOR, PER_DESCRIPTOR, SHADOW } from './paths.ts';

/** Slots of the global table that guests can have; the last two are the monitor's segments. */
const MOST = 8190;
const LEVEL_1 = 0x2000;
const LEVEL = 0x6000;

interface Table {
  readonly shadow: number;
  /** What each slot was made from. */
  readonly low: Int32Array;
  readonly high: Int32Array;
  count: number;
}

const table = (shadow: number): Table => ({
  shadow,
  low: new Int32Array(8192),
  high: new Int32Array(8192),
  count: 0,
});

export interface DescriptorState {
  readonly counts: readonly [number, number];
  readonly sources: readonly (readonly [low: Int32Array, high: Int32Array])[];
}

export class ShadowDescriptors {
  private readonly system: SystemPc;
  private readonly guest: Cpu;
  private readonly global = table(GLOBAL_TABLE);
  private readonly local = table(LOCAL_TABLE);

  constructor(system: SystemPc, guest: Cpu) {
    this.system = system;
    this.guest = guest;
  }

  private get home(): number {
    return this.system.memorySize - RESERVED;
  }

  /** The guest has loaded another global table. */
  loadGlobal(): void {
    this.reset(this.global);
    this.system.loadGdt(linear(GLOBAL_TABLE), this.guest.gdtLimit);
    this.compare();
  }
  /** … or another local one. */
  loadLocal(): void {
    const { ldt } = this.guest;
    this.reset(this.local);
    this.system.loadLdt(ldt.selector, linear(LOCAL_TABLE), ldt.access === 0 ? 0 : ldt.limit);
    this.compare();
  }

  private reset(which: Table): void {
    for (let k = 0; k < which.count; k++) this.make(which, k, 0, 0);
    which.count = 0;
  }

  /** Makes the shadows of descriptors that the guest has changed. */
  compare(): void {
    const { guest, global, local } = this;
    this.compareTable(global, guest.gdtBase, Math.min(MOST, (guest.gdtLimit + 1) >>> 3));
    const entries = guest.ldt.access === 0 ? 0 : Math.min(8192, (guest.ldt.limit + 1) >>> 3);
    this.compareTable(local, guest.ldt.base, entries);
  }

  private compareTable(which: Table, base: number, count: number): void {
    const { guest, system } = this;
    which.count = Math.max(which.count, count);
    let changed = 0;
    for (let k = 0; k < count; k++) {
      let [low, high] = [0, 0];
      try {
        low = guest.system32((base + 8 * k) | 0);
        high = guest.system32((base + 8 * k + 4) | 0);
      } catch (fault) {
        if (fault !== FAULT) throw fault;
      }
      if (low === which.low[k] && high === which.high[k]) continue;
      changed++;
      this.make(which, k, low, high);
    }
    system.work(SHADOW, count * COMPARE_DESCRIPTOR + changed * PER_DESCRIPTOR);
  }

  private make(which: Table, k: number, low: number, high: number): void {
    const { system, home } = this;
    [which.low[k], which.high[k]] = [low, high];
    const [shadowLow, shadowHigh] = compressed(low, high);
    system.storePhysical(home + which.shadow + 8 * k, shadowLow);
    system.storePhysical(home + which.shadow + 8 * k + 4, shadowHigh);
    if (which !== this.global) return;
    system.storePhysical(home + SOURCES + 8 * k, low);
    system.storePhysical(home + SOURCES + 8 * k + 4, high);
    system.storePhysical(home + USABLE + 8 * k, usable(k, high, shadowHigh));
  }

  /** Whether a segment register would hold the same if its selector were loaded again. */
  reversible(segment: SegmentNumber): boolean {
    const { guest } = this;
    const selector = guest.selectors[segment]!;
    const access = guest.access[segment]!;
    if (access === 0 || (selector & 0xfffc) === 0) return access === 0 && segment !== CS && segment !== SS;
    const which = (selector & 4) !== 0 ? this.local : this.global;
    const k = selector >>> 3;
    if (k >= which.count) return false;
    const [low, high] = [which.low[k]!, which.high[k]!];
    const d = { selector, at: 0, low, high, access: (high >>> 8) & 0xf0ff };
    return (
      baseOf(d) === guest.bases[segment] &&
      limitOf(d) === guest.limits[segment] &&
      ((d.access ^ access) & (BIG | GRANULAR | 0xfe)) === 0
    );
  }

  save(): DescriptorState {
    return {
      counts: [this.global.count, this.local.count],
      sources: [this.global, this.local].map(
        ({ low, high, count }) => [low.slice(0, count), high.slice(0, count)] as const,
      ),
    };
  }
  restore({ counts, sources }: DescriptorState): void {
    [this.global, this.local].forEach((which, n) => {
      which.low.fill(0).set(sources[n]![0]);
      which.high.fill(0).set(sources[n]![1]);
      which.count = counts[n]!;
    });
  }
}

/** A descriptor as level 1 may use it, or nothing. */
function compressed(low: number, high: number): readonly [number, number] {
  const access = (high >>> 8) & 0xf0ff;
  const nothing = [0, 0] as const;
  if ((access & (NOT_SYSTEM | PRESENT)) !== (NOT_SYSTEM | PRESENT)) return nothing;
  if ((access & (CODE | EXPAND_DOWN)) === EXPAND_DOWN) return nothing;
  const d = { selector: 0, at: 0, low, high, access };
  const lifted = (high & LEVEL) === 0 ? high | LEVEL_1 : high;
  const most = HIGHEST - (baseOf(d) >>> 0);
  if (most < 0xfff) return nothing;
  if (limitOf(d) <= most) return [low, lifted];
  // Larger than what is there, so it counts in pages.
  const pages = ((most + 1) >>> 12) - 1;
  return [(low & ~0xffff) | (pages & 0xffff), (lifted & ~0xf0000) | (pages & 0xf0000) | 0x800000];
}

/** Bytes for the four requested levels: whether a kernel may load the selector as data without asking. */
function usable(k: number, high: number, shadowHigh: number): number {
  if (k === 0) return 0x01010101;
  const access = (high >>> 8) & 0xf0ff;
  const readable = (access & (CODE | READABLE)) !== CODE;
  if (shadowHigh === 0 || !readable || (access & ACCESSED) === 0) return 0;
  const conforming = (access & (CODE | CONFORMING)) === (CODE | CONFORMING);
  const most = conforming ? 3 : dplOf(access);
  return [0, 1, 2, 3].reduce((bytes, rpl) => (rpl <= most ? bytes | (1 << (8 * rpl)) : bytes), 0);
}

/** What a segment register holds, cut so that it does not reach the monitor; null where no such segment can be made. */
export function truncated(contents: SegmentContents): SegmentContents {
  const { base, limit, access } = contents;
  if (access === 0) return contents;
  const most = HIGHEST - (base >>> 0);
  if ((access & (CODE | EXPAND_DOWN)) === EXPAND_DOWN || most < 0xfff)
    return { ...contents, base: 0, limit: 0, access: 0 };
  return limit <= most ? contents : { ...contents, limit: most };
}
