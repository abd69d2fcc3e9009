/** What the widget of an exercise needs beyond its lab; loaded for such widgets only. */
import type { Locale } from '../ui/i18n/index.ts';
import type { ExerciseText } from '../ui/exercise/text.ts';

export { default as Assigned } from './Assigned.svelte';

const texts = import.meta.glob<ExerciseText>('/labs/[0-9]*/exercises/*/index.*.md', {
  import: 'default',
  query: '?exercise',
});

/** @param name the exercise's whole name, `LAB/FOLDER` */
export async function exerciseText(name: string, locale: Locale): Promise<ExerciseText> {
  const load = texts[`/labs/${name.replace('/', '/exercises/')}/index.${locale}.md`];
  if (!load) throw new Error(`no exercise ${name} in ${locale}`);
  return load();
}
