/** The shape of what is kept, by kind: files that are imported are checked against it. */
import { z } from 'zod';
import type { Verdict } from '../../protocol/exercise.ts';
import type { SavedWork } from '../../ui/exercise/store.ts';
import { assignmentSchema, draftSchema } from '../format/assignment.ts';
import { student, wholeNumber, type Frozen } from '../format/fields.ts';
import { attemptSchema } from '../format/hand-in.ts';
import { MOST } from '../format/limits.ts';
import { recording } from '../format/recording.ts';

const text = z.string().max(MOST.answer);
const at = wholeNumber;

const verdict = z.strictObject({
  passed: z.boolean(),
  checks: z
    .array(
      z.strictObject({
        id: text,
        passed: z.boolean(),
        data: z.record(text, z.union([text, z.number()])),
        at: recording.nullable(),
      }),
    )
    .max(MOST.checks),
  diagnostics: z
    .array(
      z.strictObject({
        severity: z.enum(['error', 'warning']),
        span: z.strictObject({ file: text, line: at, column: at, endColumn: at }),
        message: text,
        hint: text.exactOptional(),
      }),
    )
    .max(1000),
  problem: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('too-long'), name: text, most: at }),
      z.strictObject({ kind: z.literal('foreign-run') }),
      z.strictObject({ kind: z.literal('too-many-cycles'), most: at }),
    ])
    .nullable(),
  fingerprint: z.string().max(200),
  cycles: at,
}) satisfies z.ZodType<Verdict>;

const work = z.strictObject({
  attempt: attemptSchema,
  verdict: verdict.nullable(),
  hints: wholeNumber.max(100),
}) satisfies z.ZodType<SavedWork>;

export const schemas = {
  /** The source of a lab's guest, as edited. */
  source: z.strictObject({ text: z.string().max(MOST.file) }),
  work,
  /** The variant of an exercise that was chosen last. */
  seed: z.strictObject({ seed: wholeNumber }),
  /** An assignment that was begun, and by whom. */
  assignment: z.strictObject({ assignment: assignmentSchema, student: student.or(z.literal('')) }),
  /** An assignment that a teacher is writing. */
  draft: z.strictObject({ draft: draftSchema }),
};

export type Kind = keyof typeof schemas;
export type Kept = { readonly [K in Kind]: Frozen<z.infer<(typeof schemas)[K]>> };
