/** Operate: stop Varve under Xen right behind one of its hypercalls. */
import { seededRandom } from '../../../../src/base/random.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import type { Setup } from '../../../../src/protocol/frame.ts';
import { asPc, check } from '../../../+shared/pc/grading.ts';

const WORKLOADS = ['compute', 'syscall'];
const CALLS = ['event_channel_op', 'mmu_update'];
/** What Xen does for a call, and one unit of operation more. */
const NEAR = 4000;

export default defineExercise({
  kind: 'operate',
  cycles: 60_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const setup: Setup = {
      workload: WORKLOADS[random.below(WORKLOADS.length)]!,
      technique: 'xen',
      source: null,
      constants: {},
      seed: 1,
    };
    const values = { nth: 3 + random.below(6), call: CALLS[random.below(CALLS.length)]! };
    return { values, setup, files: {}, fields: [] };
  },

  grade: async ({ recording }, { values, setup }, bench) => {
    const clocks: number[] = [];
    const onEvent = ({ kind, clock, detail }: { kind: string; clock: number; detail: object }): void => {
      if (kind === 'hypercall' && (detail as { name?: string }).name === values['call']) clocks.push(clock);
    };
    const found = recording
      ? await bench.replay(recording, { onEvent })
      : await bench.run(setup, { cycles: 1, onEvent });
    if (!found.world) throw new Error('the kernel could not be loaded');
    const ran = asPc(found);
    const here = ran.at(ran.world.clock);
    const last = clocks.at(-1) ?? -Infinity;
    return {
      checks: [
        check('untouched', recording !== null && recording.inputs.length === 0, {}, here),
        check('count', clocks.length === Number(values['nth']), { found: clocks.length }, here),
        check('near', ran.world.clock - last <= NEAR, {}, here),
      ],
    };
  },
});
