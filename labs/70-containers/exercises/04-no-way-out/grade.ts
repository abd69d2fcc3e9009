/** Program: a script that shuts a program up in namespaces and a root of its own, so that it cannot get out. */
import { seededRandom } from '../../../../src/base/random.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import type { EventView } from '../../../../src/protocol/frame.ts';
import { check, mustRun, printed, setupWith } from '../../grading.ts';
import start from './start.sh?raw';

export const FILE = 'build.sh';
const NAMES = ['slate', 'tuff', 'shale', 'dolomite', 'granite'] as const;
const MOST = 40_000_000;
/** What probe prints around its findings. */
const FINDINGS = /probe begins\n([^]*?)probe ends/;
/** Those of the probe itself, and of a shell that waits for it. */
const MOST_PROCESSES = 5;

/** Whether the escape opened the host's file, or was refused, or did not take place. */
function escaped(events: readonly EventView[]): boolean | null {
  const opened = events.find(
    ({ subject, detail }) => subject.startsWith('escape ') && detail['name'] === 'open',
  );
  return opened ? opened.kind === 'system-call' : null;
}

export default defineExercise({
  kind: 'program',
  cycles: 120_000_000,

  variant: (seed) => {
    const name = NAMES[seededRandom(seed).below(NAMES.length)]!;
    return { values: { name }, setup: setupWith(start, 'process'), files: { [FILE]: start }, fields: [] };
  },

  setup: (_, { files }) => setupWith(files[FILE] ?? start, 'process'),

  grade: async ({ files }, { values }, bench) => {
    const events: EventView[] = [];
    const onEvent = (event: EventView): void => void events.push(event);
    const ran = mustRun(
      await bench.run(setupWith(files[FILE] ?? start, 'process'), { cycles: MOST, onEvent }),
    );
    const end = ran.at(ran.world.clock);
    const found = FINDINGS.exec(printed(ran))?.[1] ?? '';
    const [name = '–'] = found.split('\n');
    const processes = found.split('\n').filter((line) => /^\s+\d+\s+\d+ [RSTZ] /.test(line)).length;
    const seesHost = /^srv$/m.test(found);
    const ofHost = ran.world.kernel.rootPids.init?.namespaces.uts.hostname ?? '–';
    const out = escaped(events);
    return {
      checks: [
        check('name', name === values['name'] && ofHost === 'host', { found: name, host: ofHost }, end),
        check(
          'alone',
          processes > 0 && processes <= MOST_PROCESSES && !found.includes(HOST_LINE),
          { processes },
          end,
        ),
        check('root', found !== '' && !seesHost, {}, end),
        check('shut', out === false, {}, end),
      ],
    };
  },
});

/** The host's first process, and nobody's child, as ps shows it with the plain process that runs the script. */
const HOST_LINE = '    2     0 ';
