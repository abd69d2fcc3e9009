/** What a lab is started with, and how far it has come. */
import type { Locale } from '../i18n/index.ts';
import type { LayerNames } from '../layers.ts';
import type { Connect } from './connection.ts';
import type { PanelId } from './panels.ts';
import type { Sources } from './sources.ts';

export type Phase = 'off' | 'unsupported' | 'starting' | 'ready' | 'failed';

/** What a lab is started with. */
export interface LabOptions {
  readonly lab: string;
  readonly locale: Locale;
  readonly connect: Connect;
  readonly workload: string | null;
  readonly technique: string | null;
  readonly layerNames: LayerNames;
  /** Panel shown first. */
  readonly panel: PanelId;
  readonly seed: number;
  /** Cycles per second, null is full speed. */
  readonly speed: number | null;
  readonly sources: Sources;
  /** Techniques entered for the race at first; null: all. */
  readonly entered?: readonly string[] | null;
}
