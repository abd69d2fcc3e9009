/** Predict: what a program sees of its host under one of the isolations. */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { numberIn } from '../../../../src/lab/answers.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import { check, mustRun, printed, setupWith } from '../../grading.ts';
import start from './start.sh?raw';

const TECHNIQUES = ['process', 'chroot', 'jail', 'lxc', 'docker'] as const;
const NAMES: Readonly<Record<(typeof TECHNIQUES)[number], string>> = {
  process: 'Plain process',
  chroot: 'chroot',
  jail: 'jail',
  lxc: 'LXC',
  docker: 'Docker',
};
/** Longer than the run. */
const SLEEPER = 'sleep 1000000 &';

/** What the script printed of processes, name and secret. */
export function seenIn(text: string) {
  const lines = /^\s*(\d+)\s+\d+\s+\d+ \/tmp\/list$/m.exec(text)?.[1];
  const secret = text.includes('only the host knows');
  const name = /^(host|one)$/m.exec(text)?.[1] ?? '';
  return { processes: Number(lines) - 1, name, secret: secret ? 'yes' : 'no' };
}

export default defineExercise({
  kind: 'predict',
  cycles: 40_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const technique = TECHNIQUES[random.below(TECHNIQUES.length)]!;
    const count = 1 + random.below(6);
    const source = fill(start, { sleepers: new Array<string>(count).fill(SLEEPER).join('\n') });
    return {
      values: { count, isolation: NAMES[technique] },
      setup: setupWith(source, technique),
      files: {},
      fields: [
        { id: 'processes', kind: 'number' },
        { id: 'name', kind: 'choice', choices: ['host', 'one'] },
        { id: 'secret', kind: 'choice', choices: ['yes', 'no'] },
      ],
    };
  },

  grade: async ({ answers }, { setup }, bench) => {
    const ran = mustRun(await bench.run(setup));
    const seen = seenIn(printed(ran));
    const end = ran.at(ran.world.clock);
    const answered = (id: string): string => answers[id] ?? '–';
    return {
      checks: [
        check(
          'processes',
          numberIn(answers['processes']) === seen.processes,
          { answered: answered('processes') },
          end,
        ),
        check('name', answers['name'] === seen.name, { answered: answered('name') }, end),
        check('secret', answers['secret'] === seen.secret, {}, end),
      ],
    };
  },
});
