/**
 * Demand paging. With a working-set window (P. J. Denning, CACM 11(5), 1968) a program may only execute while the pages
 * that it referenced within its last `window` cycles, and those of all others that may, have room in core together.
 */
import type { Batch } from '../page-store.ts';
import type { Process } from '../process.ts';
import type { Kernel, Memory } from './contract.ts';
import type { Core, Frame } from './core.ts';
import type { Replacement } from './replacement.ts';

/** Pages that a program is thought to want before it has shown what it wants. */
const FIRST_GUESS = 4;

export function pagingMemory(
  kernel: Kernel,
  core: Core,
  replacement: Replacement,
  window: number | null,
): Memory {
  /** Programs that may execute, in the order in which they were let in; only where there is a window. */
  let admitted: number[] = [];
  /** Working sets as last seen, by process. */
  let sizes: Record<number, number> = {};

  const inWindow = ({ lastUse }: Frame, { total }: Process): boolean =>
    window === null || total - lastUse <= window;
  const sizeOf = (process: Process): number => {
    const held = core.frames.filter((frame) => frame.owner === process.id && inWindow(frame, process)).length;
    return Math.max(FIRST_GUESS, held, admitted.includes(process.id) ? 0 : (sizes[process.id] ?? 0));
  };
  const suspend = (id: number): void => {
    const process = kernel.process(id);
    if (process && admitted.includes(id)) sizes[id] = sizeOf(process);
    admitted = admitted.filter((each) => each !== id);
  };
  const admit = (process: Process): boolean => {
    if (window === null || admitted.includes(process.id)) return true;
    const taken = admitted.reduce(
      (sum, id) => sum + (kernel.process(id) ? sizeOf(kernel.process(id)!) : 0),
      0,
    );
    if (admitted.length > 0 && taken + sizeOf(process) > core.frames.length) return false;
    admitted.push(process.id);
    return true;
  };

  const isMoving = ({ owner, page }: Frame): boolean => kernel.process(owner)?.pages[page]?.moving ?? false;
  const leaving = (index: number): boolean =>
    kernel.drum.state.queue.some(({ moves }) => moves.some(({ frame }) => frame === core.real(index)));
  const mayGo = (frame: Frame, index: number): boolean =>
    frame.owner >= 0 && !isMoving(frame) && !leaving(index);

  /** A frame for `process`; with a window first one that is in nobody's working set. */
  const choose = (process: Process): number => {
    const free = core.frames.findIndex(({ owner }, i) => owner < 0 && !leaving(i));
    if (free >= 0) return free;
    if (window === null) return replacement.victim(core, mayGo);
    const outside = (frame: Frame, index: number): boolean => {
      const owner = kernel.process(frame.owner);
      return mayGo(frame, index) && (!owner || !admitted.includes(owner.id) || !inWindow(frame, owner));
    };
    for (;;) {
      const found = replacement.victim(core, outside);
      const last = admitted.findLast((id) => id !== process.id);
      if (found >= 0 || last === undefined) return found >= 0 ? found : replacement.victim(core, mayGo);
      suspend(last);
    }
  };

  const fault = (process: Process, page: number): void => {
    const frame = choose(process);
    if (frame < 0) return; // every frame is on its way: `ready` tries again
    const { owner, page: old } = core.frames[frame]!;
    const saved = owner >= 0 ? core.evict(kernel.process(owner)!, old) : null;
    core.assign(process, page, frame);
    const { slot, source } = process.pages[page]!;
    if (saved && slot < 0 && source < 0) {
      // Zeros go into the frame when what it held has been saved.
      process.pages[page]!.moving = true;
      core.send(process, [saved]);
      return;
    }
    const moves = [saved, core.fill(process, page)].filter((move) => move !== null);
    if (!core.send(process, moves)) kernel.wake(process);
  };

  return {
    ready: admit,
    fault,
    stayed: (process) => {
      core.sample(process);
    },
    slept: ({ id }) => {
      suspend(id);
    },
    moved: ({ moves, process: id }: Batch) => {
      const process = kernel.process(id);
      if (!process) return;
      core.arrived(process, moves);
      for (const [page, state] of process.pages.entries())
        if (state.moving && moves.some(({ write, frame }) => write && frame === state.frame)) {
          state.moving = false;
          core.fill(process, page);
        }
      kernel.wake(process);
    },
    left: (process) => {
      core.release(process);
      suspend(process.id);
      const { [process.id]: _, ...others } = sizes;
      sizes = others;
    },
    save: () => ({ admitted: [...admitted], sizes: { ...sizes }, hand: replacement.hand }),
    restore: (state) => {
      const saved = state as { admitted: number[]; sizes: Record<number, number>; hand: number };
      admitted = [...saved.admitted];
      sizes = { ...saved.sizes };
      replacement.hand = saved.hand;
    },
  };
}
