/** How model data is written: figures with their sources. */
import type { Certainty, Cost } from '../../../accounting/cost.ts';
import { COST_CLASSES, type CostClass } from './classes.ts';

const FOG = 'A. Fog, Instruction tables';
export const ASPLOS = 'K. Adams, O. Agesen, ASPLOS 2006, section 6.3';

export const ASPLOS_TABLE = 'K. Adams, O. Agesen, ASPLOS 2006, table 1';
export const ATC = 'O. Agesen et al., USENIX ATC 2012, table 1: round trip';
export const KVM_ROUND_TRIP =
  'VMCALL under KVM measures 1529 with its handling (W. Li, KVM list, March 2020)';

export type Figure = readonly [cycles: number, source: string, certainty: Certainty];
export const fog = (cycles: number): Figure => [cycles, FOG, 'recalled'];
/** Plain operations of processors that execute several at a time: an average. */
export const average = (cycles: number): Figure => [cycles, FOG, 'estimate'];
/** Where nothing is published: between the neighbours that have figures. */
export const set = (cycles: number): Figure => [cycles, 'between the published neighbours', 'estimate'];

export const cost = ([cycles, source, certainty]: Figure): Cost => ({ cycles, source, certainty });

export const costs = (figures: Record<CostClass, Figure>): Record<CostClass, Cost> =>
  Object.fromEntries(COST_CLASSES.map((name) => [name, cost(figures[name])])) as Record<CostClass, Cost>;
