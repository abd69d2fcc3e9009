/** Operate: stop a program where it has done half of its work, and tell how much of its time that was. */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { isNear, numberIn } from '../../../../src/lab/answers.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import { asPc, check, mustRun } from '../../../+shared/pc/grading.ts';
import { ownSetup, RUNNERS } from '../../grading.ts';
import start from './start.asm?raw';

const FIRST = ['mov eax, cr3', 'clts', 'invlpg [place]', 'in al, 0x21'];
const SECOND = ['add eax, [place]', 'bswap eax', 'lea eax, [eax+1]'];
/** In hundredths of the whole. */
const TOLERANCE = 1;

export default defineExercise({
  kind: 'operate',
  cycles: 40_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const one = (from: readonly string[]): string => from[random.below(from.length)]!;
    const values = {
      technique: RUNNERS[random.below(RUNNERS.length)]!,
      first: one(FIRST),
      second: one(SECOND),
      half: 200 + 10 * random.below(40),
    };
    return {
      values,
      setup: ownSetup(fill(start, values), values.technique),
      files: {},
      fields: [{ id: 'share', kind: 'number' }],
    };
  },

  grade: async ({ answers, recording }, { setup, values }, bench) => {
    const found = recording ? await bench.replay(recording) : await bench.run(setup, { cycles: 1 });
    if (!found.world) throw new Error('the exercise’s own source does not assemble');
    const ran = asPc(found);
    const { clock } = ran.world;
    const [esi, edi] = ['esi', 'edi'].map((name) => ran.world.register(name) ?? -1);
    const all = mustRun(await bench.run(setup)).world.clock;
    const here = ran.at(clock);
    const answered = numberIn(answers['share']);
    return {
      checks: [
        check('untouched', recording !== null && recording.inputs.length === 0, {}, here),
        check('half', edi === 2 && esi === values['half'], { esi: esi!, edi: edi! }, here),
        check('share', isNear(answered, (100 * clock) / all, TOLERANCE / 100), {
          answered: answers['share'] ?? '–',
        }),
      ],
    };
  },
});
