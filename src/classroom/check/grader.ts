/** The graders of all chapters, as checking uses them: by the exercise's name. */
import { grade } from '../../grading/grade.ts';
import type { Exercise } from '../../lab/exercise.ts';
import type { WorldFactory } from '../../lab/world.ts';
import { openSandbox } from '../../sandbox/sandbox.ts';
import type { Pace } from '../../session/pace.ts';
import type { Grader } from './check.ts';

const WORLDS = import.meta.glob<WorldFactory>('/labs/[0-9]*/world.ts', { import: 'default' });
const EXERCISES = import.meta.glob<Exercise>('/labs/[0-9]*/exercises/*/grade.ts', { import: 'default' });

export const chapterGrader =
  (pace: Pace): Grader =>
  async (name, seed, attempt) => {
    const [lab = '', folder = ''] = name.split('/');
    const [world, exercise] = [
      WORLDS[`/labs/${lab}/world.ts`],
      EXERCISES[`/labs/${lab}/exercises/${folder}/grade.ts`],
    ];
    if (!world || !exercise) return null;
    const factory = await world();
    return grade(lab, await exercise(), seed, attempt, {
      factory,
      pace,
      openSandbox,
      cancelled: () => false,
    });
  };
