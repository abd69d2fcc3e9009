/**
 * What a page that goes away had not written yet. IndexedDB answers later, and a page that is left does not hear the
 * answer: what still waits is put down at once, and the next page writes it.
 */
import type { Keeper, Waiting } from './keeper.ts';

const PREFIX = 'strata-unwritten:';

/** Puts down what waits, under a name that no other page uses. Without room there, the visitor is asked to stay. */
export function putDown(keeper: Keeper, storage: Storage, page: string): void {
  const { waiting } = keeper;
  if (waiting.length > 0) storage.setItem(PREFIX + page, JSON.stringify(waiting));
}

/** The page is there after all: it writes what waits itself. */
export const takeBack = (storage: Storage, page: string): void => storage.removeItem(PREFIX + page);

/** Has `keeper` write what pages that are gone had put down. */
export async function writeUp(keeper: Keeper, storage: Storage): Promise<void> {
  const names = Object.keys(storage).filter((name) => name.startsWith(PREFIX));
  for (const name of names) {
    const waiting = readable(storage.getItem(name) ?? '[]');
    storage.removeItem(name);
    // A conflict is told where the record is shown; the keeper has both versions.
    await Promise.allSettled(waiting.map((each) => keeper.writeLate(each)));
  }
}

/** What was put down; nothing where something else stands there. */
function readable(text: string): readonly Waiting[] {
  try {
    const waiting: unknown = JSON.parse(text);
    return Array.isArray(waiting) ? (waiting as Waiting[]) : [];
  } catch {
    return [];
  }
}
