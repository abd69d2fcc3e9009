/** Program: find a guest's bug from the event log, and repair it. */
import { fill } from '../../../../src/base/fill.ts';
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

/** Each breaks one place. */
const BUGS = [
  { waiting: '00020000' }, // a wait that lets no interruption in
  { waiting: '01020000' }, // one that lets in external interruptions only
  { ionew: '00020000' }, // the I/O handler begins in a wait
  { ionew: '00010000' }, // the I/O handler begins in the problem state
  { command: "X'02'" }, // the printer is asked to read
  { return: 'LPSW  PGMOLD' }, // the SVC handler returns elsewhere
  { return: 'LPSW  IOOLD' }, // the I/O handler returns to the wait
  { status: "X'01'" }, // another bit of the status
] as const;

const TEXTS = ['PAYROLL RUN', 'INVOICE', 'STOCK ITEM', 'TAPE LABEL', 'JOB STEP', 'DEPARTMENT'];

/** As the places would be without a mistake, but for the one that the variant breaks. */
const SOUND = {
  ionew: '00000000',
  waiting: 'FE020000',
  command: "X'09'",
  return: 'LPSW  SVCOLD',
  status: "X'04'",
};

const isFault = ({ kind, detail }: EventView): boolean => kind === 'reflect' && detail['class'] === 'program';

export default defineExercise({
  kind: 'program',
  cycles: 6_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const bug = BUGS[random.below(BUGS.length)]!;
    const values = { count: 3 + random.below(9), text: TEXTS[random.below(TEXTS.length)]! };
    const source = fill(start, { ...SOUND, ...bug, ...values });
    return { values, setup: setupWith(source, 'cp'), files: { [GUEST_FILE]: source }, fields: [] };
  },

  setup: (_, { files }) => setupWith(files[GUEST_FILE]!, 'cp'),

  grade: async ({ files }, { values }, bench) => {
    const faults: EventView[] = [];
    const found = await bench.run(setupWith(files[GUEST_FILE]!, 'cp'), {
      cycles: 2_000_000,
      onEvent: (event) => {
        if (isFault(event)) faults.push(event);
      },
    });
    if (!found.world) return { checks: [], diagnostics: found.diagnostics };
    const ran = asS370(found);
    const lines = printed(ran);
    const wanted = Array.from(
      { length: Number(values['count']) },
      (_, i) => `${values['text']} ${String(i + 1).padStart(2, '0')}`,
    );
    const wrong = wanted.findIndex((line, i) => lines[i] !== line);
    const end = ran.at(endClock(ran));
    const [fault] = faults;
    return {
      diagnostics: found.diagnostics,
      checks: [
        check(
          'faults',
          faults.length === 0,
          { code: Number(fault?.detail['code'] ?? 0) },
          fault ? ran.at(fault.clock) : end,
        ),
        check('lines', wrong < 0 && lines.length === wanted.length, { printed: lines.length }, end),
        check(
          'ends',
          endedWell(ran),
          { address: ran.world.waitAddress.toString(16).toUpperCase().padStart(6, '0') },
          end,
        ),
      ],
    };
  },
});
