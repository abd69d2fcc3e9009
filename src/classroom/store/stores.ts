/** The keeper as what labs and exercises want: a place for sources, and one for attempts. */
import type { ExerciseStore, SavedWork } from '../../ui/exercise/store.ts';
import type { Sources } from '../../ui/lab/sources.ts';
import type { Keeper } from './keeper.ts';
import { keyOf } from './keys.ts';

/** The storage opens when it is first used: a page that is only read costs nothing. */
export type Opening = () => Promise<Keeper>;

export const labSources = (keeper: Opening): Sources => ({
  kept: async (lab, workload) => {
    const kept = await (await keeper()).read(keyOf.source(lab, workload));
    return kept && 'text' in kept ? kept.text : null;
  },
  keep: async (lab, workload, source) => {
    const [key, open] = [keyOf.source(lab, workload), await keeper()];
    await (source === null ? open.delete(key) : open.write(key, { text: source }));
  },
});

/** What an assignment says of seeds; null where the student chooses. */
export type Assigned = (exercise: string) => number | null;

/** @param scope the assignment's id, or `self` */
export const exerciseStore = (keeper: Opening, scope: string, assigned: Assigned): ExerciseStore => ({
  seed: async (exercise) => {
    const kept = await (await keeper()).read(keyOf.seed(scope, exercise));
    return assigned(exercise) ?? (kept && 'seed' in kept ? kept.seed : null);
  },
  chooseSeed: async (exercise, seed) => (await keeper()).write(keyOf.seed(scope, exercise), { seed }),
  load: async (exercise, seed): Promise<SavedWork | null> => {
    const kept = await (await keeper()).read(keyOf.work(scope, exercise, seed));
    return kept && 'attempt' in kept ? kept : null;
  },
  save: async (exercise, seed, work) => (await keeper()).write(keyOf.work(scope, exercise, seed), work),
});
