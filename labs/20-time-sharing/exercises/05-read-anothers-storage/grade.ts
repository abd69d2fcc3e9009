/** Program: read another user's storage where nothing forbids it, and be stopped where something does. */
import { seededRandom } from '../../../../src/base/random.ts';
import { defineExercise, type Bench } from '../../../../src/lab/exercise.ts';
import { asS370, check, endClock, GUEST_FILE } from '../../../+shared/s370/grading.ts';
import { reportOfRun, setupOf } from '../../grading.ts';
import { secretOf } from '../../keeper.ts';
import start from './start.s?raw';

const CYCLES = 40_000_000;

/** The student's program among users whose secret `seed` makes. */
async function snoop(bench: Bench, source: string, technique: string, seed: number) {
  const found = await bench.run(setupOf('snoop', technique, seed, {}, source), { cycles: CYCLES });
  if (!found.world) return { diagnostics: found.diagnostics };
  const ran = asS370(found);
  const { processes, down } = reportOfRun(ran);
  const own = processes.find(({ program }) => program === 'SNOOP');
  return {
    diagnostics: found.diagnostics,
    typed: (own?.output ?? '').trim(),
    failure: down || (own?.failure ?? ''),
    kept: processes.filter(({ program, output }) => program === 'KEEPER' && output.trim() === 'KEPT').length,
    end: ran.at(endClock(ran)),
  };
}

export default defineExercise({
  kind: 'program',
  cycles: 3 * CYCLES + 10_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    // Another secret than the one it is tried on: who copies it out of the lab has not read it.
    const values = { users: 2, judged: random.below(1_000_000) };
    return {
      values,
      setup: setupOf('snoop', 'none', seed, {}, start),
      files: { [GUEST_FILE]: start },
      fields: [],
    };
  },

  setup: ({ setup }, { files }) => ({ ...setup, source: files[GUEST_FILE]! }),

  grade: async ({ files }, { values }, bench) => {
    const source = files[GUEST_FILE]!;
    const seed = Number(values['judged']);
    const secret = secretOf(seed);
    const none = await snoop(bench, source, 'none', seed);
    if (none.typed === undefined) return { checks: [], diagnostics: none.diagnostics };
    const stopped = async (technique: string, by: RegExp) => {
      const { typed = '', failure = '', end = null } = await snoop(bench, source, technique, seed);
      return check(technique, by.test(failure) && !typed.includes(secret), { failure: failure || '–' }, end);
    };
    return {
      diagnostics: none.diagnostics,
      checks: [
        check('none', none.typed === secret, { typed: none.typed || '–' }, none.end),
        check('unharmed', none.kept === Number(values['users']), { kept: none.kept }, none.end),
        await stopped('keys', /^protection exception/),
        await stopped('dat', /^(page|segment) translation exception/),
      ],
    };
  },
});
