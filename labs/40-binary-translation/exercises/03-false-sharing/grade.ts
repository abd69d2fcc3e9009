/** Program: a kernel whose data lie in a page of its code, so that the translator watches every store. */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import { asPc, check, GUEST_FILE, mustRun, printed, setupWith } from '../../../+shared/pc/grading.ts';
import start from './start.asm?raw';

const MOST = 8_000_000;
/** The kernel may take this part of what it took at first. */
const GOAL = 0.6;

export default defineExercise({
  kind: 'program',
  cycles: 30_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const values = { rounds: 400 + random.below(400), factor: 3 + random.below(90) };
    const source = fill(start, values);
    return { values, setup: setupWith(source, 'translator'), files: { [GUEST_FILE]: source }, fields: [] };
  },

  setup: (_, { files }) => setupWith(files[GUEST_FILE]!, 'translator'),

  grade: async ({ files }, { setup }, bench) => {
    const source = files[GUEST_FILE]!;
    const bare = await bench.run(setupWith(source, 'bare'), { cycles: MOST });
    if (!bare.world) return { checks: [], diagnostics: bare.diagnostics };
    const original = mustRun(await bench.run(setup, { cycles: MOST }));
    const stores: number[] = [];
    const translated = mustRun(
      await bench.run(setupWith(source, 'translator'), {
        cycles: MOST,
        onEvent: ({ kind, clock }) => {
          if (kind === 'trace') stores.push(clock);
        },
      }),
    );
    const wanted = printed(original);
    const end = translated.at(translated.world.clock);
    const share = translated.world.clock / original.world.clock;
    const same = printed(asPc(bare)) === wanted && printed(translated) === wanted;
    return {
      diagnostics: bare.diagnostics,
      checks: [
        check('same', same, {}, end),
        check(
          'quiet',
          stores.length === 0,
          { stores: stores.length },
          translated.at(stores[0] ?? translated.world.clock),
        ),
        check('fast', same && share <= GOAL, { share: Math.round(100 * share) }, end),
      ],
    };
  },
});
