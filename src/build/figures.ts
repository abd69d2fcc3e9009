// What pages print of the engines: measured by really running them, once for each state of their sources.
import type { Classification } from '../site/classification.ts';
import type { Figures, FirstVariant } from '../site/figures.ts';
import type { Published } from '../site/published.ts';
import { measured } from './measured.mjs';
import type { Shown } from './measure/run-labs.ts';

/** The default runs of labs, by folder. */
export const figuresOf = async (shown: readonly Shown[]): Promise<Readonly<Record<string, Figures>>> =>
  (await measured('run-labs', JSON.stringify(shown))) as Readonly<Record<string, Figures>>;

/** The first variant of every exercise, by its whole name. */
export const firstVariants = async (): Promise<Readonly<Record<string, FirstVariant>>> =>
  (await measured('run-exercises')) as Readonly<Record<string, FirstVariant>>;

/** What every instruction of both machines is, found by experiment. */
export const classification = async (): Promise<Classification> =>
  (await measured('run-classifier')) as Classification;

/** Published figures, held against the engines. */
export const publishedFigures = async (): Promise<Published> =>
  (await measured('run-published')) as Published;
