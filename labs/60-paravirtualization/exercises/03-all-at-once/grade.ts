/** Program: change many entries of page tables with few calls. */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import { asPc, check, GUEST_FILE, mustRun, printed, setupWith } from '../../../+shared/pc/grading.ts';
import start from './start.asm?raw';

/** For the changes: a list, and what the processor has to forget. */
const MOST_CALLS = 2;
const MOST = 60_000_000;
/** What a guest asks for in order to be heard and to end. */
const BESIDE = ['console_io', 'sched_op'];

export default defineExercise({
  kind: 'program',
  cycles: 200_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const values = { pages: 6 + random.below(11), step: 3 + random.below(900), most: MOST_CALLS };
    const source = fill(start, values);
    const setup = setupWith(source, 'xen', 'hello');
    return { values, setup, files: { [GUEST_FILE]: source }, fields: [] };
  },

  setup: (_, { files }) => setupWith(files[GUEST_FILE]!, 'xen', 'hello'),

  grade: async ({ files }, { setup }, bench) => {
    const wanted = printed(mustRun(await bench.run(setup, { cycles: MOST })));
    const entries: number[] = [];
    const refusals: number[] = [];
    let beside = 0;
    const found = await bench.run(setupWith(files[GUEST_FILE]!, 'xen', 'hello'), {
      cycles: MOST,
      onEvent: ({ kind, clock, detail }) => {
        if (kind === 'software-interrupt') entries.push(clock);
        if (kind === 'hypercall' && BESIDE.includes(String(detail['name']))) beside++;
        if (kind === 'refuse') refusals.push(clock);
      },
    });
    if (!found.world) return { checks: [], diagnostics: found.diagnostics };
    const ran = asPc(found);
    const end = ran.at(ran.world.clock);
    const same = ran.failure === '' && printed(ran) === wanted;
    const calls = entries.length - beside;
    const [refused] = refusals;
    return {
      diagnostics: found.diagnostics,
      checks: [
        check('same', same, {}, end),
        check('refused', refusals.length === 0, {}, refused === undefined ? end : ran.at(refused)),
        check('calls', same && calls <= MOST_CALLS, { calls }, end),
      ],
    };
  },
});
