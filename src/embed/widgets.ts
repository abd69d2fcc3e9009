/** Which widgets a lab gives: the whole, the strata diagram, each panel, each exercise; and where their pages stand. */
import { PANELS } from '../ui/lab/panels.ts';

/** The whole lab is `lab`. */
export const WIDGETS = ['lab', 'strata', ...PANELS] as const;
export type WidgetId = (typeof WIDGETS)[number] | ExerciseWidget;
/** The lab with one of its exercises, by its folder. */
export type ExerciseWidget = `exercise/${string}`;

export const isExercise = (widget: WidgetId): widget is ExerciseWidget => widget.startsWith('exercise/');

/** From the site's root, with a slash at the end. */
export const pagePath = (locale: string, slug: string, widget: WidgetId): string =>
  `embed/${locale}/${slug}/${widget === 'lab' ? '' : `${widget}/`}`;

/** The picture of the lab's default run, from the site's root. */
export const posterPath = (locale: string, slug: string): string => `embed/poster/${slug}.${locale}.svg`;
