/** Models with the learner's own cost constants. */
import { COST_CLASSES, MODEL_145, MODELS, type Model } from '../../machines/s370/models.ts';
import type { LabOffer } from '../../protocol/frame.ts';

const MOST_CYCLES = 1_000_000;

/** `model` with the cycles that `constants` gives by cost class; names it does not know are left out. */
export function modelWith(constants: Readonly<Record<string, number>> = {}, model: Model = MODEL_145): Model {
  const changed = COST_CLASSES.filter((name) => constants[name] !== undefined);
  if (changed.length === 0) return model;
  const costs = { ...model.costs };
  for (const name of changed) {
    const cycles = Math.min(MOST_CYCLES, Math.max(1, Math.round(constants[name] ?? 1) || 1));
    costs[name] = { cycles, source: 'set by the learner', certainty: 'estimate' };
  }
  return { ...model, costs };
}

/** The cost constants of `model` as a lab offers them. */
export const offeredConstants = (model: Model = MODEL_145): LabOffer['constants'] =>
  COST_CLASSES.map((name) => {
    const { cycles, source, certainty } = model.costs[name];
    return { name, value: cycles, source, certainty };
  });

export const modelCalled = (id: string): Model | null => MODELS.find((model) => model.id === id) ?? null;
