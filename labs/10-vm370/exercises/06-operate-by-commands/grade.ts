/** Operate: bring the virtual machine into a state by CP commands alone. */
import { findSymbol } from '../../../../src/assembler/core/assembly.ts';
import { fill } from '../../../../src/base/fill.ts';
import { hex } from '../../../../src/base/bits.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import { asS370, check, setupWith, wordAt } from '../../../+shared/s370/grading.ts';
import start from './start.s?raw';

export default defineExercise({
  kind: 'operate',
  // Each command typed at the console takes some two million.
  cycles: 400_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const values = {
      origin: hex(0x200 + 8 * random.below(0x180), 3),
      register: 5 + random.below(8),
      added: 11 + random.below(80),
      times: 3 + random.below(30),
      word: hex(random.word() | 1),
    };
    const setup = setupWith(fill(start, values), 'cp');
    return { values: { ...values, sum: hex(values.added * values.times) }, setup, files: {}, fields: [] };
  },

  grade: async ({ recording }, { values, setup }, bench) => {
    const found = recording ? await bench.replay(recording) : await bench.run(setup);
    if (!found.world) throw new Error('the exercise’s own source does not assemble');
    const ran = asS370(found);
    const { world } = ran;
    const last = world.assembly && findSymbol(world.assembly, 'LAST')?.value;
    const subject = world.system.subjects[0]!;
    const address = subject.psw.instructionAddress;
    const [task] = world.system.tasks() ?? [];
    const sum = subject.gr[Number(values['register'])]! >>> 0;
    const key = wordAt(ran, 'KEY') ?? 0;
    const others = (recording?.inputs ?? []).filter(
      ({ input }) => input.kind !== 'type' && input.kind !== 'attention',
    );
    const end = ran.at(world.clock);
    const stopped = task?.state === 'cp-mode' && address === last;
    return {
      checks: [
        check(
          'commands',
          recording !== null && others.length === 0,
          {},
          others[0] ? ran.at(others[0].at) : end,
        ),
        check('key', hex(key) === values['word'], { found: hex(key) }, end),
        check('sum', hex(sum) === values['sum'], { found: hex(sum) }, end),
        check('stopped', stopped, { address: hex(address, 6), state: task?.state ?? '' }, end),
      ],
    };
  },
});
