// What the page of the race is given, on the server and in the browser.
import type { LabTexts } from '../ui/lab/texts.ts';
import type { Entry } from '../ui/race/race.svelte.ts';
import type { Locale } from './locales.ts';

export interface RaceProps {
  readonly locale: Locale;
  readonly lab: string;
  readonly own: string;
  readonly texts: LabTexts;
  readonly first: Entry;
}
