/**
 * An exercise: what a chapter's `exercises/NN-slug/grade.ts` exports. It makes variants from seeds and judges attempts
 * by running the engine: behaviour (state, traps, cycles, output), never text.
 */
import type { Diagnostic } from '../base/diagnostics.ts';
import type { Attempt, Check, ExerciseKind, Variant } from '../protocol/exercise.ts';
import type { EventView, Setup } from '../protocol/frame.ts';
import type { Recording } from '../protocol/session.ts';
import type { World } from './world.ts';

export interface RunOptions {
  /** Most cycles; what is left of the exercise's allowance if that is less or this is not given. */
  readonly cycles?: number;
  /** Hears every event of the run. */
  readonly onEvent?: (event: EventView) => void;
}

/** A run that came to its end. */
export interface Ran {
  readonly world: World;
  readonly setup: Setup;
  /** Why it did not end well, or '': it ended by itself. */
  readonly failure: string;
  /** Warnings of the assembler. */
  readonly diagnostics: readonly Diagnostic[];
  /** The run up to `clock`, for a check to point at. */
  at(clock: number): Recording;
}

/** A run that could not begin: its source has errors. */
export interface NotRun {
  readonly world: null;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What a grader runs worlds on. All that it runs counts against the exercise's allowance of cycles; when that is used
 * up, or the student cancels, the call under way throws and the verdict says so: graders catch nothing.
 */
export interface Bench {
  /** Runs `setup` to its end. */
  run(setup: Setup, options?: RunOptions): Promise<Ran | NotRun>;
  /** Repeats a recording up to its clock. */
  replay(recording: Recording, options?: RunOptions): Promise<Ran | NotRun>;
}

/** What a grader found. Without a check, or with an error among the diagnostics, nothing is passed. */
export interface Grade {
  readonly checks: readonly Check[];
  readonly diagnostics?: readonly Diagnostic[];
}

export interface Exercise {
  readonly kind: ExerciseKind;
  /** Most cycles that grading may simulate: a few times what the solution needs. */
  readonly cycles: number;
  /** The same for the same seed, always. */
  variant(seed: number): Variant;
  /** The setup with what the student chose and wrote in it; without this, nothing of that changes it. */
  setup?(variant: Variant, attempt: Attempt): Setup;
  /** The same verdict for the same attempt and seed, always. */
  grade(attempt: Attempt, variant: Variant, bench: Bench): Promise<Grade>;
}

export const defineExercise = (exercise: Exercise): Exercise => exercise;

/** What `solution.ts` exports: an attempt that passes, for any variant. It never leaves the workshop. */
export type Solution = (variant: Variant, bench: Bench) => Promise<Attempt>;
export const defineSolution = (solution: Solution): Solution => solution;
