/** Values of expressions: a number plus the unknown starts of sections, added or subtracted. */

/** As much of a section as values need: its identity, and its address once the layout is known. */
export interface Place {
  readonly name: string;
  /** A dummy section describes a layout; it never gets an address. */
  readonly dummy: boolean;
  readonly address: number;
}

export interface Value {
  readonly offset: number;
  /** Sections whose start is contained, and how many times (never 0). Empty: the value is absolute. */
  readonly starts: ReadonlyMap<Place, number>;
}

const NONE: ReadonlyMap<Place, number> = new Map();

export const absolute = (offset: number): Value => ({ offset, starts: NONE });

export const relocatable = (place: Place, offset: number): Value => ({
  offset,
  starts: new Map([[place, 1]]),
});

export const isAbsolute = (value: Value): boolean => value.starts.size === 0;

/** The one section the value lies in, or null if it is absolute or a sum that is no address. */
export function sectionOf({ starts }: Value): Place | null {
  if (starts.size !== 1) return null;
  const [place, times] = [...starts][0]!;
  return times === 1 ? place : null;
}

/** `left + sign × right`. */
export function combine(left: Value, right: Value, sign: 1 | -1): Value {
  const offset = left.offset + sign * right.offset;
  if (right.starts.size === 0) return { offset, starts: left.starts };
  const starts = new Map(left.starts);
  for (const [place, times] of right.starts) {
    const total = (starts.get(place) ?? 0) + sign * times;
    if (total === 0) starts.delete(place);
    else starts.set(place, total);
  }
  return { offset, starts };
}

/** The number once sections have addresses; null if a dummy section is left in it. */
export function resolved({ offset, starts }: Value): number | null {
  let sum = offset;
  for (const [place, times] of starts) {
    if (place.dummy) return null;
    sum += times * place.address;
  }
  return sum;
}
