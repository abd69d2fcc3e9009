/** One more reason, and a handler for it. */
import { fill } from '../../../../src/base/fill.ts';
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import handler from './solution.asm?raw';

export default defineSolution(async ({ values, files }) => {
  const source = files['guest.asm']!;
  const asked = source
    .replace(
      '        cmp eax, EXIT_IO\n',
      '        cmp eax, 18\n        je exit_call\n        cmp eax, EXIT_IO\n',
    )
    .replace('; #region skip\n', () => `${fill(handler, values)}; #region skip\n`);
  return { ...NO_ATTEMPT, files: { 'guest.asm': asked } };
});
