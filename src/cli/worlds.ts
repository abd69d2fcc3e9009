/** The chapters' worlds by the name of their folder. */
import type { WorldFactory } from '../lab/world.ts';
import { BadArguments } from './failure.ts';

const WORLDS = import.meta.glob<WorldFactory>('/labs/[0-9]*/world.ts', { import: 'default' });

const idOf = (path: string): string => path.split('/')[2] ?? path;

export const labIds = (): string[] => Object.keys(WORLDS).map(idOf).sort();

/** The chapter by its folder, or by its address on the site: that is without the number. */
export async function factoryOf(id: string): Promise<WorldFactory> {
  const folder = labIds().find((each) => each === id || each.replace(/^\d+-/, '') === id);
  const load = WORLDS[`/labs/${folder ?? ''}/world.ts`];
  if (!load) throw new BadArguments(`lab ${id}: there is ${labIds().join(', ') || 'none yet'}`);
  return load();
}

/** What was asked for, if it is offered; the first one that is where nothing was. */
export function choice(kind: string, wanted: string | undefined, offered: readonly string[]): string {
  const chosen = wanted ?? offered[0] ?? '';
  if (!offered.includes(chosen)) throw new BadArguments(`${kind} ${chosen}: there is ${offered.join(', ')}`);
  return chosen;
}
