/** What there is to set, in one language: the site collects it from the chapters' folders and hands it to the pages. */
import type { ExerciseKind } from '../protocol/exercise.ts';

export interface CatalogueExercise {
  /** `CHAPTER/FOLDER`. */
  readonly name: string;
  readonly title: string;
  readonly kind: ExerciseKind;
}

export interface CatalogueChapter {
  readonly folder: string;
  /** Of its page, below the language. */
  readonly slug: string;
  readonly title: string;
  /** What its lab begins with; null where it shows none. */
  readonly lab: Readonly<Record<string, string | number>> | null;
  readonly exercises: readonly CatalogueExercise[];
}

export type Catalogue = readonly CatalogueChapter[];

/** The title of an exercise; its name where this edition has none. */
export const exerciseTitle = (catalogue: Catalogue, name: string): string =>
  catalogue.flatMap(({ exercises }) => exercises).find((each) => each.name === name)?.title ?? name;
