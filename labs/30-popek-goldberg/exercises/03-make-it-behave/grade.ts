/** Program: change a kernel so that trap-and-emulate suffices for it. */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import { asPc, check, GUEST_FILE, mustRun, printed, setupWith } from '../../../+shared/pc/grading.ts';
import start from './start.asm?raw';

/** A kernel that hangs is found out long before. */
const MOST = 60_000_000;

export default defineExercise({
  kind: 'program',
  cycles: 200_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const rounds = 3 + random.below(4);
    const factor = 3 + random.below(90);
    const values = { rounds, factor, sum: (factor * rounds * (rounds + 1)) / 2 };
    const source = fill(start, values);
    return { values, setup: setupWith(source, 'naive'), files: { [GUEST_FILE]: source }, fields: [] };
  },

  setup: (_, { files }) => setupWith(files[GUEST_FILE]!, 'naive'),

  grade: async ({ files }, { setup }, bench) => {
    const original = mustRun(await bench.run({ ...setup, technique: 'bare' }, { cycles: MOST }));
    const bare = await bench.run(setupWith(files[GUEST_FILE]!, 'bare'), { cycles: MOST });
    if (!bare.world) return { checks: [], diagnostics: bare.diagnostics };
    const silent: { clock: number; mnemonic: string }[] = [];
    const naive = mustRun(
      await bench.run(setupWith(files[GUEST_FILE]!, 'naive'), {
        cycles: MOST,
        onEvent: ({ kind, clock, detail }) => {
          if (kind === 'silent') silent.push({ clock, mnemonic: String(detail['mnemonic']) });
        },
      }),
    );
    const [wanted, onBare, onNaive] = [printed(original), printed(asPc(bare)), printed(naive)];
    const end = naive.at(naive.world.clock);
    // IRET cannot be avoided and is harmless as long as nobody relies on the flag that it loads.
    const leaks = silent.filter(({ mnemonic }) => mnemonic !== 'IRET');
    return {
      diagnostics: bare.diagnostics,
      checks: [
        check('bare', onBare === wanted, {}, asPc(bare).at(asPc(bare).world.clock)),
        check('naive', onNaive === wanted, {}, end),
        check(
          'clean',
          onNaive === wanted && leaks.length === 0,
          { mnemonic: leaks[0]?.mnemonic ?? '–' },
          leaks[0] ? naive.at(leaks[0].clock) : end,
        ),
      ],
    };
  },
});
