// What each chapter calls the workloads, techniques and layers of its lab.
import type { LabTexts } from '../ui/lab/texts.ts';
import type { Locale } from './locales.ts';

const texts = import.meta.glob<Readonly<Record<Locale, LabTexts>>>('/labs/[0-9]*/view/texts.ts', {
  eager: true,
  import: 'texts',
});

/** @param folder `NN-slug` under labs/ */
export const labTexts = (folder: string, locale: Locale): LabTexts =>
  texts[`/labs/${folder}/view/texts.ts`]?.[locale] ?? {};
