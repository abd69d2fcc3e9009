/** Judges an attempt: the one way, for the worker, the command and a teacher's page. */
import type { Exercise } from '../lab/exercise.ts';
import type { Setup } from '../protocol/frame.ts';
import type { Attempt, Problem, Variant, Verdict } from '../protocol/exercise.ts';
import { PassedInput } from '../timeline/timeline.ts';
import { Cancelled, GradingBench, OutOfCycles, type Surroundings } from './bench.ts';

/** Characters that a file, and an answer, of a student may have. */
export const LONGEST_FILE = 65_536;
export const LONGEST_ANSWER = 400;

/**
 * The verdict on an attempt, or null if it was cancelled. Nothing that an attempt holds makes this throw: an exception
 * is a bug of ours.
 */
export async function grade(
  lab: string,
  exercise: Exercise,
  seed: number,
  attempt: Attempt,
  surroundings: Surroundings,
): Promise<Verdict | null> {
  const variant = exercise.variant(seed);
  const bench = new GradingBench(lab, exercise.cycles, surroundings);
  const verdict = (found: Partial<Verdict>): Verdict => {
    const all = { passed: false, checks: [], diagnostics: [], problem: null, ...found };
    const told = all.checks.map(({ id, passed, data }) => ({ id, passed, data }));
    return { ...all, fingerprint: bench.fingerprint([told, all.problem]), cycles: bench.cycles };
  };
  const problem = problemOf(lab, variant, attempt, exercise.cycles);
  if (problem) return verdict({ problem });
  try {
    const { checks, diagnostics = [] } = await exercise.grade(relevant(attempt, variant), variant, bench);
    const passed =
      checks.length > 0 &&
      checks.every((check) => check.passed) &&
      !diagnostics.some(({ severity }) => severity === 'error');
    return verdict({ passed, checks, diagnostics });
  } catch (error) {
    if (error instanceof Cancelled) return null;
    if (error instanceof PassedInput) return verdict({ problem: { kind: 'foreign-run' } });
    if (!(error instanceof OutOfCycles)) throw error;
    return verdict({ problem: { kind: 'too-many-cycles', most: exercise.cycles } });
  } finally {
    await bench.close();
  }
}

/** What the lab loads when a student has got so far. */
export function setupWith(exercise: Exercise, seed: number, attempt: Attempt): Setup {
  const variant = exercise.variant(seed);
  return exercise.setup?.(variant, relevant(attempt, variant)) ?? variant.setup;
}

/** Every file of the variant, as edited or as it was given. */
const edited = (variant: Variant, files: Attempt['files']): Attempt['files'] =>
  Object.fromEntries(Object.entries(variant.files).map(([name, start]) => [name, files[name] ?? start]));

/** The attempt without what this variant does not ask for; a file that was not edited is as it was given. */
function relevant({ answers, files, recording }: Attempt, variant: Variant): Attempt {
  const answered = variant.fields.map(({ id }) => [id, (answers[id] ?? '').trim()] as const);
  return {
    answers: Object.fromEntries(answered.filter(([, answer]) => answer !== '')),
    files: edited(variant, files),
    recording,
  };
}

function problemOf(lab: string, variant: Variant, attempt: Attempt, cycles: number): Problem | null {
  const { answers, files, recording } = attempt;
  const longFile = Object.keys(variant.files).find((name) => (files[name] ?? '').length > LONGEST_FILE);
  if (longFile !== undefined) return { kind: 'too-long', name: longFile, most: LONGEST_FILE };
  const longAnswer = variant.fields.find(({ id }) => (answers[id] ?? '').length > LONGEST_ANSWER);
  if (longAnswer) return { kind: 'too-long', name: longAnswer.id, most: LONGEST_ANSWER };
  if (!recording) return null;
  const { inputs, clock } = recording;
  const times = [0, ...inputs.map(({ at }) => at), clock];
  const ordered = times.every((at, i) => Number.isSafeInteger(at) && at >= (times[i - 1] ?? 0));
  if (recording.lab !== lab || !ordered || !sameData(recording.setup, variant.setup))
    return { kind: 'foreign-run' };
  return clock > cycles ? { kind: 'too-many-cycles', most: cycles } : null;
}

/** Equal as JSON, whatever the order of fields. */
function sameData(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one === other;
  const fields = (value: object) => Object.entries(value).filter(([, item]) => item !== undefined);
  const others = new Map<string, unknown>(fields(other));
  const own = fields(one);
  return (
    own.length === others.size &&
    own.every(([key, item]) => others.has(key) && sameData(item, others.get(key)))
  );
}
