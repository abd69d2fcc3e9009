/** Counted by hand. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';

export default defineSolution(async ({ values }) => {
  const rounds = Number(values['rounds']);
  const calls = rounds * Number(values['calls']);
  const svc = calls + 1;
  // To the user, from each service and its work, each forbidden try and the pardon for it, the end.
  const privileged = 1 + 2 * calls + 2 * rounds + 1;
  const answers = { svc: String(svc), privileged: String(privileged), reflected: String(svc + rounds) };
  return { ...NO_ATTEMPT, answers };
});
