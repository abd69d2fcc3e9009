/** Measured as a student would: by the clock at the end of runs that differ in one number. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import { mustRun } from '../../../+shared/pc/grading.ts';
import { setupOf } from './grade.ts';

export default defineSolution(async ({ values }, bench) => {
  const reads = Number(values['reads']);
  const round = async (more: number, technique: string): Promise<number> => {
    const clock = async (asks: number): Promise<number> =>
      mustRun(await bench.run(setupOf(reads + more, asks, technique))).world.clock;
    return ((await clock(300)) - (await clock(100))) / 200;
  };
  const old = await round(0, 'bare-2005');
  const answers = {
    old: old.toFixed(0),
    new: (await round(0, 'bare')).toFixed(0),
    read: ((await round(1, 'bare-2005')) - old).toFixed(0),
  };
  return { ...NO_ATTEMPT, answers };
});
