/** Predict: which instructions of a kernel leave the guest, and which of those go on to the device model. */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { isNear, numberIn } from '../../../../src/lab/answers.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import { check, mustRun, setupWith } from '../../../+shared/pc/grading.ts';
import start from './start.asm?raw';

/** Always handled outside of the guest. */
const EXITING = ['mov eax, 0\n        cpuid', 'in al, 0x61', 'out 0x80, al'];
/** These would trap in ring 1; here the guest has ring 0 to itself. */
const PRIVILEGED = ['cli', 'mov eax, cr0', 'mov eax, cr3\n        mov cr3, eax', 'invlpg [place]', 'clts'];
/** And these would have gone wrong there. */
const SENSITIVE = ['sgdt [place]', 'pushfd\n        pop eax', 'mov ax, cs', 'smsw ax'];

const FIELDS = ['exits', 'devices'] as const;

export default defineExercise({
  kind: 'predict',
  cycles: 5_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const one = (from: readonly string[]): string => from[random.below(from.length)]!;
    const chosen = [
      one(EXITING),
      one(PRIVILEGED),
      one(SENSITIVE),
      one([...EXITING, ...PRIVILEGED]),
      one([...EXITING, ...PRIVILEGED, ...SENSITIVE]),
    ];
    // In any order: whichever is drawn first.
    const [first, second, third, fourth, fifth] = chosen
      .map((line) => ({ line, key: random.word() }))
      .sort((a, b) => a.key - b.key)
      .map(({ line }) => line) as [string, string, string, string, string];
    const rounds = 3 + random.below(20);
    const source = fill(start, { rounds, first, second, third, fourth, fifth });
    return {
      values: { rounds },
      setup: setupWith(source, 'vmx'),
      files: {},
      fields: FIELDS.map((id) => ({ id, kind: 'number' })),
    };
  },

  grade: async ({ answers }, { setup }, bench) => {
    const clocks: Record<(typeof FIELDS)[number], number[]> = { exits: [], devices: [] };
    const rounds = (setup.source ?? '').split('\n').findIndex((line) => line.includes('jnz round')) + 1;
    const ran = mustRun(
      await bench.run(setup, {
        onEvent: ({ kind, clock, line, detail }) => {
          // What is printed in the end is not part of the rounds.
          if (kind !== 'vm-exit' || line === null || line > rounds) return;
          clocks.exits.push(clock);
          if (detail['name'] === 'IO') clocks.devices.push(clock);
        },
      }),
    );
    return {
      checks: FIELDS.map((id) => {
        const answered = numberIn(answers[id]);
        const seen = clocks[id];
        const at = ran.at(seen[Math.max(0, Math.floor(answered) || 0)] ?? ran.world.clock);
        return check(id, isNear(answered, seen.length, 0), { answered: answers[id] ?? '–' }, at);
      }),
    };
  },
});
