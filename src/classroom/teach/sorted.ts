/** The order of the table of results. */
import { OUTCOMES, type Checked } from '../format/checked.ts';

export const SORTABLE = ['student', 'verdict', 'solved', 'file', 'made'] as const;
export type SortColumn = (typeof SORTABLE)[number];

export interface Sorting {
  readonly column: SortColumn;
  readonly descending: boolean;
}

const byText = (locale: string) => {
  const collator = new Intl.Collator(locale, { numeric: true });
  return (a: string, b: string) => collator.compare(a, b);
};

export function sorted(
  checked: readonly Checked[],
  { column, descending }: Sorting,
  locale: string,
): readonly Checked[] {
  const compare = byText(locale);
  const order = {
    file: (a: Checked, b: Checked) => compare(a.file, b.file),
    student: (a: Checked, b: Checked) => compare(a.student, b.student),
    // The gravest first.
    verdict: (a: Checked, b: Checked) => OUTCOMES.indexOf(a.outcome) - OUTCOMES.indexOf(b.outcome),
    solved: (a: Checked, b: Checked) => a.solved - b.solved,
    made: (a: Checked, b: Checked) => compare(a.made, b.made),
  }[column];
  const rows = [...checked].sort(order);
  return descending ? rows.reverse() : rows;
}
