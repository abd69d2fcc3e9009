/**
 * One program at a time in the one place in core. `whole`: the program before is written out altogether, as CTSS did at
 * first. Onion-skin: only as much of it as the one that comes needs, so that of a large program the rest may still be
 * there when its turn comes again (Corbató et al. 1962; CTSS Programmer's Guide 1963).
 */
import type { Batch, Move } from '../page-store.ts';
import type { Process } from '../process.ts';
import type { Kernel, Memory } from './contract.ts';
import type { Core } from './core.ts';

/** The key of whoever is in core. */
const KEY = 1;

export function swappingMemory(kernel: Kernel, core: Core, whole: boolean): Memory {
  /** Whose turn in core it is, or −1. */
  let current = -1;
  /** It has been brought in and has not executed yet: nobody takes its place before it has. */
  let untouched = false;

  /** Writes out what is in the way of `process`; a machine without change bits had to write all of it. */
  const clearWay = ({ id, pages }: Process): Move[] =>
    core.frames
      .slice(0, whole ? undefined : pages.length)
      .filter(({ owner }) => owner >= 0 && owner !== id)
      .map(({ owner, page }) => core.evict(kernel.process(owner)!, page, true))
      .filter((move) => move !== null);

  /** The remains of others are closed to the one who comes, and his own pages opened. */
  const rekey = (process: Process): void => {
    core.frames.forEach(({ owner, page }, frame) => {
      if (owner < 0) return;
      core.lock(frame, owner === process.id && !process.pages[page]!.moving ? KEY : null);
    });
  };

  const bring = (process: Process): boolean => {
    current = -1;
    if (core.send(process, clearWay(process))) return false;
    if (kernel.settings.protection !== 'dat') process.base = core.real(0);
    process.key = kernel.settings.protection === 'keys' ? KEY : 0;
    const missing = process.pages.map((_, page) => page).filter((page) => process.pages[page]!.frame < 0);
    for (const page of missing) core.assign(process, page, page);
    const moves = missing.map((page) => core.fill(process, page)).filter((move) => move !== null);
    rekey(process);
    current = process.id;
    untouched = true;
    return !core.send(process, moves);
  };

  return {
    ready: (process) => {
      if (kernel.drum.state.queue.length > 0) return false;
      return current === process.id || (!untouched && bring(process));
    },
    fault: () => {
      throw new Error('a page fault where programs are swapped whole');
    },
    stayed: () => {
      untouched = false;
    },
    slept: () => undefined,
    moved: ({ moves, process: id }: Batch) => {
      const process = kernel.process(id);
      if (process) core.arrived(process, moves);
    },
    left: (process) => {
      core.release(process);
      if (current !== process.id) return;
      current = -1;
      untouched = false;
    },
    save: () => ({ current, untouched }),
    restore: (state) => {
      ({ current, untouched } = state as { current: number; untouched: boolean });
    },
  };
}
