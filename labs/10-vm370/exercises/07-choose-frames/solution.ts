/** Tries the cheapest assist first, and with each as few frames as may do. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import { allowance, ASSISTS, fastEnough, LEAST_FRAMES, machine, MOST_FRAMES } from './grade.ts';

export default defineSolution(async (variant, bench) => {
  const allowed = await allowance(bench, variant);
  for (const assist of ASSISTS)
    for (let frames = LEAST_FRAMES; frames <= MOST_FRAMES; frames++)
      if ((await fastEnough(bench, machine(variant, frames, assist), allowed)).fast)
        return { ...NO_ATTEMPT, answers: { frames: String(frames), assist } };
  throw new Error('no machine is fast enough');
});
