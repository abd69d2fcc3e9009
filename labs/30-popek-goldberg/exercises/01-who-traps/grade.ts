/** Predict: which instructions of a kernel trap in ring 1, and which go wrong without a trap? */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { isNear, numberIn } from '../../../../src/lab/answers.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import { check, mustRun, setupWith } from '../../../+shared/pc/grading.ts';
import start from './start.asm?raw';

/** Privileged: they trap. */
const TRAPPING = ['cli', 'mov eax, cr0', 'mov eax, cr3', 'in al, 0x61', 'invlpg [place]', 'clts'];
/** Sensitive all the same, though nobody is told. */
const SILENT = ['sgdt [place]', 'sidt [place]', 'push cs\n        pop eax', 'mov ax, cs'];
/** The flag is off in the guest and on in the machine. */
const FLAGS = 'pushfd\n        pop eax';
/** Of no concern to a monitor. */
const HARMLESS = ['add eax, ebx', 'mov [place], eax', 'bswap eax', 'xchg eax, ebx', 'lea eax, [ebx+4]'];

const FIELDS = [
  { id: 'traps', kind: 'simulate' },
  { id: 'silent', kind: 'silent' },
] as const;

export default defineExercise({
  kind: 'predict',
  cycles: 2_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const one = (from: readonly string[]): string => from[random.below(from.length)]!;
    const chosen = [one(TRAPPING), one(SILENT), FLAGS, one([...TRAPPING, ...SILENT, ...HARMLESS])];
    // In any order: whichever is drawn first.
    const lines = chosen.map((line) => ({ line, key: random.word() })).sort((a, b) => a.key - b.key);
    const [first, second, third, fourth] = lines.map(({ line }) => line);
    const rounds = 3 + random.below(20);
    const source = fill(start, { rounds, first: first!, second: second!, third: third!, fourth: fourth! });
    return {
      values: { rounds },
      setup: setupWith(source, 'naive'),
      files: {},
      fields: FIELDS.map(({ id }) => ({ id, kind: 'number' })),
    };
  },

  grade: async ({ answers }, { setup }, bench) => {
    const clocks: Record<string, number[]> = { simulate: [], silent: [] };
    const ran = mustRun(
      await bench.run(setup, {
        onEvent: ({ kind, clock, detail }) => {
          // What is printed in the end is not part of the rounds.
          if (detail['mnemonic'] !== 'OUT') clocks[kind]?.push(clock);
        },
      }),
    );
    return {
      checks: FIELDS.map(({ id, kind }) => {
        const answered = numberIn(answers[id]);
        const seen = clocks[kind]!;
        const at = ran.at(seen[Math.max(0, Math.floor(answered) || 0)] ?? ran.world.clock);
        return check(id, isNear(answered, seen.length, 0), { answered: answers[id] ?? '–' }, at);
      }),
    };
  },
});
