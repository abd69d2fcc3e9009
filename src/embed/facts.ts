/** What a widget's document says of its widget, written into its `main` when it is built. */
import type { Locale } from '../ui/i18n/index.ts';
import type { ExerciseKind, Variant } from '../protocol/exercise.ts';
import type { WidgetId } from './widgets.ts';

export interface ExerciseFacts {
  /** Its whole name, `LAB/FOLDER`. */
  readonly name: string;
  readonly kind: ExerciseKind;
  readonly values: Variant['values'];
}

export interface Facts {
  /** The chapter's folder under labs/. */
  readonly lab: string;
  readonly widget: WidgetId;
  /** With the values of its first variant, if the widget is an exercise. */
  readonly exercise: ExerciseFacts | null;
  readonly titles: Readonly<Record<Locale, string>>;
  /** What the chapter's text gives its lab. */
  readonly given: Readonly<Record<string, string | number>>;
  /** The full lab in each language, from the document; null where there is none to be had. */
  readonly full: Readonly<Record<Locale, string>> | null;
  /** The engine as a script for documents that may not start a worker from a file; null when it is in the document. */
  readonly engine: string | null;
}
