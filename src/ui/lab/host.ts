/**
 * What a page makes of the lab that stands on it: which parts show, what may be changed, where typed text is kept, and
 * what its address is. A chapter shows everything; a widget or an assignment shows what its author chose.
 */
import type { Component } from 'svelte';
import type { Locale } from '../i18n/index.ts';
import type { LabState } from './lab-state.svelte.ts';
import type { PanelId } from './panels.ts';
import { pageSources, type Sources } from './sources.ts';

/** `basic` is run, step, step back and reset. */
export const CONTROLS = ['full', 'basic', 'none'] as const;
export type Controls = (typeof CONTROLS)[number];

/** Parts of a lab that can be left out. */
export const HIDEABLE = [
  'strata',
  'status',
  'workload',
  'technique',
  'speed',
  'settings',
  'share',
  'embed',
  'full-screen',
  'help',
  'open',
] as const;
export type Hideable = (typeof HIDEABLE)[number];

/** What can be shown but not changed. */
export const LOCKABLE = ['workload', 'technique', 'speed', 'source', 'settings', 'terminal'] as const;
export type Lockable = (typeof LOCKABLE)[number];

export interface Look {
  readonly controls: Controls;
  /** Panels offered, in order; null leaves the choice to the chapter. */
  readonly panels: readonly PanelId[] | null;
  readonly hide: ReadonlySet<Hideable>;
  readonly lock: ReadonlySet<Lockable>;
}

export const EVERYTHING: Look = { controls: 'full', panels: null, hide: new Set(), lock: new Set() };

/** The sheet behind the embed button, loaded when it is asked for. */
export type EmbedSheet = Component<{
  readonly lab: LabState;
  readonly locale: Locale;
  readonly open: boolean;
  readonly onclose: () => void;
}>;

export interface LabHost {
  readonly look: Look;
  readonly sources: Sources;
  /** Fragment of the address that the lab begins with. */
  readonly fragment: () => string;
  /** Address under which the state of `fragment` can be opened again. */
  readonly addressOf: (fragment: string) => string;
  /** Null: no embed button. */
  readonly embedSheet: (() => Promise<EmbedSheet>) | null;
  /** Called once, when the lab has begun to start; commands given to it wait until it is ready. */
  readonly meet: (lab: LabState) => void;
}

/** A page of its own: the address bar holds what is shared. Where sources are to last, the page says where. */
export const PAGE: LabHost = {
  look: EVERYTHING,
  sources: pageSources(),
  fragment: () => location.hash,
  addressOf: (fragment) => {
    history.replaceState(history.state, '', fragment);
    return location.href;
  },
  embedSheet: null,
  meet: () => undefined,
};
