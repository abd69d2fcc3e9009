/** Operate: bring a container into a state, by what is typed at the host's terminal and at its own. */
import { seededRandom } from '../../../../src/base/random.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import type { Setup } from '../../../../src/protocol/frame.ts';
import { namespacesOf } from '../../../../src/os/containers/process/namespaces.ts';
import { check, groupOf, mustRun } from '../../grading.ts';

const NAMES = ['amber', 'basalt', 'chalk', 'flint', 'gneiss', 'marl'] as const;
const SETUP: Setup = { workload: 'shell', technique: 'lxc', source: null, constants: {}, seed: 1 };

export default defineExercise({
  kind: 'operate',
  // The clock stands while everybody waits for the next line.
  cycles: 1_000_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const values = {
      name: NAMES[random.below(NAMES.length)]!,
      pids: 3 + random.below(9),
      kilobytes: 256 + 4 * random.below(100),
    };
    return { values, setup: SETUP, files: {}, fields: [] };
  },

  grade: async ({ recording }, { values, setup }, bench) => {
    const ran = mustRun(
      recording ? await bench.replay(recording) : await bench.run(setup, { cycles: 20_000_000 }),
    );
    const { kernel } = ran.world;
    const end = ran.at(ran.world.clock);
    const group = groupOf(ran);
    const inside = [...(group?.processes ?? [])];
    const hostname = inside[0]?.namespaces.uts.hostname ?? '–';
    const ofHost = kernel.rootPids.init?.namespaces.uts.hostname ?? '–';
    const others = (recording?.inputs ?? []).filter(
      ({ input }) => input.kind !== 'type' && input.kind !== 'keys' && input.kind !== 'attention',
    );
    const own = inside.every((process) => namespacesOf(process).get('pid') !== kernel.rootPids);
    const found = { pids: String(group?.pidsMax ?? '–'), bytes: String(group?.memoryMax ?? '–') };
    return {
      checks: [
        check('typed', recording !== null && others.length === 0, {}, end),
        check(
          'name',
          hostname === values['name'] && ofHost === 'host',
          { found: hostname, host: ofHost },
          end,
        ),
        check('pids', group?.pidsMax === values['pids'], { found: found.pids }, end),
        check('memory', group?.memoryMax === Number(values['kilobytes']) * 1024, { found: found.bytes }, end),
        check('frozen', group?.frozen === true && inside.length > 0 && own, {}, end),
      ],
    };
  },
});
