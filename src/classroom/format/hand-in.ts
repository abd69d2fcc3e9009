/**
 * A hand-in: the file `*.strata.json` that a student gives to the teacher. It proves nothing by what it claims; it
 * carries what is needed to do the work again: variant, answers, files, the log of inputs, and the state they led to.
 */
import { z } from 'zod';
import type { Attempt, Verdict } from '../../protocol/exercise.ts';
import { assignmentSchema } from './assignment.ts';
import { chapter, exercise, student, wholeNumber, type Frozen } from './fields.ts';
import { MOST } from './limits.ts';
import { recording } from './recording.ts';

export const HAND_IN_FORMAT = 'strata-hand-in';
export const HAND_IN_VERSION = 1;

const few = (most: number) => (record: object) => Object.keys(record).length <= most;
const field = z.string().regex(/^[\w.-]{1,80}$/, 'not a name');

export const attemptSchema = z.strictObject({
  answers: z.record(field, z.string().max(MOST.answer)).refine(few(MOST.answers), 'too many'),
  files: z.record(field, z.string().max(MOST.file)).refine(few(MOST.files), 'too many'),
  recording: recording.nullable(),
}) satisfies z.ZodType<Attempt>;

/** What the student's page found; checking does it again and compares. */
const claim = z.strictObject({
  passed: z.boolean(),
  checks: z.array(z.strictObject({ id: z.string().max(80), passed: z.boolean() })).max(MOST.checks),
  /** Digest of the final state of every run of the grading. */
  fingerprint: z.string().max(200),
  cycles: wholeNumber,
});

const work = z
  .strictObject({
    exercise,
    lab: chapter,
    seed: wholeNumber.max(0x7fff_ffff),
    attempt: attemptSchema,
    /** Null: handed in without having been checked. */
    claimed: claim.nullable(),
  })
  .refine((it) => it.exercise.startsWith(`${it.lab}/`), 'an exercise of another lab');

const onceEach = (works: readonly { readonly exercise: string }[]): boolean =>
  new Set(works.map((each) => each.exercise)).size === works.length;

export const engineSchema = z.strictObject({
  /** Of the package. */
  version: z.string().regex(/^[\w.+-]{1,40}$/),
  /** Of the engines' sources: equal ones run alike. */
  fingerprint: z.string().regex(/^[0-9a-f]{16}$/),
});

export const handInSchema = z.strictObject({
  format: z.literal(HAND_IN_FORMAT),
  version: z.literal(HAND_IN_VERSION),
  engine: engineSchema,
  assignment: assignmentSchema,
  student,
  /** When the student's computer says it was made. */
  made: z.iso.datetime(),
  work: z.array(work).max(MOST.exercises).refine(onceEach, 'an exercise twice'),
});

export type HandIn = Frozen<z.infer<typeof handInSchema>>;
export type Work = HandIn['work'][number];
export type Claim = NonNullable<Work['claimed']>;
export type Engine = Frozen<z.infer<typeof engineSchema>>;

/** What a hand-in says of a verdict. */
export const claimOf = ({ passed, checks, fingerprint, cycles }: Verdict): Claim => ({
  passed,
  checks: checks.map((check) => ({ id: check.id, passed: check.passed })),
  fingerprint,
  cycles,
});

/** A file's name that sorts by student and survives any file system. */
export function handInName(handIn: Pick<HandIn, 'student' | 'assignment'>): string {
  const plain = (text: string) =>
    text
      .normalize('NFC')
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60);
  return `${plain(handIn.student) || 'student'}-${plain(handIn.assignment.title) || 'work'}.strata.json`;
}

export const handInText = (handIn: HandIn): string => `${JSON.stringify(handIn, null, 2)}\n`;
