/**
 * Checks one hand-in by doing the work again: derives the seed anew, runs the grader, and compares. What the file
 * claims is believed nowhere; code in it runs where the grader runs a student's code, in the sandbox.
 */
import type { Attempt, Verdict } from '../../protocol/exercise.ts';
import { seedOf, type Assignment } from '../format/assignment.ts';
import { checksum } from '../format/checksum.ts';
import { outcomeOf, unread, type Checked, type Note, type Reason, type Trace } from '../format/checked.ts';
import type { Claim, Engine, HandIn, Work } from '../format/hand-in.ts';
import { readHandIn } from '../format/read-hand-in.ts';

/** Grades an attempt at an exercise; null where this edition has no such exercise. */
export type Grader = (exercise: string, seed: number, attempt: Attempt) => Promise<Verdict | null>;

export interface CheckOptions {
  readonly grade: Grader;
  /** The engines that do the work again. */
  readonly engine: Engine;
  /** What was set; null takes each file's own word for it. */
  readonly assignment: Assignment | null;
}

export async function checkHandIn(
  file: string,
  bytes: Uint8Array,
  { grade, engine, assignment }: CheckOptions,
): Promise<Checked> {
  const read = readHandIn(bytes);
  switch (read.kind) {
    case 'malformed':
      return unread(file, { kind: 'malformed', exercise: '', where: read.where });
    case 'truncated':
      return unread(file, { kind: 'cut-off', exercise: '' });
    case 'too-new':
      return unread(file, { kind: 'too-new', exercise: '', version: read.version });
    case 'ok':
  }
  const { handIn } = read;
  const set = assignment ?? handIn.assignment;
  const refusal = refusalOf(handIn, set, engine);
  const found = refusal
    ? [{ reasons: [refusal], notes: [], solved: false }]
    : await Promise.all(set.exercises.map((exercise) => again(handIn, set, exercise, grade, engine)));
  const reasons = found.flatMap((each) => each.reasons);
  return {
    file,
    outcome: outcomeOf(reasons),
    student: handIn.student,
    title: handIn.assignment.title,
    solved: found.filter(({ solved }) => solved).length,
    all: set.exercises.length,
    made: handIn.made,
    reasons,
    notes: found.flatMap((each) => each.notes).slice(0, 1),
    traces: handIn.work.map(traceOf),
  };
}

/** What an assignment decides of the checking; its words may have been mended since. */
const task = ({ courseKey, seeds, exercises }: Assignment): string =>
  JSON.stringify([courseKey, seeds, exercises]);

/** Why it makes no sense to do the work again. */
function refusalOf(handIn: HandIn, set: Assignment, engine: Engine): Reason | null {
  if (task(handIn.assignment) !== task(set))
    return { kind: 'other-assignment', exercise: '', title: handIn.assignment.title };
  const theirs = handIn.engine.version;
  if (theirs !== engine.version) return { kind: 'other-release', exercise: '', theirs, ours: engine.version };
  return null;
}

interface Found {
  readonly reasons: readonly Reason[];
  readonly notes: readonly Note[];
  readonly solved: boolean;
}

const because = (reason: Reason): Found => ({ reasons: [reason], notes: [], solved: false });

/** Does one exercise again. */
async function again(
  handIn: HandIn,
  set: Assignment,
  exercise: string,
  grade: Grader,
  engine: Engine,
): Promise<Found> {
  const work = handIn.work.find((each) => each.exercise === exercise);
  if (!work) return because({ kind: 'missing', exercise });
  const { seed } = work;
  if (seed !== seedOf(set, handIn.student, exercise, seed))
    return because({ kind: 'seed', exercise, seed, whose: '' });
  let verdict: Verdict | null;
  try {
    verdict = await grade(exercise, seed, work.attempt);
  } catch (error) {
    return because({ kind: 'broke-off', exercise, message: messageOf(error) });
  }
  if (!verdict) return because({ kind: 'unknown-exercise', exercise });
  const theirs = handIn.engine.fingerprint;
  const sameEngine = theirs === engine.fingerprint;
  const difference = work.claimed && differenceOf(work.claimed, verdict, exercise);
  if (difference) return because(sameEngine ? difference : { kind: 'other-engine', exercise, theirs });
  const notes: readonly Note[] = sameEngine ? [] : [{ kind: 'other-build', theirs }];
  if (verdict.passed) return { reasons: [], notes, solved: true };
  const checks = verdict.checks.filter(({ passed }) => !passed).map(({ id }) => id);
  return { reasons: [{ kind: 'fails', exercise, checks }], notes, solved: false };
}

/** Where the claim and the verdict part. */
function differenceOf(claimed: Claim, verdict: Verdict, exercise: string): Reason | null {
  const more =
    (claimed.passed && !verdict.passed) ||
    claimed.checks.some(
      ({ id, passed }) => passed && !verdict.checks.some((check) => check.id === id && check.passed),
    );
  if (claimed.passed && verdict.problem?.kind === 'foreign-run') return { kind: 'foreign-run', exercise };
  if (claimed.fingerprint !== verdict.fingerprint) return { kind: 'other-state', exercise };
  if (more) return { kind: 'claims-more', exercise };
  return verdict.passed && !claimed.passed ? { kind: 'changed-later', exercise } : null;
}

function traceOf({ exercise, seed, attempt: { files, recording } }: Work): Trace {
  const own = Object.keys(files).length > 0 || (recording?.inputs.length ?? 0) > 0;
  const made = [Object.entries(files).sort(), recording?.inputs ?? []];
  return { exercise, seed, work: own ? checksum(JSON.stringify(made)) : '' };
}

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 200);
