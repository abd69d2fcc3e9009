// Every exercise of every chapter: what may be expected of it, whatever it is about.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { compileExercise } from '../src/build/exercise-text.ts';
import { at } from '../src/build/paths.mjs';
import { fill } from '../src/base/fill.ts';
import { NO_PACE } from './no-pace.ts';
import { GradingBench, type Surroundings } from '../src/grading/bench.ts';
import { grade } from '../src/grading/grade.ts';
import type { Exercise, Solution } from '../src/lab/exercise.ts';
import type { WorldFactory } from '../src/lab/world.ts';
import { NO_ATTEMPT, type Attempt, type Variant, type Verdict } from '../src/protocol/exercise.ts';
import { openSandbox } from '../src/sandbox/sandbox.ts';
import { locales } from '../src/site/locales.ts';
import type { ExerciseText } from '../src/ui/exercise/text.ts';

const GRADERS = import.meta.glob<Exercise>('/labs/[0-9]*/exercises/*/grade.ts', { import: 'default' });
const SOLUTIONS = import.meta.glob<Solution>('/labs/[0-9]*/exercises/*/solution.ts', { import: 'default' });
const WORLDS = import.meta.glob<WorldFactory>('/labs/[0-9]*/world.ts', { import: 'default' });

const SEEDS = [1, 2, 1_234_567_890];

const exercises = Object.keys(GRADERS).map((path) => {
  const [, , lab = '', , folder = ''] = path.split('/');
  return { path, folder: dirname(path).slice(1), lab, name: `${lab}/${folder}` };
});

test('a chapter finds its exercises', () => {
  expect(exercises.length).toBeGreaterThan(0);
});

describe.each(exercises)('$name', ({ path, folder, lab }) => {
  let exercise: Exercise;
  let solution: Solution;
  let surroundings: Surroundings;
  let texts: readonly ExerciseText[];
  beforeAll(async () => {
    exercise = await GRADERS[path]!();
    solution = await SOLUTIONS[path.replace('grade.ts', 'solution.ts')]!();
    const factory = await WORLDS[`/labs/${lab}/world.ts`]!();
    surroundings = { factory, pace: NO_PACE, openSandbox, cancelled: () => false };
    texts = await Promise.all(
      locales.map(async (locale) =>
        compileExercise(readFileSync(at(`${folder}/index.${locale}.md`), 'utf8')),
      ),
    );
  });

  const judge = async (seed: number, attempt: Attempt): Promise<Verdict> => {
    const verdict = await grade(lab, exercise, seed, attempt, surroundings);
    if (!verdict) throw new Error('nobody cancelled');
    return verdict;
  };
  const solve = async (variant: Variant): Promise<Attempt> => {
    const bench = new GradingBench(lab, Infinity, surroundings);
    const attempt = await solution(variant, bench);
    await bench.close();
    return attempt;
  };

  test.each(SEEDS)('with seed %i the start does not pass, and the solution does, each time', async (seed) => {
    const started = await judge(seed, NO_ATTEMPT);
    expect(started.passed).toBe(false);
    const attempt = await solve(exercise.variant(seed));
    const verdict = await judge(seed, attempt);
    expect(verdict).toMatchObject({ passed: true, problem: null });
    // Once more, to see that nothing is left to chance; one seed shows it.
    if (seed === SEEDS[0]) expect(await judge(seed, structuredClone(attempt))).toEqual(verdict);
    expect(verdict.fingerprint).not.toBe(started.fingerprint);
    for (const text of texts) sayable(text, exercise.variant(seed), [started, verdict]);
  });

  /** Every verdict has its words, and all of them have their values. */
  function sayable(text: ExerciseText, variant: Variant, verdicts: readonly Verdict[]): void {
    const checks = verdicts.flatMap((verdict) => verdict.checks);
    expect(Object.keys(text.checks).toSorted()).toEqual([...new Set(checks.map(({ id }) => id))].toSorted());
    for (const { id, passed, data } of checks)
      fill(text.checks[id]![passed ? 'passed' : 'failed'], { ...variant.values, ...data });
    for (const hint of text.hints) fill(hint, variant.values);
    for (const { label } of Object.values(text.fields)) fill(label, variant.values);
    for (const [, name] of text.html.matchAll(/<data value="([^"]*)"/g))
      expect(Object.keys(variant.values)).toContain(name);
    expect(Object.keys(text.fields).toSorted()).toEqual(variant.fields.map(({ id }) => id).toSorted());
    for (const field of variant.fields)
      if (field.kind === 'choice')
        expect(Object.keys(text.fields[field.id]!.choices ?? {})).toEqual(field.choices);
  }

  test('a seed makes the same variant each time, another seed another one', () => {
    expect(exercise.variant(1)).toEqual(exercise.variant(1));
    const variants = Array.from({ length: 20 }, (_, seed) => JSON.stringify(exercise.variant(seed)));
    expect(new Set(variants).size).toBeGreaterThan(4);
  });

  test('it says the same in every language, with at least two hints', () => {
    const shape = ({ html, hints, checks, fields }: ExerciseText) => ({
      values: [...new Set([...html.matchAll(/<data value="([^"]*)"/g)].map(([, name]) => name))].toSorted(),
      hints: hints.length,
      checks: Object.keys(checks),
      fields: Object.entries(fields).map(([id, { choices }]) => [id, Object.keys(choices ?? {})]),
    });
    const [first, ...others] = texts.map(shape);
    for (const other of others) expect(other).toEqual(first);
    expect(first!.hints).toBeGreaterThan(1);
  });
});

describe.runIf(existsSync(at('dist/assets')))('what the site serves', () => {
  test('holds no line of any solution', () => {
    const texts = (folder: string, wanted: (name: string) => boolean): readonly string[] =>
      readdirSync(at(folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(s|asm|js|ts|html|json|md)$/.test(name) && wanted(name))
        .map((name) => readFileSync(at(`${folder}/${name}`), 'utf8'));
    const isSolution = (name: string): boolean => /(^|\/)solution\.(s|asm|js)$/.test(name);
    const served = texts('dist', () => true).join('\n');
    const others = texts('labs', (name) => !isSolution(name)).join('\n');
    const own = texts('labs', isSolution)
      .flatMap((text) => text.split('\n').map((line) => line.trim()))
      .filter((line) => line.length > 16 && !others.includes(line) && !/["'`\\{]/.test(line));
    expect(own.length).toBeGreaterThan(10);
    expect(own.filter((line) => served.includes(line))).toEqual([]);
    expect(served).not.toContain('defineSolution');
  });
});
