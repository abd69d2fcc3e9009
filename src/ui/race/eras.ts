/** The race on every machine that the lab has: which runs it takes, and what they say. */
import type { LabOffer, Setup } from '../../protocol/frame.ts';
import { workCycles } from '../../protocol/work.ts';
import type { Line } from './lines.ts';
import type { Results } from './sensitivity.ts';

export type Machine = NonNullable<LabOffer['machines']>[number];

/** Every technique on every machine that it can run on; constants that the visitor changed belong to one machine only. */
export const erasOf = (
  setup: Setup,
  techniques: readonly string[],
  machines: readonly Machine[],
): readonly Setup[] =>
  machines.flatMap((machine, at) =>
    techniques
      .filter((technique) => machine.techniques.includes(technique))
      .map((technique) => ({
        ...setup,
        technique,
        constants: {},
        options: { ...setup.options, machine: at },
      })),
  );

/** Nanoseconds that each technique was busy, by machine. */
export function timesOf(
  techniques: readonly string[],
  machines: readonly Machine[],
  setups: readonly Setup[],
  results: Results,
): readonly Line[] {
  const timeOf = (technique: string, machine: number): number | null => {
    const at = setups.findIndex(
      (each) => each.technique === technique && each.options?.['machine'] === machine,
    );
    const result = results[at];
    return result?.ok ? (workCycles(result) * 1e9) / machines[machine]!.frequency : null;
  };
  return techniques.map((technique) => ({ technique, values: machines.map((_, k) => timeOf(technique, k)) }));
}
