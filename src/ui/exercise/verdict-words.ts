/** A verdict in words. */
import { fill } from '../../base/fill.ts';
import type { Check, Problem, Verdict } from '../../protocol/exercise.ts';
import { formatNumber } from '../format.ts';
import type { Locale } from '../i18n/index.ts';
import type { ExerciseText } from './text.ts';
import { exerciseWords } from './words.ts';

function problem(of: Problem, locale: Locale): string {
  const words = exerciseWords[locale].problems;
  switch (of.kind) {
    case 'too-long':
      return words['too-long'](of.name, formatNumber(of.most, locale));
    case 'foreign-run':
      return words['foreign-run'];
    case 'too-many-cycles':
      return words['too-many-cycles'](formatNumber(of.most, locale));
  }
}

/** The whole verdict in one sentence. */
export function summaryOf(verdict: Verdict, locale: Locale): string {
  const words = exerciseWords[locale];
  if (verdict.passed) return words.allPassed;
  if (verdict.problem) return problem(verdict.problem, locale);
  if (verdict.checks.length === 0) return words.errors;
  const failed = verdict.checks.filter(({ passed }) => !passed).length;
  return words.notPassed(formatNumber(failed, locale), formatNumber(verdict.checks.length, locale));
}

/** What the exercise says of one check; numbers are printed as the language does. */
export function sentenceOf(
  { id, passed, data }: Check,
  text: ExerciseText,
  values: Readonly<Record<string, string | number>>,
  locale: Locale,
): string {
  const both = text.checks[id];
  if (!both) throw new Error(`no words for check ${id}`);
  const printed = Object.entries(data).map(
    ([key, value]) => [key, typeof value === 'number' ? formatNumber(value, locale) : value] as const,
  );
  return fill(passed ? both.passed : both.failed, { ...values, ...Object.fromEntries(printed) });
}
