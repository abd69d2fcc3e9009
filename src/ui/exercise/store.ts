/** Where exercises keep what a student has done. Without a better one it is kept as long as the page is open. */
import type { Attempt, Verdict } from '../../protocol/exercise.ts';

export interface SavedWork {
  readonly attempt: Attempt;
  /** The latest one, or null: not checked yet. */
  readonly verdict: Verdict | null;
  /** Hints revealed so far. */
  readonly hints: number;
}

export interface ExerciseStore {
  /** The seed that a student works on: as assigned, or the one chosen last, or null. */
  seed(exercise: string): Promise<number | null>;
  chooseSeed(exercise: string, seed: number): Promise<void>;
  /** @param exercise its whole name, `LAB/FOLDER` */
  load(exercise: string, seed: number): Promise<SavedWork | null>;
  /** Rejects, with words for the student, when the work could not be kept. */
  save(exercise: string, seed: number, work: SavedWork): Promise<void>;
}

export function memoryStore(): ExerciseStore {
  const seeds = new Map<string, number>();
  const works = new Map<string, SavedWork>();
  const key = (exercise: string, seed: number): string => `${exercise}#${seed}`;
  return {
    seed: async (exercise) => seeds.get(exercise) ?? null,
    chooseSeed: async (exercise, seed) => {
      seeds.set(exercise, seed);
    },
    load: async (exercise, seed) => works.get(key(exercise, seed)) ?? null,
    save: async (exercise, seed, work) => {
      works.set(key(exercise, seed), work);
    },
  };
}
