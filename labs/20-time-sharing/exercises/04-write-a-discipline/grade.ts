/** Monitor: write a scheduling discipline that keeps short commands short without forgetting the long ones. */
import { seededRandom } from '../../../../src/base/random.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import type { Attempt } from '../../../../src/protocol/exercise.ts';
import type { Setup } from '../../../../src/protocol/frame.ts';
import { DISCIPLINE_FILE, DISCIPLINE_PIECE } from '../../../../src/worlds/s370/discipline-piece.ts';
import { asS370, check, endClock, mustRun, type S370Ran } from '../../../+shared/s370/grading.ts';
import { reportOfRun, setupOf } from '../../grading.ts';
import { SECOND } from '../../workloads.ts';
import start from './start.js?raw';

/** Over what CTSS's own queues reach. */
const ALLOWED = 1.25;

const withOwn = (setup: Setup, files: Attempt['files']): Setup => ({
  ...setup,
  pieces: { [DISCIPLINE_PIECE]: files[DISCIPLINE_FILE]! },
});

/** In seconds of the users. */
function waits(ran: S370Ran) {
  const { median, mean, count } = reportOfRun(ran).responses;
  return { median: median / SECOND, mean: mean / SECOND, count };
}

export default defineExercise({
  kind: 'monitor',
  cycles: 1_500_000_000,

  variant: (seed) => {
    const users = 34 + seededRandom(seed).below(7);
    return {
      values: { users, commands: 2 * users },
      setup: setupOf('office', 'round-robin', seed, { users, interactions: 2 }),
      files: { [DISCIPLINE_FILE]: start },
      fields: [],
    };
  },

  setup: ({ setup }, { files }) => withOwn(setup, files),

  grade: async ({ files }, { setup, values }, bench) => {
    const best = mustRun(await bench.run({ ...setup, technique: 'ctss' }));
    const wanted = waits(best);
    const most = endClock(best) * 4;
    const found = await bench.run(withOwn(setup, files), { cycles: most });
    if (!found.world || found.diagnostics.some(({ severity }) => severity === 'error'))
      return { checks: [], diagnostics: found.diagnostics };
    const own = asS370(found);
    const { problem } = own.world;
    if (problem) return { checks: [], diagnostics: [problem] };
    const got = waits(own);
    const end = own.at(endClock(own));
    const all = got.count === Number(values['commands']);
    const data = (name: 'median' | 'mean') => ({
      found: got[name].toFixed(1),
      limit: (ALLOWED * wanted[name]).toFixed(1),
    });
    return {
      diagnostics: found.diagnostics,
      checks: [
        check('all', all, { count: got.count }, end),
        check('median', all && got.median <= ALLOWED * wanted.median, data('median'), end),
        check('mean', all && got.mean <= ALLOWED * wanted.mean, data('mean'), end),
      ],
    };
  },
});
