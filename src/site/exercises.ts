// The exercises of a chapter as its page shows them before anybody touches them.
import type { ExerciseKind } from '../protocol/exercise.ts';
import { htmlWith, type ExerciseText } from '../ui/exercise/text.ts';
import type { Facts } from './page.ts';
import type { Locale } from './locales.ts';

export interface ListedExercise {
  /** Its whole name, `LAB/FOLDER`. */
  readonly name: string;
  /** Anchor on the page. */
  readonly id: string;
  readonly kind: ExerciseKind;
  readonly title: string;
  readonly html: string;
}

const texts = import.meta.glob<ExerciseText>('/labs/[0-9]*/exercises/*/index.*.md', {
  eager: true,
  import: 'default',
  query: '?exercise',
});

/** @param name its whole name, `LAB/FOLDER` */
export const exerciseTitle = (name: string, locale: Locale): string =>
  texts[`/labs/${name.replace('/', '/exercises/')}/index.${locale}.md`]?.title ?? name;

/** In the order of their folders. */
export function exercisesOf(chapter: string, locale: Locale, facts: Facts): readonly ListedExercise[] {
  const found = Object.entries(texts).flatMap(([path, text]) => {
    const [, lab, folder = '', language] =
      /^\/labs\/([^/]+)\/exercises\/([^/]+)\/index\.(\w+)\.md$/.exec(path) ?? [];
    return lab === chapter && language === locale ? [{ folder, text }] : [];
  });
  return found
    .sort((a, b) => (a.folder < b.folder ? -1 : 1))
    .map(({ folder, text: { title, html } }) => {
      const name = `${chapter}/${folder}`;
      const first = facts.exercises[name];
      if (!first) throw new Error(`${name} has a text, but no grade.ts`);
      return { name, id: `exercise-${folder}`, kind: first.kind, title, html: htmlWith(html, first.values) };
    });
}
