/** Measure: what one VM exit costs a hypervisor on the processor of 2005 and on that of 2010, and what a VMREAD does. */
import { seededRandom } from '../../../../src/base/random.ts';
import { isNear, numberIn } from '../../../../src/lab/answers.ts';
import { defineExercise, type Bench } from '../../../../src/lab/exercise.ts';
import { check, mustRun, setupWith } from '../../../+shared/pc/grading.ts';
import { hypervisorWith, regionOf } from '../../../+shared/pc/vmx/hypervisor.ts';
import type { Setup } from '../../../../src/protocol/frame.ts';

const TOLERANCE = 0.03;
const SETTLED = 20;

/** A hypervisor whose CPUID handler reads so many more fields, with a guest that asks CPUID so often. */
export const measured = (reads: number, asks: number): string =>
  hypervisorWith({
    cpuid: `exit_cpuid:\n        mov edx, 0x6820                    ; guest RFLAGS, for no purpose\n${'        vmread eax, edx\n'.repeat(reads)}${regionOf('cpuid').replace('exit_cpuid:\n', '')}`,
    guest: `guest:  mov dword [maker], ${asks}\nask:    mov eax, 0\n        cpuid\n        dec dword [maker]\n        jnz ask\ndone:   hlt\n        jmp done\n`,
  });

export const setupOf = (reads: number, asks: number, technique: string): Setup => ({
  ...setupWith(measured(reads, asks), technique),
  workload: 'hypervisor',
});

/** Cycles from one CPUID of the guest to the next, once the loop has settled. */
async function roundOf(bench: Bench, reads: number, technique: string): Promise<number> {
  const clocks: number[] = [];
  mustRun(
    await bench.run(setupOf(reads, SETTLED + 1, technique), {
      onEvent: ({ kind, clock, detail }) => {
        if (kind === 'vm-exit' && detail['name'] === 'CPUID') clocks.push(clock);
      },
    }),
  );
  return clocks[SETTLED]! - clocks[SETTLED - 1]!;
}

export default defineExercise({
  kind: 'measure',
  cycles: 60_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const values = { reads: 2 + random.below(6), asks: 20 + random.below(60) };
    return {
      values,
      setup: setupOf(values.reads, values.asks, 'bare-2005'),
      files: {},
      fields: [
        { id: 'old', kind: 'number' },
        { id: 'new', kind: 'number' },
        { id: 'read', kind: 'number' },
      ],
    };
  },

  grade: async ({ answers }, { values }, bench) => {
    const reads = Number(values['reads']);
    const old = await roundOf(bench, reads, 'bare-2005');
    const right = {
      old,
      new: await roundOf(bench, reads, 'bare'),
      read: (await roundOf(bench, reads + 1, 'bare-2005')) - old,
    };
    return {
      checks: (['old', 'new', 'read'] as const).map((id) =>
        check(id, isNear(numberIn(answers[id]), right[id], TOLERANCE), { answered: answers[id] ?? '–' }),
      ),
    };
  },
});
