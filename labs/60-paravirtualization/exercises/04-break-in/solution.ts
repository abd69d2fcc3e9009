/** Tries the straight way, then takes the table out of use. */
import { fill } from '../../../../src/base/fill.ts';
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import solution from './solution.asm?raw';

export default defineSolution(async ({ values, files }) => {
  const source = files['guest.asm']!.replace(/ +; Your attack[^]*?it takes\.\n/, () =>
    fill(solution, values),
  );
  return { ...NO_ATTEMPT, files: { 'guest.asm': source } };
});
