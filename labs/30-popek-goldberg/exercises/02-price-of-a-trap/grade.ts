/** Measure: what one privileged instruction costs on the bare machine and under the naive monitor. */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { isNear, numberIn } from '../../../../src/lab/answers.ts';
import { defineExercise, type Bench } from '../../../../src/lab/exercise.ts';
import { check, mustRun, setupWith } from '../../../+shared/pc/grading.ts';
import start from './start.asm?raw';

const INSTRUCTIONS = [
  'cli',
  'mov eax, cr0',
  'clts',
  'mov eax, cr3',
  'invlpg [place]',
  'out 0x80, al',
  'in al, 0x61',
];
const TOLERANCE = 0.03;
const FEW = 40;
const MANY = 140;

/** Cycles of one instruction more, in the loop, without what comes before and after it. */
async function cyclesOf(bench: Bench, instruction: string, technique: string): Promise<number> {
  const clocks: number[] = [];
  for (const body of [instruction, ''])
    for (const rounds of [FEW, MANY]) {
      const source = fill(start, { instruction: body, rounds });
      clocks.push(mustRun(await bench.run(setupWith(source, technique))).world.clock);
    }
  const [few, many, emptyFew, emptyMany] = clocks as [number, number, number, number];
  return (many - few - (emptyMany - emptyFew)) / (MANY - FEW);
}

export default defineExercise({
  kind: 'measure',
  cycles: 20_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const values = {
      instruction: INSTRUCTIONS[random.below(INSTRUCTIONS.length)]!,
      rounds: 20 + random.below(200),
    };
    return {
      values,
      setup: setupWith(fill(start, values), 'naive'),
      files: {},
      fields: [
        { id: 'bare', kind: 'number' },
        { id: 'naive', kind: 'number' },
        { id: 'ratio', kind: 'number' },
      ],
    };
  },

  grade: async ({ answers }, { values }, bench) => {
    const instruction = String(values['instruction']);
    const bare = await cyclesOf(bench, instruction, 'bare');
    const naive = await cyclesOf(bench, instruction, 'naive');
    const right = { bare, naive, ratio: naive / bare };
    return {
      checks: (['bare', 'naive', 'ratio'] as const).map((id) =>
        check(id, isNear(numberIn(answers[id]), right[id], TOLERANCE), { answered: answers[id] ?? '–' }),
      ),
    };
  },
});
