/** What is wrong with a widget's address, in words. */
import { formatNumber } from '../ui/format.ts';
import type { Locale } from '../ui/i18n/index.ts';
import { embedWords } from './i18n/index.ts';
import { OPTIONS, type Problem, type Takes } from './schema/options.ts';

export function takesInWords(takes: Takes, locale: Locale): string {
  const text = embedWords[locale].takes;
  switch (takes.kind) {
    case 'flag':
    case 'name':
      return text[takes.kind];
    case 'one':
    case 'list':
      return text[takes.kind](takes.names.join(', '));
    case 'whole': {
      const range = text.whole(formatNumber(takes.least, locale), formatNumber(takes.most, locale));
      return takes.or === undefined ? range : text.or(range, takes.or);
    }
  }
}

export function problemInWords(problem: Problem, locale: Locale): string {
  const text = embedWords[locale].problems;
  switch (problem.kind) {
    case 'unknown':
      return text.unknown(problem.name, problem.nearest);
    case 'value':
      return text.value(problem.name, problem.value, takesInWords(OPTIONS[problem.name].takes, locale));
    case 'twice':
      return text.twice(problem.name);
    case 'contradiction':
      return text.contradiction(...problem.names);
    case 'choice':
      return text.choice(problem.name, problem.value, problem.known.join(', '));
  }
}
