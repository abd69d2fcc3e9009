// The race that the home page shows: that of the chapter whose lab begins with it.
import type { LabTexts } from '../ui/lab/texts.ts';
import { standings, type Standing } from '../ui/race/standings.ts';
import type { Listed } from './chapters.ts';
import type { Course, Figures } from './figures.ts';
import { labTexts } from './lab-texts.ts';
import type { Locale } from './locales.ts';

/** What the script of the page needs to run it. */
export interface HomeRaceProps {
  readonly locale: Locale;
  readonly lab: string;
  readonly workload: string;
  readonly entered: readonly string[];
  readonly texts: LabTexts;
}

export interface HomeRace {
  readonly slug: string;
  readonly props: HomeRaceProps;
  /** Measured when the site was built. */
  readonly runners: readonly Recorded[];
}

/** A runner as it was recorded, with what it came to. */
export interface Recorded {
  readonly standing: Standing;
  readonly course: Course;
}

export function homeRace(
  locale: Locale,
  chapters: readonly Listed[],
  figures: Readonly<Record<string, Figures>>,
): HomeRace | null {
  const chapter = chapters.find(({ text }) => text.lab?.['panel'] === 'race');
  const run = chapter && figures[chapter.folder];
  if (!run) return null;
  const entered = String(chapter.text.lab?.['entered'] ?? '').split(',');
  return {
    slug: chapter.slug,
    props: {
      locale,
      lab: chapter.folder,
      workload: run.workload,
      entered,
      texts: labTexts(chapter.folder, locale),
    },
    runners: standings(run.measurements.filter(({ technique }) => entered.includes(technique)))
      .map((standing) => ({ standing, course: run.courses?.[standing.technique] ?? [] }))
      .sort((a, b) => entered.indexOf(a.standing.technique) - entered.indexOf(b.standing.technique)),
  };
}
