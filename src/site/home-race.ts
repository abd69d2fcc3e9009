// The race that the home page shows: that of the chapter whose lab begins with it.
import type { Measurement } from '../protocol/session.ts';
import type { LabTexts } from '../ui/lab/texts.ts';
import { workOf } from '../protocol/work.ts';
import type { Listed } from './chapters.ts';
import type { Figures } from './figures.ts';
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
  readonly measurements: readonly Measurement[];
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
    measurements: run.measurements.filter(({ technique }) => entered.includes(technique)).map(workOf),
  };
}
