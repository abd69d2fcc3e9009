/**
 * Published figures that the engines can be held against. A chapter has its rows in `published.ts`; the build, the page
 * and `npm run validate` measure them.
 */

/** A text in each of the site's languages. */
export type Told = Readonly<Record<'en' | 'ja', string>>;

/** How far the published figure is known: `seen` in the source named, in a text that quotes it, computed, or recalled. */
export type Reading = 'seen' | 'secondary' | 'derived' | 'recalled';

export interface PublishedFigure {
  /** Unique among all chapters. */
  readonly id: string;
  /** Figures of one source that can be put in order: the order is held against the published one too. */
  readonly series: string;
  readonly what: Told;
  readonly published: number;
  /** What is counted: a ratio to the bare machine, cycles of the processor, or things. */
  readonly unit: 'ratio' | 'cycles' | 'count' | 'share';
  readonly source: string;
  readonly reading: Reading;
  /** Measured ÷ published may be this much, or its inverse; 1 means the same number. */
  readonly within: number;
  /** A constant of the engines was set so that it comes out: it is shown, and proves nothing. */
  readonly fitted?: boolean;
  /** What the engine or the guest leaves out, in one sentence. */
  readonly simplified: Told;
  /** Runs the engines; in the figure's unit. Throws where the guest went wrong. */
  readonly measure: () => number;
}

/** A figure as it came out. */
export interface HeldFigure extends Omit<PublishedFigure, 'measure'> {
  readonly measured: number;
  /** Measured ÷ published. */
  readonly ratio: number;
  readonly holds: boolean;
}

/** Whether a ratio lies within a factor. A little more than the factor, for the last digit of a printed figure. */
const inside = (ratio: number, within: number): boolean => {
  const most = within * (1 + 1e-9);
  return ratio <= most && ratio >= 1 / most;
};

export function held(figure: PublishedFigure): HeldFigure {
  const { measure, ...told } = figure;
  const measured = measure();
  const ratio = measured / told.published;
  return { ...told, measured, ratio, holds: inside(ratio, told.within) };
}

/** Published figures less apart than this are not in any order. */
const APART = 1.1;

/** A pair of one series that came out in the other order than published. */
export interface Swapped {
  readonly less: string;
  readonly more: string;
}

export function swapped(figures: readonly HeldFigure[]): readonly Swapped[] {
  return figures.flatMap((less) =>
    figures
      .filter(
        (more) =>
          more.series === less.series &&
          more.unit === less.unit &&
          more.published > APART * less.published &&
          more.measured <= less.measured,
      )
      .map((more) => ({ less: less.id, more: more.id })),
  );
}
