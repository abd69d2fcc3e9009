/** Measure: what one privileged instruction costs, alone and under CP, and how much ordinary work hides it. */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { isNear, numberIn } from '../../../../src/lab/answers.ts';
import { defineExercise, type Bench } from '../../../../src/lab/exercise.ts';
import type { Variant } from '../../../../src/protocol/exercise.ts';
import { check, endClock, mustRun, setupWith } from '../../../+shared/s370/grading.ts';
import start from './start.s?raw';

const INSTRUCTIONS = [
  'SSM   OFF',
  "STNSM NOW,X'FF'",
  'STPT  NOW',
  'LCTL  8,8,NOW',
  'STCTL 8,8,NOW',
  'SSK   6,7',
  'ISK   6,7',
  'IPK',
  'SPKA  0',
];
const FACTORS = [2, 3, 4];
/** More than any instruction needs. */
const MOST_WORK = 4000;
const TOLERANCE = 0.03;

const source = (values: Variant['values'], instruction: string, rounds: number, work: number): string =>
  fill(start, { ...values, instruction, rounds, work });

/** Cycles of one round, without what comes before and after all rounds. */
export async function cyclesOfRound(
  bench: Bench,
  { values }: Variant,
  technique: string,
  work: number,
  instruction = String(values['instruction']),
): Promise<number> {
  const clocks: number[] = [];
  for (const rounds of [8, 24]) {
    const ran = mustRun(await bench.run(setupWith(source(values, instruction, rounds, work), technique)));
    clocks.push(endClock(ran));
  }
  return (clocks[1]! - clocks[0]!) / 16;
}

export default defineExercise({
  kind: 'measure',
  cycles: 8_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const instruction = INSTRUCTIONS[random.below(INSTRUCTIONS.length)]!;
    const values = {
      instruction,
      mnemonic: instruction.split(' ')[0]!,
      factor: FACTORS[random.below(FACTORS.length)]!,
      rounds: 10 + random.below(30),
      work: 1,
    };
    return {
      values,
      setup: setupWith(source(values, instruction, values.rounds, 1), 'cp'),
      files: {},
      fields: [
        { id: 'alone', kind: 'number' },
        { id: 'cp', kind: 'number' },
        { id: 'work', kind: 'number' },
      ],
    };
  },

  grade: async ({ answers }, variant, bench) => {
    const without = await cyclesOfRound(bench, variant, 'bare', 1, 'DS    0H');
    const bare = await cyclesOfRound(bench, variant, 'bare', 1);
    const under = await cyclesOfRound(bench, variant, 'cp', 1);
    const [alone, cp] = [bare - without, under - without];
    const factor = Number(variant.values['factor']);
    const work = numberIn(answers['work']);
    const tried = Number.isInteger(work) && work >= 1 && work <= MOST_WORK;
    const slowdown = async (turns: number): Promise<number> =>
      turns < 1
        ? Infinity
        : (await cyclesOfRound(bench, variant, 'cp', turns)) /
          (await cyclesOfRound(bench, variant, 'bare', turns));
    const [reached, before] = tried ? [await slowdown(work), await slowdown(work - 1)] : [Infinity, Infinity];
    const answered = (id: string) => ({ answered: answers[id] ?? '–' });
    const shown = (ratio: number): string => (Number.isFinite(ratio) ? ratio.toFixed(2) : '–');
    return {
      checks: [
        check('alone', isNear(numberIn(answers['alone']), alone, 0), answered('alone')),
        check('cp', isNear(numberIn(answers['cp']), cp, TOLERANCE), answered('cp')),
        check('enough', reached < factor, { ...answered('work'), slowdown: shown(reached) }),
        check('least', before >= factor && tried, { ...answered('work'), slowdown: shown(before) }),
      ],
    };
  },
});
