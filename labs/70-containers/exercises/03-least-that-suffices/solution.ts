/** Closes in on the least of either. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import { suffices } from './grade.ts';

export default defineSolution(async (variant, bench) => {
  const chosen = { memory: 1024, pids: 16 };
  while ((await suffices(bench, variant, { ...chosen, pids: chosen.pids - 1 })).enough) chosen.pids--;
  let [none, all] = [0, chosen.memory];
  while (all - none > 4) {
    const middle = 4 * Math.floor((none + all) / 8);
    if ((await suffices(bench, variant, { ...chosen, memory: middle })).enough) all = middle;
    else none = middle;
  }
  return { ...NO_ATTEMPT, answers: { memory: String(all), pids: String(chosen.pids) } };
});
