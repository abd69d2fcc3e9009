/**
 * The translation cache: units in the monitor's memory, found by guest address, by place in the cache and by the page
 * that they were translated from; chained to each other, and dropped when their page changes.
 */
import type { SystemPc } from '../../machines/pc/system.ts';
import { CALL_OUT_BYTES, doubleword, type Exit, type Point, type Site } from './emitter.ts';
import { CACHE, CACHE_BYTES, HASH, linear, PAGE, RESERVED } from './layout.ts';
import type { Translated, Translation } from './translate.ts';

/** Units begin at multiples of this, so that writing one leaves the decoded code of others alone. */
const ALIGN = 64;
/** The first places of the cache: where the hash leads when there is nothing, and where interpreted guests stand. */
const MISS = 0;
export const INTERPRETING = 16;
const FIRST = ALIGN;

export interface Unit {
  readonly id: number;
  readonly eip: number;
  readonly linear: number;
  readonly physical: number;
  readonly length: number;
  readonly lastFrame: number;
  /** Offset in the cache, bytes, and offset within of where direct jumps enter. */
  readonly at: number;
  readonly size: number;
  readonly entry: number;
  readonly points: readonly Point[];
  readonly sites: readonly Site[];
  readonly exits: readonly Exit[];
  readonly instructions: readonly Translated[];
  /** Exits of other units that are chained to this one. */
  incoming: (readonly [unit: number, exit: number])[];
}

export interface CacheState {
  readonly units: readonly Unit[];
  readonly used: number;
  readonly made: number;
}

export class TranslationCache {
  private readonly system: SystemPc;
  private readonly units = new Map<number, Unit>();
  private readonly byEip = new Map<number, Unit>();
  private readonly byFrame = new Map<number, Set<Unit>>();
  /** By linear page, of first and last byte. */
  private readonly byPage = new Map<number, Set<Unit>>();
  private readonly owner = new Int32Array(CACHE_BYTES / ALIGN).fill(-1);
  private used = FIRST;
  /** Units made so far; their numbers. */
  made = 0;

  constructor(system: SystemPc) {
    this.system = system;
  }

  private get home(): number {
    return this.system.memorySize - RESERVED;
  }

  /** Writes the fixed places and empties the hash. */
  start(): void {
    // INT and a jump back to it, twice: one for what the hash does not know, one for guests that are interpreted.
    for (const at of [MISS, INTERPRETING]) this.write(at, [...CALL_OUT_BYTES, 0xeb, 0xfc]);
    const miss = linear(CACHE + MISS);
    for (let k = 0; k < 0x10000; k++) this.system.storePhysical(this.home + HASH + 4 * k, miss);
  }

  private write(at: number, bytes: readonly number[]): void {
    const to = this.home + CACHE + at;
    for (let k = 0; k < bytes.length; k += 4)
      this.system.storePhysical(
        to + k,
        (bytes[k] ?? 0) |
          ((bytes[k + 1] ?? 0) << 8) |
          ((bytes[k + 2] ?? 0) << 16) |
          ((bytes[k + 3] ?? 0) << 24),
      );
  }

  get count(): number {
    return this.units.size;
  }
  get bytesUsed(): number {
    return this.used;
  }
  /** All units, for those who look on. */
  all(): readonly Unit[] {
    return [...this.units.values()];
  }

  /** The unit made last, of those that are still there. */
  get latest(): Unit | undefined {
    return [...this.units.values()].at(-1);
  }

  find(eip: number): Unit | undefined {
    return this.byEip.get(eip);
  }
  /** The unit at an offset of the cache. */
  unitAt(at: number): Unit | undefined {
    return this.units.get(this.owner[Math.floor(at / ALIGN)] ?? -1);
  }
  isMiss(at: number): boolean {
    return at === MISS;
  }
  holdsCodeOf(frame: number): boolean {
    return this.byFrame.has(frame);
  }
  /** Linear pages that units come from, with their frames. */
  *pages(): Iterable<readonly [page: number, frame: number]> {
    for (const [page, units] of this.byPage) {
      const [unit] = units;
      if (unit) yield [page, page === unit.linear >>> 12 ? unit.physical & -PAGE : unit.lastFrame];
    }
  }

  /** Where a unit is entered by direct jumps, and by the hash. */
  entryOf(unit: Unit): number {
    return linear(CACHE + unit.at + unit.entry);
  }

  /** Puts a translation into the cache; null if it does not fit any more. */
  place(translation: Translation): Unit | null {
    const { code, eip, physical, lastFrame } = translation;
    const size = code.bytes.length;
    if (this.used + size > CACHE_BYTES) return null;
    const at = this.used;
    this.used = (at + size + ALIGN - 1) & -ALIGN;
    this.write(at, code.bytes);
    const unit: Unit = {
      id: this.made++,
      eip,
      linear: translation.linear,
      physical,
      length: translation.length,
      lastFrame,
      at,
      size,
      entry: translation.entry,
      points: code.points,
      sites: code.sites,
      exits: code.exits,
      instructions: translation.instructions,
      incoming: [],
    };
    this.enter(unit);
    this.hash(unit);
    return unit;
  }

  private enter(unit: Unit): void {
    this.units.set(unit.id, unit);
    this.byEip.set(unit.eip, unit);
    for (const frame of framesOf(unit)) put(this.byFrame, frame, unit);
    for (const page of pagesOf(unit)) put(this.byPage, page, unit);
    this.owner.fill(unit.id, unit.at / ALIGN, Math.ceil((unit.at + unit.size) / ALIGN));
  }

