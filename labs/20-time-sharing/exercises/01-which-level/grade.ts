/** Predict: at which levels of CTSS's queues does a computation run, and how often is it given the processor? */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { isNear, numberIn } from '../../../../src/lab/answers.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import { MODEL_145 } from '../../../../src/machines/s370/models.ts';
import { check, endClock, mustRun } from '../../../+shared/s370/grading.ts';
import { setupOf } from '../../grading.ts';
import start from './start.s?raw';

/** Milliseconds in which the drum moves one page into core and another one out. */
const IN_AND_OUT = 20 / 3;
const { costs, cyclePicoseconds } = MODEL_145;
const TURN = costs.branch.cycles + costs.taken.cycles;

const FIELDS = ['first', 'last', 'turns'] as const;

export default defineExercise({
  kind: 'predict',
  cycles: 60_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const moved = 2 + random.below(3);
    const quantum = Math.round(((moved + 0.3) * IN_AND_OUT * 1e9) / cyclePicoseconds);
    const quanta = 12 + random.below(50);
    const pages = 1 + random.below(16);
    const values = {
      moved,
      pages,
      quanta,
      turns: Math.round(((quanta - 0.5) * quantum) / TURN),
    };
    const source = fill(start, values);
    return {
      values,
      setup: setupOf('office', 'ctss', seed, { users: 0, frames: 20, quantum }, source),
      files: {},
      fields: FIELDS.map((id) => ({ id, kind: 'number' })),
    };
  },

  grade: async ({ answers }, { setup }, bench) => {
    const dispatched: { readonly level: number; readonly clock: number }[] = [];
    const ran = mustRun(
      await bench.run(setup, {
        onEvent: ({ kind, detail, clock }) => {
          if (kind === 'dispatch') dispatched.push({ level: Number(detail['level']), clock });
        },
      }),
    );
    const [first, last] = [dispatched[0]!, dispatched.at(-1)!];
    const one = (id: (typeof FIELDS)[number], right: number, at: number) =>
      check(id, isNear(numberIn(answers[id]), right, 0), { answered: answers[id] ?? '–' }, ran.at(at));
    return {
      checks: [
        one('first', first.level, first.clock),
        one('last', last.level, last.clock),
        one('turns', dispatched.length, endClock(ran)),
      ],
    };
  },
});
