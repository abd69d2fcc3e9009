// Sources of a table's numbers: said once above the table where they are the same for all.
import type { Sourced } from './data.ts';

/** The source and certainty that all entries share, or null where they differ. */
export function commonSource(entries: readonly Sourced[]): Sourced | null {
  const [first] = entries;
  const same = entries.every(
    ({ source, certainty }) => source === first?.source && certainty === first.certainty,
  );
  return first && same ? first : null;
}

/** Hexadecimal as the manuals print it. */
export const hexadecimal = (value: number, digits: number): string =>
  value.toString(16).toUpperCase().padStart(digits, '0');
