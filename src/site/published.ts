// What the build found when it held the engines against published figures: plain data for its page.
import type { HeldFigure, Swapped } from '../lab/published.ts';

export interface Published {
  readonly figures: readonly HeldFigure[];
  readonly swapped: readonly Swapped[];
}
