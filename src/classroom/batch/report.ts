/** Checked files as a table for spreadsheets. */
import { toCsv } from '../../base/csv.ts';
import type { Checked } from '../format/checked.ts';
import type { VerdictWords } from '../format/words.ts';

/** Names of the columns, in the language of the words. */
export type Columns = readonly [
  file: string,
  student: string,
  verdict: string,
  solved: string,
  of: string,
  why: string,
  notes: string,
  made: string,
];

export const ENGLISH_COLUMNS: Columns = [
  ...(['file', 'student', 'verdict', 'solved', 'of'] as const),
  ...(['why', 'notes', 'made'] as const),
];

/** A row for the heads, and one for each file. */
export const reportRows = (
  checked: readonly Checked[],
  columns: Columns,
  words: VerdictWords,
): readonly (readonly (string | number)[])[] => [
  columns,
  ...checked.map((each) => [
    each.file,
    each.student,
    words.outcomes[each.outcome],
    each.solved,
    each.all,
    each.reasons.map(words.reason).join('; '),
    each.notes.map(words.note).join('; '),
    each.made,
  ]),
];

export const reportCsv = (checked: readonly Checked[], columns: Columns, words: VerdictWords): string =>
  toCsv(reportRows(checked, columns, words));
