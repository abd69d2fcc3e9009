/** Program: give a hypervisor a call that its guest can make. */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import type { Setup } from '../../../../src/protocol/frame.ts';
import { asPc, check, GUEST_FILE, printed, setupWith } from '../../../+shared/pc/grading.ts';
import { hypervisorWith } from '../../../+shared/pc/vmx/hypervisor.ts';
import guest from './guest.asm?raw';

const MOST = 3_000_000;
const DIGITS = 8;

/** A word as the guest prints it. */
export const letters = (word: number): string =>
  Array.from((word >>> 0).toString(16).padStart(DIGITS, '0'), (digit) =>
    String.fromCharCode('A'.charCodeAt(0) + parseInt(digit, 16)),
  ).join('');

const setupOf = (source: string): Setup => ({ ...setupWith(source, 'bare'), workload: 'hypervisor' });

export default defineExercise({
  kind: 'program',
  cycles: 2 * MOST,

  variant: (seed) => {
    const random = seededRandom(seed);
    const values = {
      argument: 1000 + random.below(9000),
      factor: 3 + random.below(200),
      offset: random.below(100_000),
      other: 2 + random.below(90),
    };
    const source = hypervisorWith({ guest: fill(guest, values) });
    return { values, setup: setupOf(source), files: { [GUEST_FILE]: source }, fields: [] };
  },

  setup: (_, { files }) => setupOf(files[GUEST_FILE]!),

  grade: async ({ files }, { values }, bench) => {
    const exits: string[] = [];
    const found = await bench.run(setupOf(files[GUEST_FILE]!), {
      cycles: MOST,
      onEvent: ({ kind, detail }) => {
        if (kind === 'vm-exit') exits.push(String(detail['name']));
      },
    });
    if (!found.world) return { checks: [], diagnostics: found.diagnostics };
    const ran = asPc(found);
    const text = printed(ran);
    const [argument, factor, offset] = ['argument', 'factor', 'offset'].map((name) => Number(values[name]));
    const known = letters(argument! * factor! + offset!);
    const end = ran.at(ran.world.clock);
    const calls = exits.filter((name) => name === 'VMCALL').length;
    const shown = exits.filter((name) => name === 'IO').length;
    return {
      diagnostics: found.diagnostics,
      checks: [
        check('known', text.startsWith(known), { wanted: known, found: text.slice(0, DIGITS) || '–' }, end),
        check('unknown', text.slice(DIGITS, 2 * DIGITS) === letters(-1), {}, end),
        check('guest', calls === 2 && shown === 2 * DIGITS && exits.at(-1) === 'HLT', { calls, shown }, end),
      ],
    };
  },
});
