/** Measured as a student would: two runs of different length on each machine. */
import { fill } from '../../../../src/base/fill.ts';
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import { mustRun, setupWith } from '../../../+shared/pc/grading.ts';
import start from './start.asm?raw';

export default defineSolution(async ({ values }, bench) => {
  const price = async (technique: string): Promise<number> => {
    const clock = async (rounds: number): Promise<number> => {
      const source = fill(start, { instruction: values['instruction']!, rounds });
      return mustRun(await bench.run(setupWith(source, technique))).world.clock;
    };
    return ((await clock(600)) - (await clock(100))) / 500;
  };
  const answers = {
    bare: (await price('bare')).toFixed(2),
    translator: (await price('translator')).toFixed(2),
  };
  return { ...NO_ATTEMPT, answers };
});