  /** Lets the hash lead to a unit. */
  hash(unit: Unit): void {
    this.system.storePhysical(this.home + HASH + 4 * (unit.eip & 0xffff), linear(CACHE + unit.at));
  }

  // ---------------------------------------------------------------- chaining

  chain(from: Unit, index: number, to: Unit): void {
    const exit = from.exits[index]!;
    exit.to = to.id;
    to.incoming.push([from.id, index]);
    const target = to.at + to.entry;
    this.patch(from.at + exit.at, [0xe9, ...doubleword(target - (from.at + exit.at + 5))]);
    if (exit.branch >= 0) this.patch(from.at + exit.branch, doubleword(target - (from.at + exit.branch + 4)));
  }

  private unchain(from: Unit, index: number): void {
    const exit = from.exits[index]!;
    exit.to = -1;
    this.patch(from.at + exit.at, CALL_OUT_BYTES);
    if (exit.branch >= 0) this.patch(from.at + exit.branch, doubleword(exit.at - (exit.branch + 4)));
  }

  /** Replaces bytes anywhere in the cache, by whole doublewords. */
  private patch(at: number, bytes: readonly number[]): void {
    const { system, home } = this;
    for (let word = at & -4; word < at + bytes.length; word += 4) {
      let value = system.loadPhysical(home + CACHE + word);
      for (let k = 0; k < 4; k++) {
        const byte = bytes[word + k - at];
        if (byte !== undefined) value = (value & ~(0xff << (8 * k))) | (byte << (8 * k));
      }
      system.storePhysical(home + CACHE + word, value);
    }
  }

  // ---------------------------------------------------------------- dropping

  private drop(unit: Unit): void {
    const { system, home } = this;
    if (!this.units.delete(unit.id)) return;
    if (this.byEip.get(unit.eip) === unit) this.byEip.delete(unit.eip);
    for (const frame of framesOf(unit)) take(this.byFrame, frame, unit);
    for (const page of pagesOf(unit)) take(this.byPage, page, unit);
    const slot = home + HASH + 4 * (unit.eip & 0xffff);
    if (system.loadPhysical(slot) === linear(CACHE + unit.at))
      system.storePhysical(slot, linear(CACHE + MISS));
    for (const [id, index] of unit.incoming) {
      const from = this.units.get(id);
      if (from?.exits[index]?.to === unit.id) this.unchain(from, index);
    }
  }

  /** Drops what was translated from these physical bytes; how many units that were. */
  dropStored(at: number, size: number): number {
    let count = 0;
    for (const unit of [...(this.byFrame.get(at & -PAGE) ?? [])]) {
      const within = Math.min(unit.length, PAGE - (unit.physical & (PAGE - 1)));
      const hit =
        (at < unit.physical + within && unit.physical < at + size) ||
        (unit.length > within && at < unit.lastFrame + unit.length - within && unit.lastFrame < at + size);
      if (!hit) continue;
      this.drop(unit);
      count++;
    }
    return count;
  }

  /** Drops what was translated from a range of linear addresses. */
  dropLinear(start: number, length: number): void {
    const [first, last] = [start >>> 12, (start + length - 1) >>> 12];
    const inRange = ({ linear: a, length: bytes }: Unit): boolean =>
      a >>> 0 < start + length && start < (a >>> 0) + bytes;
    for (const [page, units] of [...this.byPage])
      if (page >= first && page <= last) for (const unit of [...units]) if (inRange(unit)) this.drop(unit);
  }

  /** Forgets everything, and begins to fill the cache anew. */
  flush(): void {
    for (const unit of [...this.units.values()]) this.drop(unit);
    this.owner.fill(-1);
    this.used = FIRST;
  }

  save(): CacheState {
    const units = [...this.units.values()].map((unit) => ({
      ...unit,
      exits: unit.exits.map((exit) => ({ ...exit })),
      incoming: [...unit.incoming],
    }));
    return { units, used: this.used, made: this.made };
  }

  /** The machine's memory, with the cache's bytes, has been restored already. */
  restore({ units, used, made }: CacheState): void {
    this.units.clear();
    this.byEip.clear();
    this.byFrame.clear();
    this.byPage.clear();
    this.owner.fill(-1);
    for (const unit of units)
      this.enter({ ...unit, exits: unit.exits.map((exit) => ({ ...exit })), incoming: [...unit.incoming] });
    [this.used, this.made] = [used, made];
  }
}

const framesOf = (unit: Unit): readonly number[] => [unit.physical & -PAGE, unit.lastFrame];
const pagesOf = ({ linear: a, length }: Unit): readonly number[] => [
  a >>> 12,
  ((a + length - 1) >>> 0) >>> 12,
];

function put(index: Map<number, Set<Unit>>, key: number, unit: Unit): void {
  const there = index.get(key) ?? new Set();
  there.add(unit);
  index.set(key, there);
}
function take(index: Map<number, Set<Unit>>, key: number, unit: Unit): void {
  const there = index.get(key);
  there?.delete(unit);
  if (there?.size === 0) index.delete(key);
}

/** The last point at or before an offset of a unit. */
export function pointAt(unit: Unit, at: number): Point | undefined {
  let found: Point | undefined;
  for (const point of unit.points) {
    if (point.at > at) break;
    found = point;
  }
  return found;
}
