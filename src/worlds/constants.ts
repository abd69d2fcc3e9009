/** Cost constants as labs offer them, and models with the learner's own. */
import type { Cost } from '../accounting/cost.ts';
import type { LabOffer } from '../protocol/frame.ts';

const MOST_CYCLES = 1_000_000;

/** What every machine's models have: cycles by cost class. */
interface Costly {
  readonly costs: Readonly<Record<string, Cost>>;
}

/** `model` with the cycles that `constants` gives by cost class; names it does not know are left out. */
export function modelWith<Model extends Costly>(
  model: Model,
  constants: Readonly<Record<string, number>> = {},
): Model {
  const changed = Object.keys(model.costs).filter((name) => Object.hasOwn(constants, name));
  if (changed.length === 0) return model;
  const set = (name: string): Cost => {
    const cycles = Math.min(MOST_CYCLES, Math.max(1, Math.round(constants[name] ?? 1) || 1));
    return { cycles, source: 'set by the learner', certainty: 'estimate' };
  };
  return {
    ...model,
    costs: { ...model.costs, ...Object.fromEntries(changed.map((name) => [name, set(name)])) },
  };
}

/**
 * The cost constants of `model` as a lab offers them.
 * @param others models whose sources say how far a constant may be from the one that `model` has; what was only
 *   estimated says nothing
 */
export const offeredConstants = ({ costs }: Costly, others: readonly Costly[] = []): LabOffer['constants'] =>
  Object.entries(costs).map(([name, { cycles, source, certainty }]) => {
    const told = others.flatMap((other) => other.costs[name] ?? []);
    const known = told.filter((each) => each.certainty !== 'estimate').map((each) => each.cycles);
    const [least, most] = [Math.min(cycles, ...known), Math.max(cycles, ...known)];
    return { ...{ name, source, certainty }, value: cycles, ...(least < most && { range: [least, most] }) };
  });
