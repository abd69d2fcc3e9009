// What the build measures for a chapter by running its lab without a page: plain data for the figures in its HTML.
import type { ExerciseKind } from '../protocol/exercise.ts';
import type { Frame } from '../protocol/frame.ts';
import type { Measurement } from '../protocol/session.ts';

/** Of each slice of a run's work, equal in cycles, what share each layer had; the last slice is not full. */
export type Course = readonly Readonly<Record<string, number>>[];

export interface Figures {
  readonly workload: string;
  readonly technique: string;
  /** The beginning of the run, as the lab shows it. */
  readonly frame: Pick<Frame, 'clock' | 'span' | 'strata' | 'events'>;
  /** The same workload to its end under each technique of the lab. */
  readonly measurements: readonly Measurement[];
  /** How the runs of a race went, by technique, in slices of one length. */
  readonly courses?: Readonly<Record<string, Course>>;
}

/** What a page says of an exercise without running anything. */
export interface FirstVariant {
  readonly kind: ExerciseKind;
  /** What the places in its text stand for. */
  readonly values: Readonly<Record<string, string | number>>;
}
