// The exercises of a chapter come to life when they come into view; the lab's engine starts when one is opened.
import type { ExerciseKind } from '../../protocol/exercise.ts';
import type { ExerciseStore } from '../../ui/exercise/store.ts';
import type { ExerciseText } from '../../ui/exercise/text.ts';
import type { LabState } from '../../ui/lab/lab-state.svelte.ts';
import type { Locale } from '../locales.ts';

const texts = import.meta.glob<ExerciseText>('/labs/[0-9]*/exercises/*/index.*.md', {
  import: 'default',
  query: '?exercise',
});

/** Brings the lab to life and, with `show`, into sight. */
export type OpenLab = (show: boolean) => Promise<LabState>;

async function mount(
  section: HTMLElement,
  locale: Locale,
  openLab: OpenLab,
  store: ExerciseStore,
): Promise<void> {
  const target = section.querySelector<HTMLElement>('[data-exercise-work]');
  const name = section.dataset['exercise'] ?? '';
  const load = texts[`/labs/${name.replace('/', '/exercises/')}/index.${locale}.md`];
  if (!target || !load) throw new Error(`no exercise ${name} in ${locale}`);
  const [svelte, { default: Exercise }, text] = await Promise.all([
    import('svelte'),
    import('../../ui/exercise/Exercise.svelte'),
    load(),
  ]);
  const options = {
    name,
    kind: section.dataset['kind'] as ExerciseKind,
    store,
    variants: true,
    openLab,
    onvariant: ({ values }: { readonly values: Readonly<Record<string, string | number>> }) => {
      for (const place of section.querySelectorAll<HTMLDataElement>('.exercise-text data'))
        place.textContent = String(values[place.value] ?? '');
    },
  };
  svelte.mount(Exercise, { target, props: { locale, text, options } });
}

/** @param store where work is kept; asked for once, when the first exercise comes into view */
export function startExercises(openLab: OpenLab, store: () => Promise<ExerciseStore>): void {
  const locale = document.documentElement.lang as Locale;
  let kept: Promise<ExerciseStore> | undefined;
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        kept ??= store();
        void kept.then((opened) => mount(target as HTMLElement, locale, openLab, opened));
      }
    },
    { rootMargin: '400px' },
  );
  for (const section of document.querySelectorAll('[data-exercise]')) observer.observe(section);
}
