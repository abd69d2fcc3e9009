/** Operate: stop the machine where the translator changes its mind about an instruction. */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { defineExercise } from '../../../../src/lab/exercise.ts';
import { asPc, check, setupWith } from '../../../+shared/pc/grading.ts';
import start from './start.asm?raw';

/** How often each store is left out. */
const MASKS = [1, 3, 7];
const CHANGES = 4;
/** One unit of operation more or less, and what the monitor does for it. */
const NEAR = 1500;

export default defineExercise({
  kind: 'operate',
  cycles: 20_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const [second, third, fourth] = MASKS.map((mask) => ({ mask, key: random.word() }))
      .sort((a, b) => a.key - b.key)
      .map(({ mask }) => mask);
    const rounds = 100 + random.below(100);
    const source = fill(start, { rounds, second: second!, third: third!, fourth: fourth! });
    return {
      values: { nth: 2 + random.below(CHANGES - 1) },
      setup: setupWith(source, 'translator'),
      files: {},
      fields: [],
    };
  },

  grade: async ({ recording }, { values, setup }, bench) => {
    const clocks: number[] = [];
    const onEvent = ({ kind, clock }: { kind: string; clock: number }): void => {
      if (kind === 'adapt') clocks.push(clock);
    };
    const found = recording
      ? await bench.replay(recording, { onEvent })
      : await bench.run(setup, { cycles: 1, onEvent });
    if (!found.world) throw new Error('the kernel could not be loaded');
    const ran = asPc(found);
    const here = ran.at(ran.world.clock);
    const own =
      recording !== null && recording.inputs.length === 0 && recording.setup.source === setup.source;
    const nth = Number(values['nth']);
    const last = clocks.at(-1) ?? -Infinity;
    return {
      checks: [
        check('untouched', own && recording.setup.technique === setup.technique, {}, here),
        check('count', clocks.length === nth, { found: clocks.length }, here),
        check('near', ran.world.clock - last <= NEAR, {}, here),
      ],
    };
  },
});
