/** Configure: a way to share core, and as few page frames as let it be fast enough. */
import { seededRandom } from '../../../../src/base/random.ts';
import { numberIn } from '../../../../src/lab/answers.ts';
import { defineExercise, type Bench } from '../../../../src/lab/exercise.ts';
import type { Attempt, Variant } from '../../../../src/protocol/exercise.ts';
import type { Setup } from '../../../../src/protocol/frame.ts';
import { check, endClock, mustRun } from '../../../+shared/s370/grading.ts';
import { setupOf } from '../../grading.ts';

export const MEMORIES = ['lru', 'clock', 'working-set'] as const;
type Choice = (typeof MEMORIES)[number];
/** A program is ten pages large; with fewer frames than this it cannot even run alone. */
export const LEAST_FRAMES = 8;
export const MOST_FRAMES = 60;
const PLENTY = 80;
const FIRST_FRAMES = 14;

export const machine = ({ setup }: Variant, memory: Choice, frames: number): Setup => ({
  ...setup,
  technique: memory,
  options: { ...setup.options, frames },
});

/** Cycles that all commands together may take. */
export async function allowance(bench: Bench, variant: Variant): Promise<number> {
  const ample = mustRun(await bench.run(machine(variant, 'working-set', PLENTY)));
  return Math.round(endClock(ample) * (1 + Number(variant.values['percent']) / 100));
}

export async function fastEnough(bench: Bench, setup: Setup, allowed: number) {
  const ran = mustRun(await bench.run(setup, { cycles: allowed }));
  return { ran, fast: ran.world.guestEnd?.failure === '' };
}

const framesOf = ({ answers }: Attempt): number => numberIn(answers['frames']);
const isPossible = (frames: number): boolean =>
  Number.isInteger(frames) && frames >= LEAST_FRAMES && frames <= MOST_FRAMES;
const memoryOf = ({ answers }: Attempt): Choice | undefined =>
  MEMORIES.find((each) => each === answers['memory']);

export default defineExercise({
  kind: 'configure',
  cycles: 200_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const users = 4 + random.below(3);
    const quantum = 20_000 + 1000 * random.below(10);
    const values = { users, percent: 20 + 5 * random.below(5) };
    return {
      values,
      setup: setupOf('thrash', 'lru', seed, { users, quantum, interactions: 1, frames: FIRST_FRAMES }),
      files: {},
      fields: [
        { id: 'memory', kind: 'choice', choices: MEMORIES },
        { id: 'frames', kind: 'number' },
      ],
    };
  },

  setup: (variant, attempt) => {
    const frames = framesOf(attempt);
    return machine(variant, memoryOf(attempt) ?? 'lru', isPossible(frames) ? frames : FIRST_FRAMES);
  },

  grade: async (attempt, variant, bench) => {
    const [frames, memory] = [framesOf(attempt), memoryOf(attempt)];
    const allowed = await allowance(bench, variant);
    const data = { frames: attempt.answers['frames'] ?? '–', allowed };
    if (!isPossible(frames) || !memory)
      return { checks: ['fast', 'frugal'].map((id) => check(id, false, { ...data, cycles: '–' })) };
    const { ran, fast } = await fastEnough(bench, machine(variant, memory, frames), allowed);
    const cycles = endClock(ran);
    const withFewer = await Promise.all(
      (frames > LEAST_FRAMES ? MEMORIES : []).map(
        async (each) => (await fastEnough(bench, machine(variant, each, frames - 1), allowed)).fast,
      ),
    );
    return {
      checks: [
        check('fast', fast, { ...data, cycles }, ran.at(cycles)),
        check('frugal', fast && !withFewer.includes(true), { ...data, cycles }),
      ],
    };
  },
});
