/** Program: write a guest that prints by SIO and an interruption, and does so on the bare machine too. */
import { seededRandom } from '../../../../src/base/random.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import type { EventView } from '../../../../src/protocol/frame.ts';
import {
  asS370,
  check,
  endClock,
  endedWell,
  GUEST_FILE,
  printed,
  setupWith,
} from '../../../+shared/s370/grading.ts';
import start from './start.s?raw';

const WORDS = ['CAMBRIDGE', 'POUGHKEEPSIE', 'YORKTOWN', 'LINCOLN', 'GRENOBLE', 'ENDICOTT'];
const PRINTER = '00E';
/** Who waits for an interruption asks the device no more often than this. */
const MOST_QUESTIONS = 2;

const isStart = ({ kind, detail }: EventView): boolean => kind === 'io-start' && detail['device'] === PRINTER;

export default defineExercise({
  kind: 'program',
  cycles: 8_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const values = {
      message: `HELLO ${WORDS[random.below(WORDS.length)]!} ${100 + random.below(900)}`,
      copies: 2 + random.below(4),
    };
    return { values, setup: setupWith(start, 'cp'), files: { [GUEST_FILE]: start }, fields: [] };
  },

  setup: (_, { files }) => setupWith(files[GUEST_FILE]!, 'cp'),

  grade: async ({ files }, { values }, bench) => {
    const source = files[GUEST_FILE]!;
    const asked = { starts: 0, questions: 0, interruptions: 0 };
    const found = await bench.run(setupWith(source, 'cp'), {
      cycles: 3_000_000,
      onEvent: (event) => {
        const { kind, detail } = event;
        if (kind === 'simulate' && String(detail['mnemonic']).startsWith('SIO')) asked.starts++;
        if (kind === 'simulate' && detail['mnemonic'] === 'TIO') asked.questions++;
        if (kind === 'reflect' && detail['class'] === 'io') asked.interruptions++;
      },
    });
    if (!found.world) return { checks: [], diagnostics: found.diagnostics };
    const ran = asS370(found);
    const copies = Number(values['copies']);
    const isRight = (lines: readonly string[]): boolean =>
      lines.length === copies && lines.every((line) => line === values['message']);
    const end = ran.at(endClock(ran));
    const bareStarts: EventView[] = [];
    const bare = await bench.run(setupWith(source, 'bare'), {
      cycles: 3_000_000,
      onEvent: (event) => {
        if (isStart(event)) bareStarts.push(event);
      },
    });
    const alone = bare.world ? asS370(bare) : null;
    const lines = printed(ran);
    const waited = asked.starts > 0 && asked.interruptions > 0 && asked.questions <= MOST_QUESTIONS;
    return {
      diagnostics: found.diagnostics,
      checks: [
        check('lines', isRight(lines), { printed: lines.length, first: lines[0] ?? '' }, end),
        check('waited', waited, asked, end),
        check('ends', endedWell(ran), {}, end),
        check(
          'bare',
          alone !== null && isRight(printed(alone)) && endedWell(alone) && bareStarts.length > 0,
          { printed: alone ? printed(alone).length : 0 },
          alone && alone.at(endClock(alone)),
        ),
      ],
    };
  },
});
