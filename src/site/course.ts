// The course of a run as areas of a drawing: one unit wide for each slice, one high, the hardware at the bottom.
import type { Course } from './figures.ts';

/** From the bottom up, as every lab draws them. */
const LAYERS = ['hardware', 'monitor', 'host', 'guest-kernel', 'guest-user'] as const;

export interface Area {
  readonly layer: string;
  readonly path: string;
}

/** Steps, because a slice is an average; the last slice is as wide as it was full. */
export function areasOf(course: Course): readonly Area[] {
  const floor = course.map(() => 0);
  return LAYERS.flatMap((layer) => {
    const low = [...floor];
    course.forEach((shares, at) => {
      const full = Object.values(shares).reduce((sum, share) => sum + share, 0);
      floor[at]! += full > 0 ? (shares[layer] ?? 0) / full : 0;
    });
    if (!course.some((shares) => (shares[layer] ?? 0) > 0)) return [];
    return [{ layer, path: stepped(course.map(widthOf), low, floor) }];
  });
}

const widthOf = (shares: Course[number], at: number, all: Course): number =>
  at < all.length - 1
    ? 1
    : Math.min(
        1,
        Object.values(shares).reduce((sum, share) => sum + share, 0),
      );

const short = (value: number): string => String(Math.round(value * 100) / 100);

function stepped(widths: readonly number[], low: readonly number[], high: readonly number[]): string {
  const ends = widths.map((_, at) => widths.slice(0, at + 1).reduce((sum, width) => sum + width, 0));
  const over = high.map((y, at) => `V${short(1 - y)}H${short(ends[at]!)}`);
  const back = low.map((y, at) => `V${short(1 - y)}H${short(ends[at]! - widths[at]!)}`).reverse();
  return `M0 1${over.join('')}${back.join('')}Z`;
}
