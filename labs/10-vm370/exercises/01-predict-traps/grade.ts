/** Predict: how often does a given guest trap, and what does CP reflect? */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { isNear, numberIn } from '../../../../src/lab/answers.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import type { EventView } from '../../../../src/protocol/frame.ts';
import { check, endClock, mustRun, setupWith } from '../../../+shared/s370/grading.ts';
import start from './start.s?raw';

/** Allowed to everybody, so that nothing traps. */
const HARMLESS = ['STCK  NOW', 'LA    5,1(,5)', 'SPM   5'];
/** In the user's program these are refused, in the supervisor's simulated. */
const PRIVILEGED = ['SSM   OFF', 'STNSM NOW,0', 'STPT  NOW', 'LCTL  8,8,NOW'];

const FIELDS = ['svc', 'privileged', 'reflected'] as const;

const COUNTED: Readonly<Record<(typeof FIELDS)[number], (event: EventView) => boolean>> = {
  svc: ({ kind }) => kind === 'svc',
  privileged: ({ kind, detail }) =>
    kind === 'program-interruption' && detail['name'] === 'privileged operation',
  reflected: ({ kind }) => kind === 'reflect',
};

export default defineExercise({
  kind: 'predict',
  cycles: 2_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const one = (from: readonly string[]): string => from[random.below(from.length)]!;
    const values = {
      rounds: 3 + random.below(6),
      calls: 2 + random.below(6),
      harmless: one(HARMLESS),
      forbidden: one(PRIVILEGED),
      service: one(PRIVILEGED),
    };
    return {
      values,
      setup: setupWith(fill(start, values), 'cp'),
      files: {},
      fields: FIELDS.map((id) => ({ id, kind: 'number' })),
    };
  },

  grade: async ({ answers }, { setup }, bench) => {
    const clocks: Record<string, number[]> = { svc: [], privileged: [], reflected: [] };
    const ran = mustRun(
      await bench.run(setup, {
        onEvent: (event) => {
          for (const id of FIELDS) if (COUNTED[id](event)) clocks[id]!.push(event.clock);
        },
      }),
    );
    return {
      checks: FIELDS.map((id) => {
        const answered = numberIn(answers[id]);
        const seen = clocks[id]!;
        // The first one that was not counted, else the end.
        const at = ran.at(seen[Math.max(0, Math.floor(answered) || 0)] ?? endClock(ran));
        return check(id, isNear(answered, seen.length, 0), { answered: answers[id] ?? '–' }, at);
      }),
    };
  },
});
