/** What of a measured run counts: neither boots nor waits are the workload's. */
import type { Measurement } from './session.ts';

/** From the first instruction of the workload's program to the last; the whole run, where nothing boots before it. */
export const programOf = ({ boot: _, program, ...whole }: Measurement): Measurement => ({
  ...whole,
  ...program,
});

/** Waits for a disk or a clock are as long under every technique and belong to nobody's work. */
export function withoutIdle(measurement: Measurement): Measurement {
  const ledger = measurement.ledger?.filter(({ reason }) => reason !== 'idle') ?? [];
  return { ...measurement, ledger, cycles: ledger.reduce((sum, { cycles }) => sum + cycles, 0) };
}

/** What techniques are compared by: what anybody did from the beginning of the program to its end. */
export const workOf = (measurement: Measurement): Measurement => withoutIdle(programOf(measurement));

/** … in cycles. */
export const workCycles = (measurement: Measurement): number => workOf(measurement).cycles;
