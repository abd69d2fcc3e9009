/** Configure: a VMCS that the processor refuses; which number does it leave, and what has to be set? */
import { seededRandom } from '../../../../src/base/random.ts';
import { isNear, numberIn } from '../../../../src/lab/answers.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import type { Setup } from '../../../../src/protocol/frame.ts';
import {
  asPc,
  check,
  GUEST_FILE,
  mustRun,
  printed,
  setupWith,
  type PcRan,
} from '../../../+shared/pc/grading.ts';
import { HYPERVISOR } from '../../../+shared/pc/vmx/hypervisor.ts';
import { Vmcs } from '../../../../src/machines/pc/vmx/vmcs.ts';

/** A line of the hypervisor, and what stands there instead. */
export const FAULTS: readonly (readonly [right: string, wrong: string])[] = [
  ['field 0x0c0c, 0x18                 ; TR', 'field 0x0c0c, 0                    ; TR'],
  ['field 0x0c02, 0x08                 ; CS', 'field 0x0c02, 0x0b                 ; CS'],
  ['control 0x4012, 0, 0x484           ; VM entry', 'field 0x4012, 0                    ; VM entry'],
  ['control 0x4000, 0, 0x481           ; pin-based', 'field 0x4000, 0                    ; pin-based'],
  ['field 0x2801, -1', 'field 0x2801, 0'],
  ['field 0x6820, 2                    ; RFLAGS', 'field 0x6820, 0                    ; RFLAGS'],
  ['rights:    dd 0xc093, 0xc09b,', 'rights:    dd 0xc093, 0xc093,'],
  ['0xc093, 0xc093, 0xc093, 0xc093, 0x10000, 0x8b', '0xc093, 0xc093, 0xc093, 0xc093, 0x10000, 0x89'],
];
const WANTED = 'STRATA GUEST\nguest halted';
const MOST = 3_000_000;
const FAILED_ENTRY = 1 << 31;

const setupOf = (source: string): Setup => ({ ...setupWith(source, 'bare'), workload: 'hypervisor' });

/** What the processor left of the refusal: VM-instruction error, or the basic exit reason. */
function numberLeft({ world }: PcRan): number {
  const { cpu } = world.machine;
  const vmcs = new Vmcs(cpu, cpu.vmx.current);
  const reason = vmcs.get('EXIT_REASON');
  return (reason & FAILED_ENTRY) !== 0 ? reason & 0xffff : vmcs.get('INSTRUCTION_ERROR');
}

export default defineExercise({
  kind: 'configure',
  cycles: 3 * MOST,

  variant: (seed) => {
    const random = seededRandom(seed);
    const [right, wrong] = FAULTS[random.below(FAULTS.length)]!;
    const source = HYPERVISOR.replace(right, wrong);
    return {
      values: {},
      setup: setupOf(source),
      files: { [GUEST_FILE]: source },
      fields: [{ id: 'number', kind: 'number' }],
    };
  },

  setup: (_, { files }) => setupOf(files[GUEST_FILE]!),

  grade: async ({ files, answers }, { setup }, bench) => {
    const broken = mustRun(await bench.run(setup, { cycles: MOST }));
    const answered = numberIn(answers['number']);
    const number = check(
      'number',
      isNear(answered, numberLeft(broken), 0),
      { answered: answers['number'] ?? '–' },
      broken.at(broken.world.clock),
    );
    const names: string[] = [];
    const found = await bench.run(setupOf(files[GUEST_FILE]!), {
      cycles: MOST,
      onEvent: ({ kind, detail }) => {
        if (kind === 'vm-exit') names.push(String(detail['name']));
      },
    });
    if (!found.world) return { checks: [number], diagnostics: found.diagnostics };
    const ran = asPc(found);
    const text = printed(ran);
    const entered = names.includes('CPUID') && names.includes('IO') && names.at(-1) === 'HLT';
    const end = ran.at(ran.world.clock);
    return {
      diagnostics: found.diagnostics,
      checks: [
        number,
        check('entered', entered, {}, end),
        check('output', entered && text === WANTED, { found: text || '–' }, end),
      ],
    };
  },
});
