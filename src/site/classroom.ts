// What the pages of the classroom are given, on the server and in the browser.
import type { Catalogue } from '../classroom/catalogue.ts';
import type { Locale } from './locales.ts';

export type ClassroomPage = 'compose' | 'assignment' | 'check' | 'work';

export interface ClassroomProps extends Record<string, unknown> {
  readonly locale: Locale;
  /** From the page to the site's root. */
  readonly root: string;
  readonly catalogue: Catalogue;
}
