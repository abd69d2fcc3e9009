/** Published figures of translation, and of the first VT-x that it was measured against, and what comes out here. */
import type { PublishedFigure } from '../../src/lab/published.ts';
import { nanobenchmarkRows } from './published/asplos2006.ts';
import { processRows } from './published/processes.ts';

export const rows: readonly PublishedFigure[] = [...nanobenchmarkRows, ...processRows];
