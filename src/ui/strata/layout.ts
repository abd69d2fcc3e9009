/**
 * Geometry of the strata diagram, without a canvas: what stands where. Long segments become bars of their own; those
 * shorter than two pixels are gathered into one bin per pixel and row, whose height is the row's share of that time.
 * Zooming out therefore turns steps into density without a change of picture.
 */
import type { StrataSegment } from '../../protocol/frame.ts';
import { rowKey, type Row } from '../layers.ts';
import type { Window } from './window.ts';

export interface Bar {
  readonly x: number;
  readonly width: number;
  /** Index of the row, from the bottom. */
  readonly row: number;
  /** Share of the time, 0 … 1. */
  readonly share: number;
  /** The wait state: drawn hollow. */
  readonly idle: boolean;
}

/** A vertical step: control goes from one row to another. */
export interface Step {
  readonly x: number;
  readonly from: number;
  readonly to: number;
}

export interface Label {
  readonly x: number;
  readonly width: number;
  readonly row: number;
  readonly segment: StrataSegment;
}

export interface Layout {
  readonly bars: readonly Bar[];
  readonly steps: readonly Step[];
  readonly labels: readonly Label[];
}

/** Narrowest segment that is drawn by itself, and narrowest that has room for a word. */
const ALONE = 2;
const WORDS = 56;

export function layOut(
  segments: readonly StrataSegment[],
  rows: readonly Row[],
  window: Window,
  width: number,
): Layout {
  const [from, to] = window;
  const scale = width / Math.max(1, to - from);
  const indexes: Readonly<Record<string, number>> = Object.fromEntries(
    rows.map((row, index) => [rowKey(row), index]),
  );
  const busy = rows.map(() => new Float64Array(Math.ceil(width) + 1));
  const idle = rows.map(() => new Float64Array(Math.ceil(width) + 1));
  const bars: Bar[] = [];
  const steps: Step[] = [];
  const labels: Label[] = [];
  let last: { readonly row: number; readonly wide: boolean } | null = null;
  for (const segment of segments) {
    const row = indexes[rowKey(segment)];
    const start = (Math.max(segment.from, from) - from) * scale;
    const end = (Math.min(segment.from + segment.cycles, to) - from) * scale;
    if (row === undefined || end <= start) continue;
    const waits = segment.reason === 'idle';
    const wide = end - start >= ALONE;
    // A hairline of paper parts neighbours of one row.
    const inset = end - start >= 4 ? 1 : 0;
    if (wide) bars.push({ x: start, width: end - start - inset, row, share: 1, idle: waits });
    else gather((waits ? idle : busy)[row]!, start, end);
    if (last && last.row !== row && (wide || last.wide)) steps.push({ x: start, from: last.row, to: row });
    if (end - start >= WORDS) labels.push({ x: start, width: end - start, row, segment });
    last = { row, wide };
  }
  rows.forEach((_, row) => {
    bars.push(...binned(busy[row]!, row, false), ...binned(idle[row]!, row, true));
  });
  return { bars, steps, labels };
}

/** Adds the stretch to the one or two pixels that it lies in. */
function gather(bins: Float64Array, start: number, end: number): void {
  for (let pixel = Math.floor(start); pixel < end; pixel++)
    bins[pixel] = (bins[pixel] ?? 0) + Math.min(end, pixel + 1) - Math.max(start, pixel);
}

function binned(bins: Float64Array, row: number, idle: boolean): Bar[] {
  const bars: Bar[] = [];
  bins.forEach((share, x) => {
    if (share > 0.002) bars.push({ x, width: 1, row, share: Math.min(1, share), idle });
  });
  return bars;
}

/** The segment that covers a cycle, by binary search; segments lie in order of time. */
export function segmentAt(segments: readonly StrataSegment[], clock: number): StrataSegment | null {
  let low = 0;
  let high = segments.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const { from, cycles } = segments[middle]!;
    if (clock < from) high = middle - 1;
    else if (clock >= from + cycles) low = middle + 1;
    else return segments[middle]!;
  }
  return null;
}

/** Share of the time shown that each row took, for the table and the description. */
export function sharesOf(segments: readonly StrataSegment[], rows: readonly Row[], window: Window): number[] {
  const keys = rows.map(rowKey);
  const cycles = rows.map(() => 0);
  let total = 0;
  for (const segment of segments) {
    const length = Math.min(segment.from + segment.cycles, window[1]) - Math.max(segment.from, window[0]);
    const row = keys.indexOf(rowKey(segment));
    if (length <= 0 || row < 0) continue;
    cycles[row]! += length;
    total += length;
  }
  return cycles.map((each) => (total === 0 ? 0 : each / total));
}

/** Cycles at which control passes from one row to another, with what was left and what was entered. */
export function transfersOf(
  segments: readonly StrataSegment[],
): readonly { readonly clock: number; readonly from: StrataSegment; readonly to: StrataSegment }[] {
  const found: { clock: number; from: StrataSegment; to: StrataSegment }[] = [];
  segments.forEach((to, index) => {
    const from = segments[index - 1];
    if (from && rowKey(from) !== rowKey(to)) found.push({ clock: to.from, from, to });
  });
  return found;
}
