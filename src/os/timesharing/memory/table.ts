/** The memory disciplines, by the name that a run chooses them with. */
import type { MemoryName } from '../settings.ts';
import type { Kernel, Memory } from './contract.ts';
import type { Core } from './core.ts';
import { pagingMemory } from './paging.ts';
import { clock, lru } from './replacement.ts';
import { residentMemory } from './resident.ts';
import { swappingMemory } from './swapping.ts';

/** Quanta of a program's own time that make its working-set window. */
const WINDOW = 4;

export const memoryOf = (kernel: Kernel, core: Core): Memory => {
  const made: Readonly<Record<MemoryName, () => Memory>> = {
    resident: () => residentMemory(kernel, core),
    swap: () => swappingMemory(kernel, core, true),
    onion: () => swappingMemory(kernel, core, false),
    lru: () => pagingMemory(kernel, core, lru(), null),
    clock: () => pagingMemory(kernel, core, clock(), null),
    'working-set': () => pagingMemory(kernel, core, lru(), WINDOW * kernel.settings.quantum),
  };
  return made[kernel.settings.memory]();
};
/** Those under which a program executes with some of its pages away: they need address translation. */
export const isPaging = (name: MemoryName): boolean => ['lru', 'clock', 'working-set'].includes(name);
