/** Measure: what a loop with one sensitive instruction costs on the bare machine and translated. */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { isNear, numberIn } from '../../../../src/lab/answers.ts';
import { defineExercise, type Bench } from '../../../../src/lab/exercise.ts';
import { check, mustRun, setupWith } from '../../../+shared/pc/grading.ts';
import start from './start.asm?raw';

const INSTRUCTIONS = [
  'cli',
  'mov eax, cr0',
  'mov eax, cr3',
  'smsw eax',
  'in al, 0x61',
  'clts',
  'sgdt [place]',
];
const TECHNIQUES = ['bare', 'translator'] as const;
const TOLERANCE = 0.03;
const FEW = 40;
const MANY = 140;

/** Cycles of one round more, without what comes before and after the loop. */
async function cyclesOf(bench: Bench, instruction: string, technique: string): Promise<number> {
  const clock = async (rounds: number): Promise<number> => {
    const source = fill(start, { instruction, rounds });
    return mustRun(await bench.run(setupWith(source, technique))).world.clock;
  };
  return ((await clock(MANY)) - (await clock(FEW))) / (MANY - FEW);
}

export default defineExercise({
  kind: 'measure',
  cycles: 30_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const values = {
      instruction: INSTRUCTIONS[random.below(INSTRUCTIONS.length)]!,
      rounds: 20 + random.below(200),
    };
    return {
      values,
      setup: setupWith(fill(start, values), 'translator'),
      files: {},
      fields: TECHNIQUES.map((id) => ({ id, kind: 'number' })),
    };
  },

  grade: async ({ answers }, { values }, bench) => {
    const checks = [];
    for (const technique of TECHNIQUES) {
      const right = await cyclesOf(bench, String(values['instruction']), technique);
      const answered = answers[technique];
      checks.push(
        check(technique, isNear(numberIn(answered), right, TOLERANCE), { answered: answered ?? '–' }),
      );
    }
    return { checks };
  },
});
