/** What of a measured run counts: neither the boot before it nor the waits in it are the workload's. */
import type { LedgerRowView } from './frame.ts';
import type { Measurement } from './session.ts';

type Key = Pick<LedgerRowView, 'layer' | 'level' | 'reason'>;
const same = (a: Key, b: Key): boolean => a.layer === b.layer && a.level === b.level && a.reason === b.reason;

/** From the beginning of the workload's program to its end; the whole run, where nothing booted. */
export function withoutBoot(measurement: Measurement): Measurement {
  const { boot, ...whole } = measurement;
  if (!boot) return measurement;
  const ledger = (whole.ledger ?? []).map((row) => {
    const before = boot.ledger?.find((each) => same(each, row));
    return { ...row, count: row.count - (before?.count ?? 0), cycles: row.cycles - (before?.cycles ?? 0) };
  });
  return {
    ...whole,
    cycles: whole.cycles - boot.cycles,
    instructions: whole.instructions - boot.instructions,
    ledger: ledger.filter(({ count, cycles }) => count > 0 || cycles > 0),
  };
}

/** Waits for a disk or a clock are as long under every technique and belong to nobody's work. */
export function withoutIdle(measurement: Measurement): Measurement {
  const ledger = measurement.ledger?.filter(({ reason }) => reason !== 'idle') ?? [];
  return { ...measurement, ledger, cycles: ledger.reduce((sum, { cycles }) => sum + cycles, 0) };
}

/** What techniques are compared by: what was done, by anybody, from the beginning of the program to its end. */
export const workOf = (measurement: Measurement): Measurement => withoutIdle(withoutBoot(measurement));

/** … in cycles. */
export const workCycles = (measurement: Measurement): number => workOf(measurement).cycles;
