/** The texts of exercises, loaded when one is worked on. */
import type { ExerciseText } from '../../ui/exercise/text.ts';
import type { Locale } from '../../ui/i18n/index.ts';

const TEXTS = import.meta.glob<ExerciseText>('/labs/[0-9]*/exercises/*/index.*.md', {
  import: 'default',
  query: '?exercise',
});

/** @param name `LAB/FOLDER` */
export function textOf(name: string, locale: Locale): Promise<ExerciseText> {
  const load = TEXTS[`/labs/${name.replace('/', '/exercises/')}/index.${locale}.md`];
  return load ? load() : Promise.reject(new Error(`no exercise ${name} in ${locale}`));
}
