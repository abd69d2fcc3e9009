/** Program: halve what a guest costs CP, without changing what it prints. */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import {
  asS370,
  check,
  endClock,
  endedWell,
  GUEST_FILE,
  mustRun,
  overhead,
  printed,
  setupWith,
} from '../../../+shared/s370/grading.ts';
import start from './start.s?raw';

const TEXTS = ['INVOICE', 'ACCOUNT', 'VOUCHER', 'CUSTOMER', 'PART'];

export default defineExercise({
  kind: 'program',
  cycles: 8_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const values = {
      lines: 8 + random.below(9),
      step: 3 + random.below(90),
      text: TEXTS[random.below(TEXTS.length)]!,
    };
    const source = fill(start, values);
    return { values, setup: setupWith(source, 'cp'), files: { [GUEST_FILE]: source }, fields: [] };
  },

  setup: (_, { files }) => setupWith(files[GUEST_FILE]!, 'cp'),

  grade: async ({ files }, { setup }, bench) => {
    const before = mustRun(await bench.run(setup));
    const found = await bench.run(setupWith(files[GUEST_FILE]!, 'cp'), { cycles: 4_000_000 });
    if (!found.world) return { checks: [], diagnostics: found.diagnostics };
    const after = asS370(found);
    const end = after.at(endClock(after));
    const [wanted, lines] = [printed(before), printed(after)];
    const wrong = wanted.findIndex((line, i) => lines[i] !== line);
    const [was, is] = [overhead(before), overhead(after)];
    const same = wrong < 0 && lines.length === wanted.length;
    const data = { was, is, share: Math.round((100 * is) / was) };
    return {
      diagnostics: found.diagnostics,
      checks: [
        check('same', same, { printed: lines.length, line: wrong < 0 ? wanted.length + 1 : wrong + 1 }, end),
        check('ends', endedWell(after), {}, end),
        check('halved', same && 2 * is <= was, data, end),
      ],
    };
  },
});
