/** How far a cost constant may be off: what to try it with, when one asks what depends on it. */
import type { LabOffer } from './frame.ts';

export type Constant = LabOffer['constants'][number];

/** What a constant is multiplied to: whole cycles, one at least, as the engines take them. */
export const varied = (value: number, factor: number): number => Math.max(1, Math.round(factor * value));

/** The least and the most that sources give it; where they do not differ, its half and its double. */
export const extremesOf = ({ value, range }: Constant): readonly [least: number, most: number] =>
  range ?? [varied(value, 0.5), varied(value, 2)];
