/** Operate: stop a guest right behind one of its VM exits. */
import { seededRandom } from '../../../../src/base/random.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import type { Setup } from '../../../../src/protocol/frame.ts';
import { asPc, check } from '../../../+shared/pc/grading.ts';

const REASONS = ['HLT', 'EXTERNAL_INTERRUPT', 'CPUID', 'HLT', 'EXTERNAL_INTERRUPT'];
/** How often the kernel does each. */
const TIMES: Readonly<Record<string, number>> = { HLT: 3, EXTERNAL_INTERRUPT: 3, CPUID: 1 };
/** The exit, what the hypervisor does, and a few instructions of the guest. */
const NEAR = 4000;

export default defineExercise({
  kind: 'operate',
  cycles: 80_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const reason = REASONS[random.below(REASONS.length)]!;
    const setup: Setup = { workload: 'kernel', technique: 'vmx', source: null, constants: {}, seed: 1 };
    return { values: { reason, nth: 1 + random.below(TIMES[reason]!) }, setup, files: {}, fields: [] };
  },

  grade: async ({ recording }, { values, setup }, bench) => {
    const clocks: number[] = [];
    const onEvent = ({ kind, clock, detail }: { kind: string; clock: number; detail: object }): void => {
      if (kind === 'vm-exit' && 'name' in detail && detail.name === values['reason']) clocks.push(clock);
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
