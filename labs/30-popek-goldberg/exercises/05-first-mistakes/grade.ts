/** Operate: stop Varve under the naive monitor right behind one of its first mistakes. */
import { seededRandom } from '../../../../src/base/random.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import type { Setup } from '../../../../src/protocol/frame.ts';
import { asPc, check } from '../../../+shared/pc/grading.ts';

const WORKLOADS = ['compute', 'syscall'];
const MOST_MISTAKES = 7;
/** One unit of operation more or less, and what the monitor does for it. */
const NEAR = 1500;

export default defineExercise({
  kind: 'operate',
  cycles: 60_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const setup: Setup = {
      workload: WORKLOADS[random.below(WORKLOADS.length)]!,
      technique: 'naive',
      source: null,
      constants: {},
      seed: 1,
    };
    return { values: { nth: 2 + random.below(MOST_MISTAKES) }, setup, files: {}, fields: [] };
  },

  grade: async ({ recording }, { values, setup }, bench) => {
    const clocks: number[] = [];
    const onEvent = ({ kind, clock }: { kind: string; clock: number }): void => {
      if (kind === 'silent') clocks.push(clock);
    };
    const found = recording
      ? await bench.replay(recording, { onEvent })
      : await bench.run(setup, { cycles: 1, onEvent });
    if (!found.world) throw new Error('the kernel could not be loaded');
    const ran = asPc(found);
    const here = ran.at(ran.world.clock);
    const nth = Number(values['nth']);
    const last = clocks.at(-1) ?? -Infinity;
    return {
      checks: [
        check('untouched', recording !== null && recording.inputs.length === 0, {}, here),
        check('count', clocks.length === nth, { found: clocks.length }, here),
        check('near', ran.world.clock - last <= NEAR, {}, here),
      ],
    };
  },
});
