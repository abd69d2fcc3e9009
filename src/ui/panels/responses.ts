/** Response times sorted into classes, each about twice as wide as the one before it. */
const BOUNDS = [0.5, 1, 2, 5, 10, 20, 50, 100] as const;

export interface ResponseClass {
  /** Seconds up to which it reaches; null: all that is longer. */
  readonly to: number | null;
  readonly count: number;
}

/** @param responses in cycles, of which `second` make a second of the users */
export function responseClasses(responses: readonly number[], second: number): readonly ResponseClass[] {
  const classOf = (cycles: number): number => {
    const at = BOUNDS.findIndex((bound) => cycles / second <= bound);
    return at < 0 ? BOUNDS.length : at;
  };
  const counts = new Array<number>(BOUNDS.length + 1).fill(0);
  for (const cycles of responses) counts[classOf(cycles)]!++;
  return counts.map((count, i) => ({ to: BOUNDS[i] ?? null, count }));
}

/** Seconds within which the part `share` of all has been answered. */
export function within(responses: readonly number[], second: number, share: number): number {
  const sorted = responses.toSorted((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.floor(share * sorted.length));
  return (sorted[at] ?? 0) / second;
}
