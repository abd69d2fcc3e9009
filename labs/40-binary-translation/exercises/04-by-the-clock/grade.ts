/** Program: a translated guest sees nothing wrong, but it sees the time. */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import { asPc, check, GUEST_FILE, mustRun, printed, setupWith } from '../../../+shared/pc/grading.ts';
import start from './start.asm?raw';

const CLOCK = 'RDTSC';
/** Call-outs all of them. */
const MEANS = ['SGDT', 'SIDT', 'CLTS', 'INVLPG'];
const ALONE = ['alone', 'bare', 'mine', 'free'];
const TRANSLATED = ['translated', 'guest', 'shared', 'seen'];
/** The monitor emulates these when the end is printed. */
const AT_THE_END = ['OUT', 'HLT'];
const MOST = 4_000_000;

export default defineExercise({
  kind: 'program',
  cycles: 12_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const one = (from: readonly string[]): string => from[random.below(from.length)]!;
    const values = { mnemonic: one(MEANS), alone: one(ALONE), watched: one(TRANSLATED) };
    const source = fill(start, values);
    return { values, setup: setupWith(source, 'translator'), files: { [GUEST_FILE]: source }, fields: [] };
  },

  setup: (_, { files }) => setupWith(files[GUEST_FILE]!, 'translator'),

  grade: async ({ files }, { values }, bench) => {
    const source = files[GUEST_FILE]!;
    const bare = await bench.run(setupWith(source, 'bare'), { cycles: MOST });
    if (!bare.world) return { checks: [], diagnostics: bare.diagnostics };
    const allowed = [CLOCK, String(values['mnemonic']), ...AT_THE_END];
    const used: { clock: number; mnemonic: string }[] = [];
    const translated = mustRun(
      await bench.run(setupWith(source, 'translator'), {
        cycles: MOST,
        onEvent: ({ kind, clock, detail }) => {
          if (kind === 'simulate') used.push({ clock, mnemonic: String(detail['mnemonic']) });
        },
      }),
    );
    const [onBare, onTranslated] = [printed(asPc(bare)), printed(translated)];
    const other = used.find(({ mnemonic }) => !allowed.includes(mnemonic));
    const timed = used.some(({ mnemonic }) => mnemonic === CLOCK);
    const end = translated.at(translated.world.clock);
    return {
      diagnostics: bare.diagnostics,
      checks: [
        check(
          'alone',
          onBare === values['alone'],
          { found: onBare || '–' },
          asPc(bare).at(asPc(bare).world.clock),
        ),
        check('watched', onTranslated === values['watched'], { found: onTranslated || '–' }, end),
        check(
          'means',
          timed && !other,
          { used: other?.mnemonic ?? '–' },
          other ? translated.at(other.clock) : end,
        ),
      ],
    };
  },
});
