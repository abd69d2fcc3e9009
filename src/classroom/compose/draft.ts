/** What the composer does to a draft, and what keeps a draft from being an assignment. */
import { LONGEST_ADDRESS } from '../../protocol/packed.ts';
import { assignmentSchema, type Assignment, type Draft } from '../format/assignment.ts';
import { assignmentFragment } from '../format/link.ts';

export type Lack = 'title' | 'exercises' | 'courseKey' | 'tooLong';

export interface Composed {
  readonly lacks: readonly Lack[];
  /** Null while something is lacking. */
  readonly assignment: Assignment | null;
}

export function composed(draft: Draft): Composed {
  const lacks: Lack[] = [
    ...(draft.title.trim() === '' ? (['title'] as const) : []),
    ...(draft.exercises.length === 0 ? (['exercises'] as const) : []),
    ...(draft.seeds.kind === 'student' && draft.courseKey.trim() === '' ? (['courseKey'] as const) : []),
  ];
  const read = assignmentSchema.safeParse(draft);
  return { lacks, assignment: lacks.length === 0 && read.success ? read.data : null };
}

/** Too long for what carries addresses: the assignment then goes as a file. */
export const isTooLong = (assignment: Assignment): boolean =>
  assignmentFragment(assignment).length > LONGEST_ADDRESS;

export function withExercise(draft: Draft, name: string, chosen: boolean): Draft {
  const rest = draft.exercises.filter((each) => each !== name);
  return { ...draft, exercises: chosen ? [...rest, name] : rest };
}

/** Moves an exercise one place towards the beginning (-1) or the end (+1). */
export function moved(draft: Draft, name: string, by: -1 | 1): Draft {
  const exercises = [...draft.exercises];
  const from = exercises.indexOf(name);
  const to = from + by;
  if (from < 0 || to < 0 || to >= exercises.length) return draft;
  [exercises[from], exercises[to]] = [exercises[to]!, exercises[from]!];
  return { ...draft, exercises };
}

export function withChapter(draft: Draft, folder: string, chosen: boolean): Draft {
  const rest = draft.chapters.filter((each) => each.folder !== folder);
  return { ...draft, chapters: chosen ? [...rest, { folder, start: '' }] : rest };
}

/** The state that a shared address holds, or '' where it holds none. */
export const startFrom = (address: string): string => /#s=[\w-]+/.exec(address)?.[0] ?? '';

export const withStart = (draft: Draft, folder: string, start: string): Draft => ({
  ...draft,
  chapters: draft.chapters.map((each) => (each.folder === folder ? { ...each, start } : each)),
});

export const toggled = <Word extends string>(
  list: readonly Word[],
  item: Word,
  on: boolean,
): readonly Word[] => {
  const rest = list.filter((each) => each !== item);
  return on ? [...rest, item] : rest;
};

/** Eight letters and digits that are not taken for each other. */
export function freshKey(random: Uint8Array): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  return Array.from(random, (byte) => letters[byte % letters.length]).join('');
}
