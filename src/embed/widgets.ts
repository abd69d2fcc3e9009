/** Which widgets a lab gives: the whole, the strata diagram, and each panel; and where their pages stand. */
import { PANELS, type PanelId } from '../ui/lab/panels.ts';

/** The whole lab is `lab`. */
export const WIDGETS = ['lab', 'strata', ...PANELS] as const;
export type WidgetId = 'lab' | 'strata' | PanelId;

/** From the site's root, with a slash at the end. */
export const pagePath = (locale: string, slug: string, widget: WidgetId): string =>
  `embed/${locale}/${slug}/${widget === 'lab' ? '' : `${widget}/`}`;

/** The picture of the lab's default run, from the site's root. */
export const posterPath = (locale: string, slug: string): string => `embed/poster/${slug}.${locale}.svg`;
