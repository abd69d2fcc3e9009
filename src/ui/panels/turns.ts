/** Who had the processor, read off the dispatch events: the rows of the scheduler chart. */
import type { EventView } from '../../protocol/frame.ts';

export interface Turn {
  readonly subject: string;
  readonly from: number;
  readonly to: number;
}

/** Turns between `window` and the clock; a turn lasts until the next dispatch or wait. */
export function turnsOf(
  events: readonly EventView[],
  [first, last]: readonly [number, number],
  clock: number,
): readonly Turn[] {
  const ends = events
    .filter(({ kind }) => kind === 'dispatch' || kind === 'wait')
    .sort((a, b) => a.clock - b.clock);
  return ends.flatMap((event, index) => {
    if (event.kind !== 'dispatch') return [];
    const from = Math.max(first, event.clock);
    const to = Math.min(last, clock, ends[index + 1]?.clock ?? clock);
    return to > from ? [{ subject: event.subject, from, to }] : [];
  });
}
