// The course of a run, as a small picture shows it: which layers executed in each slice of its work.
import type { World } from '../../lab/world.ts';
import type { Course } from '../../site/figures.ts';

/** More than any run that is shown needs. */
const LIMIT = 4e9;

/**
 * Runs `world` to its end.
 * @param window from the cycle at which its program begins to that at which it ends; idle time in it is left out, too
 * @param slice cycles of work
 */
export function courseOf(world: World, window: readonly [number, number], slice: number): Course {
  const slices: Record<string, number>[] = [];
  let work = 0;
  world.observe({
    segment: ({ layer, reason, from: start, cycles }) => {
      if (reason === 'idle' || start < window[0] || start >= window[1]) return;
      // A stretch that reaches over the end of a slice is shared out.
      for (let left = cycles; left > 0;) {
        const at = Math.floor(work / slice);
        const part = Math.min(left, (at + 1) * slice - work);
        const counts = (slices[at] ??= {});
        counts[layer] = (counts[layer] ?? 0) + part;
        work += part;
        left -= part;
      }
    },
    event: () => undefined,
  });
  world.run(LIMIT);
  world.flush();
  const share = (cycles: number): number => Math.round((100 * cycles) / slice) / 100;
  return slices.map((counts) =>
    Object.fromEntries(Object.entries(counts).map(([layer, cycles]) => [layer, share(cycles)])),
  );
}
