/** Measure: from which price of a bus cycle on a program runs faster under translation than on the bare machine. */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { numberIn } from '../../../../src/lab/answers.ts';
import { defineExercise, type Bench } from '../../../../src/lab/exercise.ts';
import type { Setup } from '../../../../src/protocol/frame.ts';
import { check, mustRun } from '../../../+shared/pc/grading.ts';
import { busyIn, ownSetup } from '../../grading.ts';
import start from './start.asm?raw';

/** Mask of the interrupt controller, and a port that counts. */
const PORTS = ['0x21', '0x61'];
const MOST_PRICE = 100_000;

/** How many cycles translation is ahead of the bare machine when a port costs `price`. */
export async function lead(bench: Bench, setup: Setup, price: number): Promise<number> {
  const busy = async (technique: string): Promise<number> =>
    busyIn(mustRun(await bench.run({ ...setup, technique, constants: { port: price } })));
  return (await busy('bare')) - (await busy('translator'));
}

export default defineExercise({
  kind: 'measure',
  cycles: 20_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const values = {
      port: PORTS[random.below(PORTS.length)]!,
      rounds: 120 + 10 * random.below(20),
      work: 5 + random.below(60),
    };
    const setup = ownSetup(fill(start, values), 'translator');
    return { values, setup, files: {}, fields: [{ id: 'price', kind: 'number' }] };
  },

  grade: async ({ answers }, { setup }, bench) => {
    const price = numberIn(answers['price']);
    const tried = Number.isInteger(price) && price > 1 && price <= MOST_PRICE;
    const [at, below] = tried
      ? [await lead(bench, setup, price), await lead(bench, setup, price - 1)]
      : [-Infinity, Infinity];
    const data = { answered: answers['price'] ?? '–' };
    return {
      checks: [
        check('faster', at > 0, { ...data, behind: tried ? -at : '–' }),
        check('least', below <= 0, { ...data, ahead: tried ? below : '–' }),
      ],
    };
  },
});
