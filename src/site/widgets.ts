// The widgets of every chapter: one document for each kind and language, which the build writes under embed/.
import type { Facts as WidgetFacts } from '../embed/facts.ts';
import { posterSvg, type Tokens } from '../embed/poster.ts';
import { isExercise, posterPath, pagePath, WIDGETS, type WidgetId } from '../embed/widgets.ts';
import { wordsIn } from '../ui/i18n/index.ts';
import { chaptersIn, type Listed } from './chapters.ts';
import { exercisesOf, exerciseTitle } from './exercises.ts';
import { messages } from './i18n/index.ts';
import { labTexts } from './lab-texts.ts';
import { locales, type Locale } from './locales.ts';
import type { Facts } from './page.ts';

export interface WidgetPage {
  /** From the site's root, with a slash at the end. */
  readonly path: string;
  readonly locale: Locale;
  readonly slug: string;
  readonly poster: string;
  readonly description: string;
  /** Addresses in it count from the site's root. */
  readonly facts: WidgetFacts;
}

/** Title of a widget: the chapter's, with the panel's or the exercise's name if it is one. */
function titleOf(folder: string, widget: WidgetId, locale: Locale): string {
  const title = chaptersIn(locale).find((each) => each.folder === folder)?.text.title ?? folder;
  const { panel, strata } = wordsIn[locale];
  if (widget === 'lab') return title;
  if (isExercise(widget)) return exerciseTitle(widget.replace('exercise', folder), locale);
  return messages[locale].widget(title, widget === 'strata' ? strata.title : panel[widget]);
}

/** The widgets of a chapter. */
const widgetsOf = (folder: string, locale: Locale, facts: Facts): readonly WidgetId[] => [
  ...WIDGETS,
  ...exercisesOf(folder, locale, facts).map(({ name }) => `exercise/${name.split('/')[1] ?? ''}` as const),
];

function exerciseFacts(folder: string, widget: WidgetId, { exercises }: Facts): WidgetFacts['exercise'] {
  if (!isExercise(widget)) return null;
  const name = widget.replace('exercise', folder);
  const { kind, values } = exercises[name]!;
  return { name, kind, values };
}

const byLocale = <Value>(of: (locale: Locale) => Value): Record<Locale, Value> =>
  Object.fromEntries(locales.map((locale) => [locale, of(locale)])) as Record<Locale, Value>;

/** Chapters that show a lab. */
export const withLab = (locale: Locale): readonly Listed[] =>
  chaptersIn(locale).filter(({ text }) => text.lab !== undefined);

export const widgetPages = (all: Facts): readonly WidgetPage[] =>
  locales.flatMap((locale) =>
    withLab(locale).flatMap(({ folder, slug, text }) =>
      widgetsOf(folder, locale, all).map((widget) => ({
        ...{ locale, slug, description: text.summary },
        path: pagePath(locale, slug, widget),
        poster: posterPath(locale, slug),
        facts: {
          ...{ lab: folder, widget, given: text.lab ?? {} },
          exercise: exerciseFacts(folder, widget, all),
          titles: byLocale((each) => titleOf(folder, widget, each)),
          full: byLocale((each) => `${each}/${slug}/`),
          engine: `embed/classic/${folder}.js`,
        },
      })),
    ),
  );

/** The pictures of the default runs, by path. */
export const posters = (figures: Facts['figures'], tokens: Tokens): Readonly<Record<string, string>> =>
  Object.fromEntries(
    locales.flatMap((locale) =>
      withLab(locale).flatMap(({ folder, slug, text }) => {
        const run = figures[folder];
        return run
          ? [
              [
                posterPath(locale, slug),
                posterSvg(run.frame, locale, labTexts(folder, locale), text.title, tokens),
              ],
            ]
          : [];
      }),
    ),
  );
