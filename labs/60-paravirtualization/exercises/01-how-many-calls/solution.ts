/** Counted from the source. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';

const count = (source: string, pattern: RegExp): number => source.match(pattern)?.length ?? 0;

export default defineSolution(async ({ values, setup }) => {
  const rounds = Number(values['rounds']);
  const body = /round:(.*)dec ebp/s.exec(setup.source ?? '')![1]!;
  const [calls, refused] = [count(body, /\bask\b/g), count(body, /0x5001|broken/g)];
  return { ...NO_ATTEMPT, answers: { calls: String(rounds * calls), refused: String(rounds * refused) } };
});
