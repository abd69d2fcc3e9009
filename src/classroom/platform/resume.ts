/**
 * A student's work as a text that a platform keeps between sessions. Platforms give little room: what does not fit is
 * left out in steps, largest first, and the caller is told, so that the student hears of it.
 */
import { z } from 'zod';
import { packText, unpackText } from '../../protocol/packed.ts';
import { exercise, wholeNumber, type Frozen } from '../format/fields.ts';
import { attemptSchema } from '../format/hand-in.ts';
import { MOST } from '../format/limits.ts';

const schema = z.strictObject({
  student: z.string().max(MOST.name),
  handedIn: z.boolean(),
  works: z
    .array(
      z.strictObject({
        exercise,
        seed: wholeNumber,
        /** Null: left out. */
        attempt: attemptSchema.nullable(),
        solved: z.boolean(),
      }),
    )
    .max(MOST.exercises),
});

export type Resume = Frozen<z.infer<typeof schema>>;

/** How much of the work the text holds. */
export type Kept = 'all' | 'answers' | 'progress' | 'nothing';

const VERSION = '1.';

const answersOnly = (resume: Resume): Resume => ({
  ...resume,
  works: resume.works.map((work) => ({
    ...work,
    attempt: work.attempt && { ...work.attempt, files: {}, recording: null },
  })),
});

const progressOnly = (resume: Resume): Resume => ({
  ...resume,
  works: resume.works.map((work) => ({ ...work, attempt: null })),
});

/** The most complete text of at most `room` characters. */
export function packResume(resume: Resume, room: number): { readonly text: string; readonly kept: Kept } {
  const steps: readonly (readonly [Kept, Resume])[] = [
    ['all', resume],
    ['answers', answersOnly(resume)],
    ['progress', progressOnly(resume)],
  ];
  for (const [kept, part] of steps) {
    const text = VERSION + packText(part);
    if (text.length <= room) return { text, kept };
  }
  return { text: '', kept: 'nothing' };
}

/** What `packResume` packed; null where there is nothing, or nothing of ours. */
export function unpackResume(text: string): Resume | null {
  if (!text.startsWith(VERSION)) return null;
  try {
    return schema.parse(unpackText(text.slice(VERSION.length)));
  } catch {
    return null;
  }
}
