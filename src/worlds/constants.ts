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

/** The cost constants of `model` as a lab offers them. */
export const offeredConstants = ({ costs }: Costly): LabOffer['constants'] =>
  Object.entries(costs).map(([name, { cycles, source, certainty }]) => ({
    ...{ name, source, certainty },
    value: cycles,
  }));
