/** The data move to a page without code. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';

const DATA = /^sum:.*?(?=^print_number)/ms;

export default defineSolution(async ({ files }) => {
  const source = files['guest.asm']!;
  const data = DATA.exec(source)![0];
  return { ...NO_ATTEMPT, files: { 'guest.asm': `${source.replace(DATA, '')}\nalign 4096\n${data}` } };
});
