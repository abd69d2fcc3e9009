/** An assignment: what a teacher sets. It travels in links, files and packages, and says how hand-ins are checked. */
import { z } from 'zod';
import { studentSeed } from '../../lab/seed.ts';
import { chapter, exercise, wholeNumber, word, type Frozen } from './fields.ts';
import { MOST } from './limits.ts';

export const ASSIGNMENT_VERSION = 1;

/** Whose variant of an exercise a student gets. */
const seeds = z.discriminatedUnion('kind', [
  /** Each student another one, from course key and name. */
  z.strictObject({ kind: z.literal('student') }),
  /** All the same one. */
  z.strictObject({ kind: z.literal('fixed'), seed: wholeNumber.max(0x7fff_ffff) }),
  /** As many as the student likes to try. */
  z.strictObject({ kind: z.literal('free') }),
]);

export const assignmentSchema = z.strictObject({
  version: z.literal(ASSIGNMENT_VERSION),
  title: z.string().trim().min(1).max(MOST.title),
  /** Language of the page, or null for the student's own choice. */
  locale: z.enum(['en', 'ja']).nullable(),
  courseKey: z.string().trim().max(MOST.courseKey),
  seeds,
  /** Chapters to read, each with the state that its lab opens in (the fragment of a shared state, or ''). */
  chapters: z
    .array(z.strictObject({ folder: chapter, start: z.string().max(MOST.fragment) }))
    .max(MOST.chapters),
  /** Exercises to hand in, in order. */
  exercises: z.array(exercise).min(1).max(MOST.exercises),
  /** Panels that labs show; null for all of them. */
  panels: z.array(word).max(50).nullable(),
  /** Other parts of the labs that are left out, and controls that are shown but locked. */
  hidden: z.array(word).max(50),
  locked: z.array(word).max(50),
  deadline: z.string().trim().max(MOST.deadline),
  instructions: z.string().trim().max(MOST.instructions),
});

export type Assignment = Frozen<z.infer<typeof assignmentSchema>>;
export type Seeds = Assignment['seeds'];

/**
 * The seed that an exercise of this assignment has for a student.
 * @param chosen what the student chose, where the assignment leaves the choice
 */
export function seedOf(
  { seeds: policy, courseKey }: Pick<Assignment, 'seeds' | 'courseKey'>,
  name: string,
  exerciseName: string,
  chosen: number,
): number {
  switch (policy.kind) {
    case 'student':
      return studentSeed(courseKey, name, exerciseName);
    case 'fixed':
      return policy.seed;
    case 'free':
      return chosen;
  }
}

/** While it is being written: no title yet, no exercise. */
export const draftSchema = assignmentSchema.extend({
  title: z.string().max(MOST.title),
  exercises: z.array(exercise).max(MOST.exercises),
});
export type Draft = Frozen<z.infer<typeof draftSchema>>;

export const EMPTY_DRAFT: Draft = {
  version: ASSIGNMENT_VERSION,
  title: '',
  locale: null,
  courseKey: '',
  seeds: { kind: 'student' },
  chapters: [],
  exercises: [],
  panels: null,
  hidden: [],
  locked: [],
  deadline: '',
  instructions: '',
};

/** Two assignments are the same one if their texts are: the schema gives the keys their order. */
export const assignmentText = (assignment: Assignment): string =>
  JSON.stringify(assignmentSchema.parse(assignment));
