/** Measured as a student would: two runs with and two without the instruction, on each machine. */
import { fill } from '../../../../src/base/fill.ts';
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import { mustRun, setupWith } from '../../../+shared/pc/grading.ts';
import start from './start.asm?raw';

export default defineSolution(async ({ values }, bench) => {
  const price = async (technique: string): Promise<number> => {
    const clock = async (instruction: string, rounds: number): Promise<number> =>
      mustRun(await bench.run(setupWith(fill(start, { instruction, rounds }), technique))).world.clock;
    const each = String(values['instruction']);
    const loop = async (instruction: string): Promise<number> =>
      (await clock(instruction, 1100)) - (await clock(instruction, 100));
    return ((await loop(each)) - (await loop(''))) / 1000;
  };
  const [bare, naive] = [await price('bare'), await price('naive')];
  const answers = { bare: bare.toFixed(2), naive: naive.toFixed(1), ratio: (naive / bare).toFixed(2) };
  return { ...NO_ATTEMPT, answers };
});
