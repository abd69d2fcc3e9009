/** Configure: the least limits under which a container still does its work. */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { numberIn } from '../../../../src/lab/answers.ts';
import { defineExercise, type Bench } from '../../../../src/lab/exercise.ts';
import type { Attempt, Variant } from '../../../../src/protocol/exercise.ts';
import type { Setup } from '../../../../src/protocol/frame.ts';
import { check, mustRun, printed, setupWith } from '../../grading.ts';
import start from './start.sh?raw';

/** Kilobytes that may be given away. */
export const SLACK = 16;
const GENEROUS = { memory: 1024, pids: 16 } as const;

export interface Chosen {
  readonly memory: number;
  readonly pids: number;
}

export const withLimits = ({ setup }: Variant, { memory, pids }: Chosen): Setup => ({
  ...setup,
  options: { memory, pids },
});

const chosenIn = ({ answers }: Attempt): Chosen => ({
  memory: numberIn(answers['memory']),
  pids: numberIn(answers['pids']),
});
const isPossible = ({ memory, pids }: Chosen): boolean =>
  Number.isInteger(memory) &&
  memory >= 4 &&
  memory <= 4096 &&
  Number.isInteger(pids) &&
  pids >= 1 &&
  pids <= 64;

/** Whether all of the script is done: nothing was killed, nothing refused. */
export async function suffices(bench: Bench, variant: Variant, chosen: Chosen) {
  const ran = mustRun(await bench.run(withLimits(variant, chosen), { cycles: 20_000_000 }));
  const text = printed(ran);
  const done = text.includes(`hog: has ${variant.values['kilobytes']} KB`) && /^all done$/m.test(text);
  return { ran, enough: done && !text.includes('cannot start') && /^\s+\d+\s+\d+\s+\d+ $/m.test(text) };
}

export default defineExercise({
  kind: 'configure',
  cycles: 200_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const [kilobytes, stages] = [100 + 4 * random.below(120), 2 + random.below(5)];
    const pipeline = ['cat /script', ...new Array<string>(stages - 2).fill('cat'), 'wc'].join(' | ');
    return {
      values: { kilobytes, stages },
      setup: setupWith(fill(start, { kilobytes, pipeline }), 'docker', GENEROUS),
      files: {},
      fields: [
        { id: 'memory', kind: 'number' },
        { id: 'pids', kind: 'number' },
      ],
    };
  },

  setup: (variant, attempt) => {
    const chosen = chosenIn(attempt);
    return withLimits(variant, isPossible(chosen) ? chosen : GENEROUS);
  },

  grade: async (attempt, variant, bench) => {
    const chosen = chosenIn(attempt);
    const data = { memory: attempt.answers['memory'] ?? '–', pids: attempt.answers['pids'] ?? '–' };
    if (!isPossible(chosen))
      return { checks: ['done', 'memory', 'pids'].map((id) => check(id, false, data)) };
    const { ran, enough } = await suffices(bench, variant, chosen);
    const less = async (smaller: Chosen): Promise<boolean> =>
      isPossible(smaller) && (await suffices(bench, variant, smaller)).enough;
    const memoryToSpare = await less({ ...chosen, memory: chosen.memory - SLACK });
    const pidsToSpare = await less({ ...chosen, pids: chosen.pids - 1 });
    return {
      checks: [
        check('done', enough, data, ran.at(ran.world.clock)),
        check('memory', enough && !memoryToSpare, data),
        check('pids', enough && !pidsToSpare, data),
      ],
    };
  },
});
