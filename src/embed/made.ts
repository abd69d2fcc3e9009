/** What the page that makes widgets knows of the labs; from it and the visitor's choices comes what is pasted. */
import type { Locale } from '../ui/i18n/index.ts';
import type { ExerciseWidget } from './widgets.ts';

export interface MadeLab {
  readonly slug: string;
  readonly title: string;
  /** Names that the lab itself gives, with the words for them. */
  readonly workloads: Readonly<Record<string, string>>;
  readonly techniques: Readonly<Record<string, string>>;
  readonly exercises: readonly { readonly widget: ExerciseWidget; readonly title: string }[];
}

export interface MakerProps {
  readonly locale: Locale;
  readonly labs: readonly MadeLab[];
  /** From the page to the site's root. */
  readonly up: string;
}
