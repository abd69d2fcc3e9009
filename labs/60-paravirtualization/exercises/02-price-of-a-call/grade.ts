/** Measure: what a hypercall costs, and what one more update costs in a list. */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { isNear, numberIn } from '../../../../src/lab/answers.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import { check, setupWith } from '../../../+shared/pc/grading.ts';
import { BODIES, priceBy } from './bodies.ts';
import start from './start.asm?raw';

const TOLERANCE = 0.03;
const ROUNDS = 200;
const SHORT = 4;
const LONG = 20;
/** Present, and perhaps writable too. */
const BITS = [1, 3];

export default defineExercise({
  kind: 'measure',
  cycles: 400_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const values = { rounds: 30 + random.below(200), bits: BITS[random.below(BITS.length)]! };
    return {
      values,
      setup: setupWith(fill(start, { ...values, body: BODIES.single }), 'xen', 'hello'),
      files: {},
      fields: [
        { id: 'call', kind: 'number' },
        { id: 'single', kind: 'number' },
        { id: 'listed', kind: 'number' },
      ],
    };
  },

  grade: async ({ answers }, { values }, bench) => {
    const price = priceBy(bench, Number(values['bits']), ROUNDS);
    const [short, long] = [await price(BODIES.list(SHORT)), await price(BODIES.list(LONG))];
    const right = {
      call: await price(BODIES.call),
      single: await price(BODIES.single),
      listed: (long - short) / (LONG - SHORT),
    };
    return {
      checks: (['call', 'single', 'listed'] as const).map((id) =>
        check(id, isNear(numberIn(answers[id]), right[id], TOLERANCE), { answered: answers[id] ?? '–' }),
      ),
    };
  },
});
