/** Real time in Node, and the wish to end early. */
import type { Pace } from '../session/pace.ts';
import type { Surroundings } from '../session/run-to-end.ts';
import { grouped, type Output } from './output.ts';

export const nodePace: Pace = {
  now: () => performance.now(),
  breathe: (milliseconds) =>
    new Promise((resolve) => {
      if (milliseconds === undefined) setImmediate(resolve);
      else setTimeout(resolve, milliseconds);
    }),
};

const PROGRESS_EVERY = 200;

/** Does `work`; an interrupt from the keyboard cancels it, so that it ends with a result. */
export async function interruptible<Result>(
  out: Output,
  work: (surroundings: Surroundings) => Promise<Result>,
): Promise<Result> {
  let cancelled = false;
  let shown = nodePace.now();
  const cancel = (): void => {
    cancelled = true;
  };
  process.once('SIGINT', cancel);
  try {
    return await work({
      pace: nodePace,
      cancelled: () => cancelled,
      progress: (clock) => {
        if (nodePace.now() - shown < PROGRESS_EVERY) return;
        shown = nodePace.now();
        out.progress(`${grouped(clock)} cycles`);
      },
    });
  } finally {
    out.progress('');
    process.off('SIGINT', cancel);
  }
}
