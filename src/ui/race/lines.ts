/** Lines over steps on a logarithmic scale, as numbers: where each stands, and where its name has room. */
import { scaleLog } from 'd3-scale';

export interface Line {
  readonly technique: string;
  /** One for each step; null: not measured, or it did not end well. */
  readonly values: readonly (number | null)[];
}

/** Pixels that a name beside its line needs. */
const NAME = 15;

/** From the smallest value to the largest, in pixels from the bottom up. */
export function heightScale(lines: readonly Line[], height: number): (value: number) => number {
  const values = lines.flatMap(({ values: each }) => each.filter((value) => value !== null));
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return scaleLog([least, most > least ? most : least * 1.01], [height, 0]);
}

/** Round values between the smallest and the largest: 1, 2 and 5 and their tenfolds, fewer where there are many. */
export function roundValues(lines: readonly Line[]): readonly number[] {
  const values = lines.flatMap(({ values: each }) => each.filter((value) => value !== null));
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const all: number[] = [];
  for (let ten = 10 ** Math.floor(Math.log10(least)); ten <= most; ten *= 10)
    all.push(...[1, 2, 5].map((each) => each * ten).filter((each) => each >= least && each <= most));
  const tens = all.filter((each) => Number.isInteger(Math.log10(each)));
  return all.length > 6 && tens.length > 1 ? tens : all;
}

/** Moves what would overlap apart, keeping the order, and none beyond `most`. */
export function apart(wanted: readonly number[], most: number, least = NAME): readonly number[] {
  const order = wanted.map((_, k) => k).sort((a, b) => wanted[a]! - wanted[b]!);
  const placed = [...wanted];
  for (const [nth, k] of order.entries())
    placed[k] = Math.max(placed[k]!, (placed[order[nth - 1] ?? -1] ?? -Infinity) + least);
  let limit = most;
  for (const k of order.toReversed()) {
    placed[k] = Math.min(placed[k]!, limit);
    limit = placed[k] - least;
  }
  return placed;
}

/** Techniques that finished at a step, the fastest first. */
export const orderAt = (lines: readonly Line[], step: number): readonly string[] =>
  lines
    .filter(({ values }) => values[step] !== null && values[step] !== undefined)
    .sort((a, b) => a.values[step]! - b.values[step]!)
    .map(({ technique }) => technique);

/** Pairs that stand in another order at one step than at the next: who comes to the front, and whom it passes. */
export interface Crossing {
  readonly step: number;
  readonly passes: string;
  readonly passed: string;
}

export function crossings(lines: readonly Line[]): readonly Crossing[] {
  const steps = Math.max(0, ...lines.map(({ values }) => values.length));
  /** What was not measured is in no order with anything. */
  const lead = (a: Line, b: Line, step: number): number =>
    (a.values[step] ?? Number.NaN) - (b.values[step] ?? Number.NaN);
  return Array.from({ length: steps }, (_, step) => step).flatMap((step) =>
    lines.flatMap((a) =>
      lines
        .filter((b) => lead(a, b, step - 1) > 0 && lead(a, b, step) < 0)
        .map((b) => ({ step, passes: a.technique, passed: b.technique })),
    ),
  );
}
