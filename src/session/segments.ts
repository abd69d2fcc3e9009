/**
 * What the strata diagram is drawn from, in bounded memory: the latest segments one by one, and the whole run as a row
 * of equal stretches with the cycles of each account, whose length doubles whenever the row is full.
 */
import type { StrataSegment } from '../protocol/frame.ts';

type Key = Pick<StrataSegment, 'layer' | 'level' | 'reason'>;

/** Segments kept one by one. */
const CAPACITY = 1 << 16;
/** Stretches of the overview, and accounts that it tells apart. */
const STRETCHES = 2048;
const ACCOUNTS = 64;
const FIRST_STRETCH = 1024;

export class Segments {
  private readonly keys: Key[] = [];
  private readonly from = new Float64Array(CAPACITY);
  private readonly cycles = new Float64Array(CAPACITY);
  private readonly ids = new Uint8Array(CAPACITY);
  private first = 0;
  private count = 0;
  private overview = new Float64Array(STRETCHES * ACCOUNTS);
  private stretch = FIRST_STRETCH;
  private last: number;

  constructor(start: number) {
    this.last = start;
  }

  /** First cycle that is still known segment by segment. */
  get start(): number {
    return this.count === 0 ? this.last : this.from[this.first]!;
  }

  /** Cycle up to which the run has been seen. */
  get end(): number {
    return this.last;
  }

  /** Cycles that one stretch of the overview stands for. */
  get overviewGrain(): number {
    return this.stretch;
  }

  /** Takes in a segment; what was seen before (a run that is repeated) is left out. */
  add({ from, cycles, layer, level, reason }: StrataSegment): void {
    const begin = Math.max(from, this.last);
    const length = from + cycles - begin;
    if (length <= 0) return;
    const id = this.idOf(layer, level, reason);
    this.last = begin + length;
    this.addToOverview(id, begin, length);
    const latest = (this.first + this.count - 1) % CAPACITY;
    if (this.count > 0 && this.ids[latest] === id && this.from[latest]! + this.cycles[latest]! === begin) {
      this.cycles[latest]! += length;
      return;
    }
    const at = (this.first + this.count) % CAPACITY;
    this.from[at] = begin;
    this.cycles[at] = length;
    this.ids[at] = id;
    if (this.count === CAPACITY) this.first = (this.first + 1) % CAPACITY;
    else this.count++;
  }

  private idOf(layer: string, level: number, reason: string): number {
    const known = this.keys.findIndex((k) => k.reason === reason && k.level === level && k.layer === layer);
    if (known >= 0) return known;
    this.keys.push({ layer, level, reason });
    return this.keys.length - 1;
  }

  private addToOverview(id: number, from: number, cycles: number): void {
    while (from + cycles > STRETCHES * this.stretch) this.widen();
    for (let at = from; at < from + cycles;) {
      const stretch = Math.floor(at / this.stretch);
      const upTo = Math.min(from + cycles, (stretch + 1) * this.stretch);
      this.overview[stretch * ACCOUNTS + id]! += upTo - at;
      at = upTo;
    }
  }

  private widen(): void {
    const wider = new Float64Array(STRETCHES * ACCOUNTS);
    for (let i = 0; i < STRETCHES; i++)
      for (let id = 0; id < ACCOUNTS; id++)
        wider[(i >> 1) * ACCOUNTS + id]! += this.overview[i * ACCOUNTS + id]!;
    this.overview = wider;
    this.stretch *= 2;
  }

  /** Forgets what lies after `clock`: the future has changed. */
  cut(clock: number): void {
    while (this.count > 0) {
      const latest = (this.first + this.count - 1) % CAPACITY;
      const from = this.from[latest]!;
      if (from < clock) {
        this.cycles[latest] = Math.min(this.cycles[latest]!, clock - from);
        break;
      }
      this.count--;
    }
    // The stretch that is cut keeps its shares; the diagram shows it a little wrong until the run has passed it again.
    const stretch = Math.floor(clock / this.stretch);
    this.overview.fill(0, (stretch + 1) * ACCOUNTS);
    const kept = (clock - stretch * this.stretch) / this.stretch;
    for (let id = 0; id < ACCOUNTS; id++) this.overview[stretch * ACCOUNTS + id]! *= kept;
    this.last = Math.min(this.last, clock);
  }

  /** The segments that touch the window, one by one. */
  exact(from: number, to: number): StrataSegment[] {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = (this.first + middle) % CAPACITY;
      if (this.from[at]! + this.cycles[at]! <= from) low = middle + 1;
      else high = middle;
    }
    const found: StrataSegment[] = [];
    for (let i = low; i < this.count; i++) {
      const at = (this.first + i) % CAPACITY;
      const begin = this.from[at]!;
      if (begin >= to) break;
      const { layer, level, reason } = this.keys[this.ids[at]!]!;
      found.push({ from: begin, cycles: this.cycles[at]!, layer, level, reason });
    }
    return found;
  }

  /** The window from the overview: within each stretch the accounts stand one after the other. */
  coarse(from: number, to: number): StrataSegment[] {
    const found: StrataSegment[] = [];
    const end = Math.min(to, this.last);
    for (let i = Math.floor(from / this.stretch); i * this.stretch < end && i < STRETCHES; i++) {
      let at = i * this.stretch;
      this.keys.forEach(({ layer, level, reason }, id) => {
        const cycles = this.overview[i * ACCOUNTS + id] ?? 0;
        if (cycles <= 0) return;
        found.push({ from: at, cycles, layer, level, reason });
        at += cycles;
      });
    }
    return found;
  }
}

/** Gathers segments into stretches of `grain` cycles; those that are as long themselves stay whole. */
function gathered(segments: readonly StrataSegment[], grain: number): StrataSegment[] {
  const found: StrataSegment[] = [];
  let bin: StrataSegment[] = [];
  let limit = -1;
  const close = (): void => {
    let at = bin[0]?.from ?? 0;
    for (const segment of bin) {
      found.push({ ...segment, from: at });
      at += segment.cycles;
    }
    bin = [];
  };
  for (const segment of segments) {
    if (segment.cycles >= grain) {
      close();
      found.push(segment);
      continue;
    }
    if (bin.length === 0 || segment.from >= limit) {
      close();
      limit = (Math.floor(segment.from / grain) + 1) * grain;
    }
    const { layer, level, reason } = segment;
    const same = bin.findIndex((s) => s.reason === reason && s.level === level && s.layer === layer);
    if (same < 0) bin.push(segment);
    else bin[same] = { ...bin[same]!, cycles: bin[same]!.cycles + segment.cycles };
  }
  close();
  return found;
}

/** At most `most` segments: short ones are merged, the more the more there are. */
export function merged(segments: readonly StrataSegment[], grain: number, most: number): StrataSegment[] {
  const [head, tail] = [segments[0], segments.at(-1)];
  if (!head || !tail) return [];
  let found = grain > 1 ? gathered(segments, grain) : [...segments];
  const length = tail.from + tail.cycles - head.from;
  for (let wider = Math.max(2 * grain, length / most); found.length > most; wider *= 2)
    found = gathered(segments, wider);
  return found;
}
