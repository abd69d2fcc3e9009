/** Counted from the source. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';

const count = (source: string, pattern: RegExp): number => source.match(pattern)?.length ?? 0;

export default defineSolution(async ({ values, setup }) => {
  const rounds = Number(values['rounds']);
  const source = setup.source ?? '';
  const body = /round:(.*)dec dword/s.exec(source)![1]!;
  const trapping = count(body, /\bcli\b|\bcr[03]\b|\bin al|invlpg|clts/g);
  const silent = count(body, /sgdt|sidt|smsw|push cs|mov ax, cs|pushfd/g);
  // CLI and LIDT come before the rounds.
  const answers = { traps: String(2 + rounds * trapping), silent: String(rounds * silent) };
  return { ...NO_ATTEMPT, answers };
});
