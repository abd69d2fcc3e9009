/** Program: an attack on a page table. The straight way is refused; the way that Xen allows leaves no page table. */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import { FRAME_USES } from '../../../../src/protocol/frame.ts';
import {
  asPc,
  booksOf,
  check,
  GUEST_FILE,
  printed,
  setupWith,
  type PcRan,
} from '../../../+shared/pc/grading.ts';
import start from './start.asm?raw';

const MOST = 60_000_000;
const PAGE = 4096;
/** As Xen says that a frame in use as a page table was asked for as writable memory. */
const REFUSAL = /frame ([0-9a-f]+) is L1 page table \d+ times and cannot be writable/;

/** The first word of a frame of the machine's memory. */
const wordIn = ({ world }: PcRan, frame: number): number =>
  new DataView(world.machine.cpu.memory.bytes.buffer).getUint32(frame * PAGE, true);

export default defineExercise({
  kind: 'program',
  cycles: 100_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    // Not present as an entry: the table may hold it while it is one.
    const values = { word: 2 * (1000 + random.below(1_000_000)) };
    const source = fill(start, values);
    const setup = setupWith(source, 'xen', 'hello');
    return { values, setup, files: { [GUEST_FILE]: source }, fields: [] };
  },

  setup: (_, { files }) => setupWith(files[GUEST_FILE]!, 'xen', 'hello'),

  grade: async ({ files }, { values }, bench) => {
    const attacked: number[] = [];
    const found = await bench.run(setupWith(files[GUEST_FILE]!, 'xen', 'hello'), {
      cycles: MOST,
      onEvent: ({ kind, detail }) => {
        const frame = kind === 'refuse' ? REFUSAL.exec(String(detail['name']))?.[1] : undefined;
        if (frame !== undefined) attacked.push(parseInt(frame, 16));
      },
    });
    if (!found.world) return { checks: [], diagnostics: found.diagnostics };
    const ran = asPc(found);
    const end = ran.at(ran.world.clock);
    const word = Number(values['word']);
    const [frame = -1] = attacked;
    const use = FRAME_USES[booksOf(ran).frameTypes[frame] ?? 0]!;
    const holds =
      frame >= 0 && wordIn(ran, frame) === word && printed(ran).includes(`table holds: ${word}\n`);
    return {
      diagnostics: found.diagnostics,
      checks: [
        check('refused', frame >= 0, {}, end),
        check('written', holds, {}, end),
        check('plain', holds && use === 'writable', { use }, end),
        check('ends', ran.failure === '', { failure: ran.failure || '–' }, end),
      ],
    };
  },
});
