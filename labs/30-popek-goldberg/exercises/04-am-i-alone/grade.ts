/** Program: find out from inside whether there is a monitor. */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import { asPc, check, GUEST_FILE, mustRun, printed, setupWith } from '../../../+shared/pc/grading.ts';
import start from './start.asm?raw';

/** What may be used: the words of events, and how a source says it. */
const MEANS = ['SGDT', 'SMSW', 'PUSHF', 'MOV from CS'];
const ALONE = ['alone', 'bare', 'mine', 'free'];
const WATCHED = ['watched', 'guest', 'shared', 'seen'];
const MOST = 3_000_000;

const wordOf = (means: string): string => (means.startsWith('MOV') ? 'MOV' : means);

export default defineExercise({
  kind: 'program',
  cycles: 12_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const one = (from: readonly string[]): string => from[random.below(from.length)]!;
    const values = { mnemonic: one(MEANS), alone: one(ALONE), watched: one(WATCHED) };
    const source = fill(start, values);
    return { values, setup: setupWith(source, 'naive'), files: { [GUEST_FILE]: source }, fields: [] };
  },

  setup: (_, { files }) => setupWith(files[GUEST_FILE]!, 'naive'),

  grade: async ({ files }, { values }, bench) => {
    const source = files[GUEST_FILE]!;
    const bare = await bench.run(setupWith(source, 'bare'), { cycles: MOST });
    if (!bare.world) return { checks: [], diagnostics: bare.diagnostics };
    const used: { clock: number; mnemonic: string }[] = [];
    const naive = mustRun(
      await bench.run(setupWith(source, 'naive'), {
        cycles: MOST,
        onEvent: ({ kind, clock, detail }) => {
          if (kind === 'silent') used.push({ clock, mnemonic: String(detail['mnemonic']) });
        },
      }),
    );
    const [onBare, onNaive] = [printed(asPc(bare)), printed(naive)];
    const allowed = wordOf(String(values['mnemonic']));
    const other = used.find(({ mnemonic }) => mnemonic !== allowed);
    const end = naive.at(naive.world.clock);
    return {
      diagnostics: bare.diagnostics,
      checks: [
        check(
          'alone',
          onBare === values['alone'],
          { found: onBare || '–' },
          asPc(bare).at(asPc(bare).world.clock),
        ),
        check('watched', onNaive === values['watched'], { found: onNaive || '–' }, end),
        check(
          'means',
          used.length > 0 && !other,
          { used: other?.mnemonic ?? '–' },
          other ? naive.at(other.clock) : end,
        ),
      ],
    };
  },
});
