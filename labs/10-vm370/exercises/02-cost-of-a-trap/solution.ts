/** By the formula: a round of w turns is slowed by less than f once w·turn exceeds (cp − f·alone)/(f − 1) − rest. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import { cyclesOfRound } from './grade.ts';

export default defineSolution(async (variant, bench) => {
  const without = await cyclesOfRound(bench, variant, 'bare', 1, 'DS    0H');
  const alone = (await cyclesOfRound(bench, variant, 'bare', 1)) - without;
  const cp = (await cyclesOfRound(bench, variant, 'cp', 1)) - without;
  const turn = (await cyclesOfRound(bench, variant, 'bare', 2)) - without - alone;
  const factor = Number(variant.values['factor']);
  const rest = without - turn;
  const work = Math.floor(((cp - factor * alone) / (factor - 1) - rest) / turn) + 1;
  return { ...NO_ATTEMPT, answers: { alone: String(alone), cp: String(Math.round(cp)), work: String(work) } };
});
