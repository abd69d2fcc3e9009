/** What a page of the site needs so that nothing typed there is lost: stores for labs and exercises, and the notice. */
import type { ExerciseStore } from '../ui/exercise/store.ts';
import type { Locale } from '../ui/i18n/index.ts';
import type { Sources } from '../ui/lab/sources.ts';
import { openWork } from './store/browser.ts';
import type { Keeper } from './store/keeper.ts';
import { exerciseStore, labSources } from './store/stores.ts';

export interface KeptWork {
  readonly sources: Sources;
  /** Exercises done without an assignment. */
  readonly exercises: ExerciseStore;
}

export function keepWork(locale: Locale): KeptWork {
  let opened: Promise<Keeper> | undefined;
  const opening = (): Promise<Keeper> =>
    (opened ??= openWork().then(({ keeper }) => {
      noticeTrouble(keeper, locale);
      return keeper;
    }));
  return { sources: labSources(opening), exercises: exerciseStore(opening, 'self', () => null) };
}

/** Shows the notice once there is something to tell; that nothing is kept matters only to whoever has typed. */
function noticeTrouble(keeper: Keeper, locale: Locale): void {
  let shown = false;
  keeper.watch(({ trouble, saved, saving }) => {
    const silent = trouble?.kind === 'no-storage' && !saved && !saving;
    if (shown || trouble === null || silent) return;
    shown = true;
    void showNotice(keeper, locale);
  });
}

export async function showNotice(keeper: Keeper, locale: Locale): Promise<void> {
  const [{ mount }, { default: SaveNotice }] = await Promise.all([
    import('svelte'),
    import('./SaveNotice.svelte'),
  ]);
  mount(SaveNotice, { target: document.body, props: { locale, keeper } });
}
