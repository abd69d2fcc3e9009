/** One for each page, one more where a store comes after the first read, one for each entry that was changed. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';

export default defineSolution(async ({ values }) => {
  const reads = (name: string): boolean => String(values[name]).startsWith('mov ebx');
  const each = reads('first') && !reads('second') ? 2 : 1;
  const faults = each * Number(values['pages']) + Number(values['changed']);
  return { ...NO_ATTEMPT, answers: { faults: String(faults) } };
});
