/** Figures of devices: a speed or a time never stands alone, it carries where it came from. */
import type { Certainty } from '../../../accounting/cost.ts';

export interface Figure {
  readonly value: number;
  readonly unit: string;
  readonly source: string;
  readonly certainty: Certainty;
}

/** A figure known from the document named, which was not at hand to check it against. */
export const recalled = (value: number, unit: string, source: string): Figure => ({
  value,
  unit,
  source,
  certainty: 'recalled',
});

/** A figure that follows from others. */
export const derived = (value: number, unit: string, source: string): Figure => ({
  value,
  unit,
  source,
  certainty: 'derived',
});

/** A figure set here for want of a published one. */
export const estimate = (value: number, unit: string, source: string): Figure => ({
  value,
  unit,
  source,
  certainty: 'estimate',
});
