/** Configure: as few page frames and as little microcode as a guest needs to be fast enough. */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { numberIn } from '../../../../src/lab/answers.ts';
import { defineExercise, type Bench } from '../../../../src/lab/exercise.ts';
import type { Attempt, Variant } from '../../../../src/protocol/exercise.ts';
import type { Setup } from '../../../../src/protocol/frame.ts';
import { asS370, check, endClock, mustRun, setupWith } from '../../../+shared/s370/grading.ts';
import start from './start.s?raw';

/** From the cheapest. */
export const ASSISTS = ['none', 'vma', 'ecps'] as const;
type AssistChoice = (typeof ASSISTS)[number];
const TECHNIQUES: Readonly<Record<AssistChoice, string>> = { none: 'cp', vma: 'cp-assist', ecps: 'cp-ecps' };

const STORAGE = 0x20000;
export const MOST_FRAMES = STORAGE / 4096;
/** With less, CP cannot even bring in what one instruction needs. */
export const LEAST_FRAMES = 3;
const FIRST_FRAMES = 6;

/** The machine with so many frames and that assist. */
export const machine = ({ setup }: Variant, frames: number, assist: AssistChoice): Setup => ({
  ...setup,
  technique: TECHNIQUES[assist],
  options: { storage: STORAGE, frames },
});

const framesOf = ({ answers }: Attempt): number => numberIn(answers['frames']);
const isPossible = (frames: number): boolean =>
  Number.isInteger(frames) && frames >= LEAST_FRAMES && frames <= MOST_FRAMES;
const assistOf = ({ answers }: Attempt): AssistChoice | undefined =>
  ASSISTS.find((each) => each === answers['assist']);

/** Cycles that the guest may take. */
export async function allowance(bench: Bench, { setup, values }: Variant): Promise<number> {
  const alone = mustRun(await bench.run({ ...setup, technique: 'bare', options: { storage: STORAGE } }));
  return endClock(alone) * Number(values['limit']);
}

/** Runs the guest for as long as it may take; null where it is not done by then. */
export async function fastEnough(bench: Bench, setup: Setup, allowed: number) {
  const found = await bench.run(setup, { cycles: allowed });
  if (!found.world) throw new Error('the exercise’s own source does not assemble');
  const ran = asS370(found);
  return { ran, fast: ran.failure === '' && endClock(ran) <= allowed };
}

export default defineExercise({
  kind: 'configure',
  cycles: 20_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const values = {
      pages: 8 + random.below(12),
      rounds: 5 + random.below(4),
      calls: random.below(3) === 0 ? 1 : 18 + random.below(20),
      // Every third time nothing but storage is needed.
      limit: random.below(3) === 0 ? 75 + random.below(20) : 15 + random.below(7),
    };
    const source = fill(start, values);
    return {
      values,
      setup: setupWith(source, 'cp', { options: { storage: STORAGE, frames: FIRST_FRAMES } }),
      files: {},
      fields: [
        { id: 'frames', kind: 'number' },
        { id: 'assist', kind: 'choice', choices: ASSISTS },
      ],
    };
  },

  setup: (variant, attempt) => {
    const frames = framesOf(attempt);
    return machine(variant, isPossible(frames) ? frames : FIRST_FRAMES, assistOf(attempt) ?? 'none');
  },

  grade: async (attempt, variant, bench) => {
    const [frames, assist] = [framesOf(attempt), assistOf(attempt)];
    const allowed = await allowance(bench, variant);
    const data = { frames: attempt.answers['frames'] ?? '–', allowed };
    if (!isPossible(frames) || !assist)
      return { checks: ['fast', 'frugal', 'plain'].map((id) => check(id, false, { ...data, cycles: '–' })) };
    const { ran, fast } = await fastEnough(bench, machine(variant, frames, assist), allowed);
    const fewer =
      frames > LEAST_FRAMES && (await fastEnough(bench, machine(variant, frames - 1, assist), allowed)).fast;
    const lower = ASSISTS[ASSISTS.indexOf(assist) - 1];
    const less =
      lower !== undefined && (await fastEnough(bench, machine(variant, frames, lower), allowed)).fast;
    const cycles = endClock(ran);
    return {
      checks: [
        check('fast', fast, { ...data, cycles }, ran.at(cycles)),
        check('frugal', fast && !fewer, { ...data, cycles }),
        check('plain', fast && !less, { ...data, cycles }),
      ],
    };
  },
});
