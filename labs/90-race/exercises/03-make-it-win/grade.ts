/** Program: write what one technique wins clearly over another. */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import { asPc, check, GUEST_FILE, printed } from '../../../+shared/pc/grading.ts';
import { busyIn, ownSetup } from '../../grading.ts';
import start from './start.asm?raw';

/** Who is to win over whom. */
export const PAIRS = [
  ['naive', 'vmx'],
  ['naive', 'translator'],
  ['translator', 'naive'],
  ['translator', 'vmx'],
  ['translator', 'bare'],
  ['vmx', 'naive'],
  ['vmx', 'translator'],
] as const;
const WORDS = ['won', 'ahead', 'first', 'swift'];
const LEAD = 1.5;
/** A race that nobody wants to wait for. */
const MOST = 10_000_000;

export default defineExercise({
  kind: 'program',
  cycles: 4 * MOST,

  variant: (seed) => {
    const random = seededRandom(seed);
    const [winner, loser] = PAIRS[random.below(PAIRS.length)]!;
    const values = { winner, loser, lead: LEAD, word: WORDS[random.below(WORDS.length)]! };
    const source = fill(start, values);
    return { values, setup: ownSetup(source, winner), files: { [GUEST_FILE]: source }, fields: [] };
  },

  setup: ({ setup }, { files }) => ({ ...setup, source: files[GUEST_FILE]! }),

  grade: async ({ files }, { values: { winner, loser, word } }, bench) => {
    const ran = async (technique: unknown) => {
      const found = await bench.run(ownSetup(files[GUEST_FILE]!, String(technique)), { cycles: MOST });
      return found.world ? asPc(found) : found;
    };
    const first = await ran(winner);
    if (!first.world) return { checks: [], diagnostics: first.diagnostics };
    const second = await ran(loser);
    if (!second.world) return { checks: [], diagnostics: second.diagnostics };
    const right = [first, second].map(
      (each) => each.failure === '' && printed(each) === `${String(word)} ok`,
    );
    const [fast, slow] = [busyIn(first), busyIn(second)];
    const data = { fast, slow, ratio: (slow / fast).toFixed(2) };
    return {
      diagnostics: first.diagnostics,
      checks: [
        check('winner', right[0]!, { found: printed(first) || '–' }, first.at(first.world.clock)),
        check('loser', right[1]!, { found: printed(second) || '–' }, second.at(second.world.clock)),
        check('lead', right.every(Boolean) && slow >= LEAD * fast, data),
      ],
    };
  },
});
