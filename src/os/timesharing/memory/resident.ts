/** Everything in core: a program gets a stretch of it when it starts, and keeps it to its end. Who finds none waits. */
import type { Batch } from '../page-store.ts';
import type { Process } from '../process.ts';
import type { Kernel, Memory } from './contract.ts';
import type { Core } from './core.ts';

/** Storage keys that can tell programs apart; key 0 is the supervisor's. */
const KEYS = 15;

export function residentMemory(kernel: Kernel, core: Core): Memory {
  const { protection } = kernel.settings;

  const stretchFor = (length: number): number =>
    core.frames.findIndex((_, at) => {
      const stretch = core.frames.slice(at, at + length);
      return stretch.length === length && stretch.every(({ owner }) => owner < 0);
    });
  const isIn = ({ pages }: Process): boolean => pages.every(({ frame }) => frame >= 0);
  const keyFor = (process: Process): number => {
    if (protection !== 'keys') return 0;
    const taken = new Set(kernel.live.filter((p) => p !== process && isIn(p)).map(({ key }) => key));
    return Array.from({ length: KEYS }, (_, i) => i + 1).find((key) => !taken.has(key)) ?? -1;
  };

  return {
    ready: (process) => {
      if (isIn(process)) return process.pages.every(({ moving }) => !moving);
      const at = stretchFor(process.pages.length);
      const key = keyFor(process);
      if (at < 0 || key < 0) return false;
      process.key = key;
      process.pages.forEach((_, page) => {
        core.assign(process, page, at + page);
      });
      if (protection !== 'dat') process.base = core.real(at);
      const moves = process.pages.map((_, page) => core.fill(process, page)).filter((move) => move !== null);
      return !core.send(process, moves);
    },
    fault: () => {
      throw new Error('a page fault where everything is resident');
    },
    stayed: () => undefined,
    slept: () => undefined,
    moved: ({ moves, process: id }: Batch) => {
      const process = kernel.process(id);
      if (process) core.arrived(process, moves);
    },
    left: (process) => {
      core.release(process);
    },
    save: () => null,
    restore: () => undefined,
  };
}
