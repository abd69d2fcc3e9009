/** The same guest with every place as it should be. */
import { fill } from '../../../../src/base/fill.ts';
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import start from './start.s?raw';

export default defineSolution(async ({ values }) => {
  const repaired = {
    ionew: '00000000',
    waiting: 'FE020000',
    command: "X'09'",
    return: 'LPSW  SVCOLD',
    status: "X'04'",
  };
  return { ...NO_ATTEMPT, files: { 'guest.s': fill(start, { ...repaired, ...values }) } };
});
