/** Hand-ins of a whole class, made as the student's page makes them: attempts from the solutions, graded by the engine. */
import { seedOf, type Assignment } from '../../src/classroom/format/assignment.ts';
import { ENGINE } from '../../src/classroom/format/engine.ts';
import {
  claimOf,
  HAND_IN_FORMAT,
  HAND_IN_VERSION,
  type HandIn,
  type Work,
} from '../../src/classroom/format/hand-in.ts';
import { GradingBench } from '../../src/grading/bench.ts';
import { grade } from '../../src/grading/grade.ts';
import type { Exercise, Solution } from '../../src/lab/exercise.ts';
import type { WorldFactory } from '../../src/lab/world.ts';
import type { Attempt } from '../../src/protocol/exercise.ts';
import { openSandbox } from '../../src/sandbox/sandbox.ts';

const WORLDS = import.meta.glob<WorldFactory>('/labs/[0-9]*/world.ts', { import: 'default' });
const EXERCISES = import.meta.glob<Exercise>('/labs/[0-9]*/exercises/*/grade.ts', { import: 'default' });
const SOLUTIONS = import.meta.glob<Solution>('/labs/[0-9]*/exercises/*/solution.ts', { import: 'default' });

/** Every exercise of a chapter that has a solution. */
export const exercisesOf = (chapter: string): string[] =>
  Object.keys(SOLUTIONS)
    .filter((path) => path.startsWith(`/labs/${chapter}/`))
    .map((path) => path.replace(/^\/labs\/(.*)\/exercises\/(.*)\/solution\.ts$/, '$1/$2'))
    .sort();

export const assignmentOf = (chapter: string): Assignment => ({
  version: 1,
  title: 'The first hypervisor',
  locale: null,
  courseKey: 'spring-course',
  seeds: { kind: 'student' },
  chapters: [],
  exercises: exercisesOf(chapter),
  panels: null,
  hidden: [],
  locked: [],
  deadline: '',
  instructions: '',
});

/** What a student tried instead. */
export type Change = (attempt: Attempt, exercise: string) => Attempt;

const solutionOf = async (exercise: string): Promise<Solution> => {
  const [chapter, folder] = exercise.split('/');
  const load = SOLUTIONS[`/labs/${chapter}/exercises/${folder}/solution.ts`];
  if (!load) throw new Error(`${exercise} has no solution`);
  return load();
};

/** One exercise done, with the claim that the student's page would make. */
async function workOn(exercise: string, seed: number, change: Change): Promise<Work> {
  const [lab = '', folder = ''] = exercise.split('/');
  const own = await EXERCISES[`/labs/${lab}/exercises/${folder}/grade.ts`]!();
  const surroundings = {
    factory: await WORLDS[`/labs/${lab}/world.ts`]!(),
    pace: { now: () => performance.now(), breathe: () => Promise.resolve() },
    openSandbox,
    cancelled: () => false,
  };
  const bench = new GradingBench(lab, 1e10, surroundings);
  const solution = await solutionOf(exercise);
  const attempt = change(await solution(own.variant(seed), bench), exercise);
  await bench.close();
  const verdict = await grade(lab, own, seed, attempt, surroundings);
  return { exercise, lab, seed, attempt, claimed: verdict && claimOf(verdict) };
}

/** An honest hand-in with everything solved, but for what `change` makes of the attempts. */
export async function handInOf(
  assignment: Assignment,
  student: string,
  change: Change = (attempt) => attempt,
): Promise<HandIn> {
  const work: Work[] = [];
  for (const exercise of assignment.exercises) {
    const seed = seedOf(assignment, student, exercise, 1);
    work.push(await workOn(exercise, seed, change));
  }
  return {
    format: HAND_IN_FORMAT,
    version: HAND_IN_VERSION,
    engine: ENGINE,
    assignment,
    student,
    made: '2026-11-20T08:00:00.000Z',
    work,
  };
}
