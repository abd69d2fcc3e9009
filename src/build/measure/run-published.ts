// Measures every published figure that the chapters' engines can be held against, and prints them as JSON.
import { held, swapped, type PublishedFigure } from '../../lab/published.ts';
import type { Published } from '../../site/published.ts';

const rows = import.meta.glob<readonly PublishedFigure[]>('/labs/[0-9]*/published.ts', { import: 'rows' });

export async function main(): Promise<number> {
  const figures = (await Promise.all(Object.values(rows).map((load) => load()))).flat().map(held);
  const found: Published = { figures, swapped: swapped(figures) };
  process.stdout.write(JSON.stringify(found));
  return 0;
}
