/** Predict: who wins the race of a small program, who comes last, and how often it traps on the way. */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { isNear, numberIn } from '../../../../src/lab/answers.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import { check, mustRun } from '../../../+shared/pc/grading.ts';
import { busyIn, ownSetup, RUNNERS } from '../../grading.ts';
import start from './start.asm?raw';

/** Privileged: trap-and-emulate gets control. */
const TRAPPING = ['mov eax, cr0', 'mov eax, cr3', 'clts', 'invlpg [place]', 'in al, 0x21', 'out 0x80, al'];
/** Nothing to the processor; to a translator, or to VT-x, perhaps. */
const QUIET = ['cpuid', 'rdtsc', 'sgdt [place]', 'str ax', 'bswap eax'];

export default defineExercise({
  kind: 'predict',
  cycles: 20_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const one = (from: readonly string[]): string => from[random.below(from.length)]!;
    const both = [one(TRAPPING), one(QUIET)];
    if (random.below(2) === 0) both.reverse();
    const [first, second] = both as [string, string];
    const values = { first, second, times: 200 + 20 * random.below(20), others: 200 + 20 * random.below(20) };
    return {
      values,
      setup: ownSetup(fill(start, values), 'bare'),
      files: {},
      fields: [
        { id: 'winner', kind: 'choice', choices: RUNNERS },
        { id: 'last', kind: 'choice', choices: RUNNERS },
        { id: 'traps', kind: 'number' },
      ],
    };
  },

  grade: async ({ answers }, { setup }, bench) => {
    const busy: [string, number][] = [];
    const traps: number[] = [];
    for (const technique of RUNNERS) {
      const onEvent = ({ kind, clock }: { kind: string; clock: number }): void => {
        if (technique === 'naive' && kind === 'simulate') traps.push(clock);
      };
      busy.push([technique, busyIn(mustRun(await bench.run({ ...setup, technique }, { onEvent })))]);
    }
    busy.sort(([, a], [, b]) => a - b);
    const answered = (id: string) => ({ answered: answers[id] ?? '–' });
    return {
      checks: [
        check('winner', answers['winner'] === busy[0]![0], answered('winner')),
        check('last', answers['last'] === busy.at(-1)![0], answered('last')),
        check('traps', isNear(numberIn(answers['traps']), traps.length, 0), answered('traps')),
      ],
    };
  },
});
