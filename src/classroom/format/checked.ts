/** What checking found in one file, as plain data; the words for it are in words.ts. */

/** From the gravest to none: a file's outcome is the gravest of its reasons'. */
export const OUTCOMES = [
  'hostile',
  'truncated',
  'wrong-assignment',
  'wrong-version',
  'other-student',
  'edited-log',
  'forged-result',
  'not-solved',
  'ok',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Why. `exercise` is '' where the whole file is meant. */
export type Reason = { readonly exercise: string } & (
  | { readonly kind: 'malformed'; readonly where: string }
  /** Doing it again broke off, or did not end in time. */
  | { readonly kind: 'broke-off'; readonly message: string }
  | { readonly kind: 'too-slow'; readonly seconds: number }
  | { readonly kind: 'cut-off' }
  | { readonly kind: 'other-assignment'; readonly title: string }
  | { readonly kind: 'too-new'; readonly version: number }
  | { readonly kind: 'other-release'; readonly theirs: string; readonly ours: string }
  /** Another build's engines, and another result: which of them errs cannot be told. */
  | { readonly kind: 'other-engine'; readonly theirs: string }
  | { readonly kind: 'unknown-exercise' }
  /** The seed is not this student's; `whose` has it, where somebody in the batch does. */
  | { readonly kind: 'seed'; readonly seed: number; readonly whose: string }
  /** The log begins as another variant does. */
  | { readonly kind: 'foreign-run' }
  /** Fails for this student, and is the work of `whose`, for whom it passes. */
  | { readonly kind: 'copied'; readonly whose: string }
  /** The inputs and files do not lead to the state that the file names. */
  | { readonly kind: 'other-state' }
  /** Solved, though the file says that it is not. */
  | { readonly kind: 'changed-later' }
  /** Not solved, though the file says that it is. */
  | { readonly kind: 'claims-more' }
  | { readonly kind: 'fails'; readonly checks: readonly string[] }
  | { readonly kind: 'missing' }
);

/** What a teacher may want to know of a file that is in order. */
export type Note =
  | { readonly kind: 'same-work'; readonly exercise: string; readonly whose: string }
  | { readonly kind: 'twice'; readonly file: string }
  /** Made by another build of the same release, with the same results. */
  | { readonly kind: 'other-build'; readonly theirs: string };

/** Work as far as other files are compared with it. */
export interface Trace {
  readonly exercise: string;
  readonly seed: number;
  /** Digest of files and inputs, or '' where there is nothing that two students would not both write. */
  readonly work: string;
}

export interface Checked {
  readonly file: string;
  readonly outcome: Outcome;
  /** '' where the file could not be read. */
  readonly student: string;
  readonly title: string;
  readonly solved: number;
  readonly all: number;
  readonly made: string;
  readonly reasons: readonly Reason[];
  readonly notes: readonly Note[];
  readonly traces: readonly Trace[];
}

const GRAVITY: Readonly<Record<Reason['kind'], Outcome>> = {
  malformed: 'hostile',
  'broke-off': 'hostile',
  'too-slow': 'hostile',
  'cut-off': 'truncated',
  'other-assignment': 'wrong-assignment',
  'too-new': 'wrong-version',
  'other-release': 'wrong-version',
  'other-engine': 'wrong-version',
  'unknown-exercise': 'wrong-version',
  seed: 'other-student',
  'foreign-run': 'other-student',
  copied: 'other-student',
  'other-state': 'edited-log',
  'changed-later': 'edited-log',
  'claims-more': 'forged-result',
  fails: 'not-solved',
  missing: 'not-solved',
};

export const outcomeOf = (reasons: readonly Reason[]): Outcome =>
  OUTCOMES.find((outcome) => reasons.some(({ kind }) => GRAVITY[kind] === outcome)) ?? 'ok';

/** A file of which nothing more is known. */
export const unread = (file: string, reason: Reason): Checked => ({
  file,
  outcome: outcomeOf([reason]),
  student: '',
  title: '',
  solved: 0,
  all: 0,
  made: '',
  reasons: [reason],
  notes: [],
  traces: [],
});
