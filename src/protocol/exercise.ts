/**
 * Exercises as pages, hand-in files and graders pass them around: plain data, structured-cloneable and JSON. An
 * exercise is named `LAB/FOLDER`, e.g. `10-vm370/01-predict-traps`; with a seed that name determines a variant.
 */
import type { Diagnostic } from '../base/diagnostics.ts';
import type { Setup } from './frame.ts';
import type { Recording } from './session.ts';

export const EXERCISE_KINDS = ['predict', 'operate', 'program', 'monitor', 'measure', 'configure'] as const;
export type ExerciseKind = (typeof EXERCISE_KINDS)[number];

/** An answer to be filled in. Its words stand in the exercise's text, by its id. */
export type Field =
  | { readonly id: string; readonly kind: 'number' | 'text' }
  /** One of `choices`, whose words stand in the text too. */
  | { readonly id: string; readonly kind: 'choice'; readonly choices: readonly string[] };

/** What a seed makes of an exercise. */
export interface Variant {
  /** What the text's `{{name}}` stand for. */
  readonly values: Readonly<Record<string, string | number>>;
  /** In which the lab opens. */
  readonly setup: Setup;
  /** What the student edits, by file name, as it is in the beginning. */
  readonly files: Readonly<Record<string, string>>;
  readonly fields: readonly Field[];
}

/** What a student hands in. */
export interface Attempt {
  /** By field id, as typed; what was left empty is missing or ''. */
  readonly answers: Readonly<Record<string, string>>;
  /** By file name; what was not edited is missing. */
  readonly files: Readonly<Record<string, string>>;
  /** The student's own run, where the exercise is to bring it into a state (`operate`); else null. */
  readonly recording: Recording | null;
}

export interface Check {
  /** Its words, for passed and for failed, stand in the exercise's text. */
  readonly id: string;
  readonly passed: boolean;
  /** What those words' `{{name}}` stand for, beside the variant's values. */
  readonly data: Readonly<Record<string, string | number>>;
  /** The run and, as its `clock`, the cycle at which it went wrong: to replay it goes there. */
  readonly at: Recording | null;
}

/** Why there was nothing to check; words for it are the page's own. */
export type Problem =
  /** The file of that name, or the answer, is longer than any that can be right. */
  | { readonly kind: 'too-long'; readonly name: string; readonly most: number }
  /** The run that was handed in does not begin as this variant does. */
  | { readonly kind: 'foreign-run' }
  /** The runs together took more cycles than the exercise allows. */
  | { readonly kind: 'too-many-cycles'; readonly most: number };

export interface Verdict {
  readonly passed: boolean;
  readonly checks: readonly Check[];
  /** Mistakes in the student's files: spans name the file. */
  readonly diagnostics: readonly Diagnostic[];
  readonly problem: Problem | null;
  /** Digest of the final state of every run of the grading and of its checks: who did not run it cannot name it. */
  readonly fingerprint: string;
  /** Cycles simulated for this verdict. */
  readonly cycles: number;
}

/** The exercises of a lab, beside its session; one grading at a time, a new one ends the one before. */
export interface Grading {
  /** @param exercise its whole name, `LAB/FOLDER` */
  variant(exercise: string, seed: number): Promise<Variant>;
  /** The variant's setup with what the student chose and wrote in it: what the lab is to load. */
  setup(exercise: string, seed: number, attempt: Attempt): Promise<Setup>;
  /** The verdict, or null if `cancelGrading` came first. `onProgress` hears the cycles simulated so far. */
  grade(
    exercise: string,
    seed: number,
    attempt: Attempt,
    onProgress: (cycles: number) => void,
  ): Promise<Verdict | null>;
  cancelGrading(): Promise<void>;
}

export const NO_ATTEMPT: Attempt = { answers: {}, files: {}, recording: null };
