/** Configure: which two costs of the processor are worth halving for a given program under a given technique. */
import { fill } from '../../../../src/base/fill.ts';
import { seededRandom } from '../../../../src/base/random.ts';
import { defineExercise, type Bench } from '../../../../src/lab/exercise.ts';
import { WESTMERE } from '../../../../src/machines/pc/models/westmere.ts';
import type { Attempt } from '../../../../src/protocol/exercise.ts';
import type { Setup } from '../../../../src/protocol/frame.ts';
import { check, mustRun } from '../../../+shared/pc/grading.ts';
import { busyIn, ownSetup } from '../../grading.ts';
import start from './start.asm?raw';

export const COSTS = ['interruption', 'interrupt-return', 'gate', 'port', 'memory'] as const;
export type CostName = (typeof COSTS)[number];

const FIRST = ['mov eax, cr0', 'mov eax, cr3', 'clts', 'invlpg [place]'];
const SECOND = ['in al, 0x21', 'out 0x80, al', 'mov ax, ds\n        mov ds, ax'];
const TECHNIQUES = ['naive', 'naive', 'translator'];

const halved = (names: readonly CostName[]): Setup['constants'] =>
  Object.fromEntries(names.map((name) => [name, WESTMERE.costs[name].cycles / 2]));
const chosen = ({ answers }: Attempt): readonly CostName[] =>
  COSTS.filter((name) => [answers['one'], answers['other']].includes(name));

export const cyclesWith = async (bench: Bench, setup: Setup, names: readonly CostName[]): Promise<number> =>
  busyIn(mustRun(await bench.run({ ...setup, constants: halved(names) })));

/** The two that save most: what one saves has nothing to do with the others. */
export async function bestTwo(bench: Bench, setup: Setup): Promise<readonly CostName[]> {
  const costs: [CostName, number][] = [];
  for (const name of COSTS) costs.push([name, await cyclesWith(bench, setup, [name])]);
  return costs
    .sort(([, a], [, b]) => a - b)
    .slice(0, 2)
    .map(([name]) => name);
}

export default defineExercise({
  kind: 'configure',
  cycles: 40_000_000,

  variant: (seed) => {
    const random = seededRandom(seed);
    const one = (from: readonly string[]): string => from[random.below(from.length)]!;
    const values = {
      technique: one(TECHNIQUES),
      first: one(FIRST),
      second: one(SECOND),
      rounds: 20 + random.below(20),
      often: 1 + random.below(8),
      work: 20 + random.below(150),
    };
    const choice = { kind: 'choice', choices: COSTS } as const;
    return {
      values,
      setup: ownSetup(fill(start, values), values.technique),
      files: {},
      fields: [
        { id: 'one', ...choice },
        { id: 'other', ...choice },
      ],
    };
  },

  setup: ({ setup }, attempt) => ({ ...setup, constants: halved(chosen(attempt)) }),

  grade: async (attempt, { setup }, bench) => {
    const names = chosen(attempt);
    const before = await cyclesWith(bench, setup, []);
    const after = await cyclesWith(bench, setup, names);
    const two = names.length === 2;
    const best = two && after <= (await cyclesWith(bench, setup, await bestTwo(bench, setup)));
    return { checks: [check('two', two), check('best', best, { before, after, saved: before - after })] };
  },
});
