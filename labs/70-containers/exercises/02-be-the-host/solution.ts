/** One line inside, three on the host. */
import { defineSolution } from '../../../../src/lab/exercise.ts';
import { NO_ATTEMPT } from '../../../../src/protocol/exercise.ts';
import { HOST_TERMINAL } from '../../../../src/worlds/containers/world.ts';
import { mustRun } from '../../grading.ts';
import { TENANT } from '../../world.ts';

/** Enough for one command. */
const PAUSE = 5_000_000;

export default defineSolution(async ({ values, setup }, bench) => {
  const ran = mustRun(await bench.run(setup, { cycles: PAUSE }));
  const set = (file: string, value: string | number) =>
    ({ terminal: HOST_TERMINAL, text: `echo ${value} > /sys/fs/cgroup/one/${file}` }) as const;
  const typed = [
    { terminal: TENANT, text: `hostname ${values['name']}` },
    set('pids.max', values['pids']!),
    set('memory.max', Number(values['kilobytes']) * 1024),
    set('cgroup.freeze', 1),
  ];
  const inputs = typed.map((line, k) => ({
    at: ran.world.clock + k,
    input: { kind: 'type', ...line } as const,
  }));
  return { ...NO_ATTEMPT, recording: { ...ran.at(ran.world.clock + 8 * PAUSE), inputs } };
});
