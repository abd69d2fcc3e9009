// What the build makes of one chapter's Markdown, and what pages know of it.
import type { EraId } from './eras.ts';

export interface ChapterText {
  readonly title: string;
  /** One sentence for lists and search engines. */
  readonly summary: string;
  readonly era: EraId;
  readonly years: string;
  readonly sources: readonly string[];
  /** The body, without the lab. */
  readonly html: string;
  /** Attributes of `::lab{…}`, handed to Lab.svelte; undefined if the text shows no lab. */
  readonly lab: Readonly<Record<string, string | number>> | undefined;
}
