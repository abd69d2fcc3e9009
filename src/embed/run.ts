/** The widget itself, in place of its picture. */
import { mount, type Component } from 'svelte';
import type { Verdict } from '../protocol/exercise.ts';
import type { Locale } from '../ui/i18n/index.ts';
import type { Connect } from '../ui/lab/connection.ts';
import type { LabState } from '../ui/lab/lab-state.svelte.ts';
import { pageSources } from '../ui/lab/sources.ts';
import { titleOf } from './document.ts';
import type { ExerciseFacts, Facts } from './facts.ts';
import { lookOf } from './look.ts';
import { holdOffScreen } from './off-screen.svelte.ts';
import { report } from './report.svelte.ts';
import type { Options, Problem } from './schema/options.ts';
import type { Talk } from './talk.ts';
import Widget from './Widget.svelte';

export interface Wanted {
  readonly main: HTMLElement;
  readonly Lab: Component<Record<string, unknown>>;
  readonly facts: Facts;
  readonly locale: Locale;
  readonly connect: Connect;
  readonly options: Options;
  readonly problems: readonly Problem[];
  readonly talk: Talk;
  readonly fragment: string;
}

/** Resolves when the lab stands, its engine started or on its way; commands given to it wait for that. */
export async function mountWidget(wanted: Wanted): Promise<LabState> {
  const { main, Lab, facts, locale, connect, options, problems, talk, fragment } = wanted;
  const full = facts.full && new URL(facts.full[locale], location.href).href;
  const exercise = facts.exercise && (await assign(facts.exercise, locale, talk));
  return new Promise((resolve) => {
    const meet = (lab: LabState) => {
      report(lab, (notice) => talk.tell(notice));
      holdOffScreen(lab, main);
      if (options.t !== undefined) void lab.seek(options.t);
      if (options.autoplay === true && options.paused !== true) void lab.run();
      resolve(lab);
    };
    const host = {
      ...{ look: lookOf(facts.widget, options), sources: pageSources(), embedSheet: null, meet },
      fragment: () => fragment,
      addressOf: (state: string) => (full ?? location.href.replace(/#.*/, '')) + state,
    };
    main.replaceChildren();
    mount(Widget, {
      target: main,
      props: {
        ...{ Lab, locale, connect, host, options, problems, full, exercise },
        given: facts.given,
        title: titleOf(facts, locale),
      },
    });
  });
}

async function assign(facts: ExerciseFacts, locale: Locale, talk: Talk) {
  const { Assigned, exerciseText } = await import('./exercise-parts.ts');
  const onchecked = ({ passed, checks }: Verdict) => {
    const done = checks.filter((check) => check.passed).length;
    talk.tell({ type: 'task', exercise: facts.name, passed, done, of: checks.length });
  };
  return { Assigned, facts, text: await exerciseText(facts.name, locale), onchecked };
}
