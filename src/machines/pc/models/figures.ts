/** How model data is written: figures with their sources. */
import type { Certainty, Cost } from '../../../accounting/cost.ts';
import { COST_CLASSES, type CostClass } from './classes.ts';

const FOG = 'A. Fog, Instruction tables';
export const ASPLOS = 'K. Adams, O. Agesen, ASPLOS 2006, section 6.3';

export type Figure = readonly [cycles: number, source: string, certainty: Certainty];
export const fog = (cycles: number): Figure => [cycles, FOG, 'recalled'];
/** Plain operations of processors that execute several at a time: an average. */
export const average = (cycles: number): Figure => [cycles, FOG, 'estimate'];
/** Where nothing is published: between the neighbours that have figures. */
export const set = (cycles: number): Figure => [cycles, 'between the published neighbours', 'estimate'];

export const costs = (figures: Record<CostClass, Figure>): Record<CostClass, Cost> =>
  Object.fromEntries(
    COST_CLASSES.map((name) => {
      const [cycles, source, certainty] = figures[name];
      return [name, { cycles, source, certainty }];
    }),
  ) as Record<CostClass, Cost>;
