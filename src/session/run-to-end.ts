/** Runs a world until it ends, a limit is reached, or somebody has had enough; in slices, so that others get a turn. */
import type { World } from '../lab/world.ts';
import type { Stop } from '../machines/contract.ts';
import type { Pace } from './pace.ts';

export type End = Stop | { readonly kind: 'limit' } | { readonly kind: 'interrupted' };

/** Real time that one slice may take. */
export const SLICE_MILLISECONDS = 8;

/** Finds how many cycles fit into a slice of real time. */
export class Slices {
  cycles = 50_000;

  /** Learns that a slice of `cycles` took `milliseconds`. */
  took(milliseconds: number): void {
    if (milliseconds > SLICE_MILLISECONDS) this.cycles = Math.max(1_000, Math.floor(this.cycles / 2));
    else if (milliseconds < SLICE_MILLISECONDS / 2) this.cycles = Math.min(1e9, this.cycles * 2);
  }
}

export interface Surroundings {
  readonly pace: Pace;
  /** Asked between slices. */
  readonly cancelled: () => boolean;
  readonly progress?: (clock: number) => void;
}

export async function runToEnd(
  world: Pick<World, 'run' | 'clock'>,
  limit: number,
  { pace, cancelled, progress }: Surroundings,
): Promise<End> {
  const slices = new Slices();
  while (world.clock < limit) {
    if (cancelled()) return { kind: 'interrupted' };
    const began = pace.now();
    const stop = world.run(Math.min(slices.cycles, limit - world.clock));
    if (stop.kind !== 'budget') return stop;
    slices.took(pace.now() - began);
    progress?.(world.clock);
    await pace.breathe();
  }
  return { kind: 'limit' };
}
