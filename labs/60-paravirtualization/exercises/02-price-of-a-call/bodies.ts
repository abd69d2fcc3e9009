/** What is measured, as the loop's body, and how: in cycles of a round, as the guest itself counts them. */
import { fill } from '../../../../src/base/fill.ts';
import type { Bench } from '../../../../src/lab/exercise.ts';
import { mustRun, printed, setupWith } from '../../../+shared/pc/grading.ts';
import start from './start.asm?raw';

export const BODIES = {
  call: 'ask XEN_VERSION',
  single: 'ask UPDATE_VA_MAPPING, window, [mine]',
  list: (length: number): string => `ask MMU_UPDATE, list, ${length}, 0, SELF`,
} as const;

/** Cycles of one round less those of an empty one. `rounds`: so few that the loop falls between two interrupts. */
export function priceBy(bench: Bench, bits: number, rounds: number): (body: string) => Promise<number> {
  let empty: number | undefined;
  return async (body) => {
    const took = async (each: string): Promise<number> => {
      const source = fill(start, { body: each, bits, rounds });
      const ran = mustRun(await bench.run(setupWith(source, 'xen', 'hello')));
      return Number(/^Cycles: (\d+)$/m.exec(printed(ran))?.[1]);
    };
    empty ??= await took('');
    return ((await took(body)) - empty) / rounds;
  };
}
