/** Brings a widget's document to life: when it is seen, or asked to, and as its options want it. */
import type { Component } from 'svelte';
import type { Locale } from '../ui/i18n/index.ts';
import type { Connect } from '../ui/lab/connection.ts';
import type { LabState } from '../ui/lab/lab-state.svelte.ts';
import { titleOf } from './document.ts';
import type { Facts } from './facts.ts';
import { hearForms } from './forms.ts';
import { HeightKeeper } from './height.ts';
import { embedWords } from './i18n/index.ts';
import { needsEngine, obey, OFF } from './obey.ts';
import { problemInWords } from './problem-words.ts';
import type { Notice, Request } from './schema/messages.ts';
import { VERSION } from './schema/names.ts';
import { readOptions, type Options } from './schema/options.ts';
import { watchScreen } from './screen.ts';
import { browserAround, Talk } from './talk.ts';

/** Milliseconds in view after which a widget counts as looked at. */
const LOOKED_AT = 150;

/** The parts that are loaded when the widget starts. */
export interface Parts {
  readonly Lab: Component<Record<string, unknown>>;
  readonly run: typeof import('./run.ts');
}

export interface Means {
  readonly load: (lab: string) => Promise<Parts>;
  readonly connect: Connect;
}

/** @param given options and state of a document that carries its own; else those of its address */
export function start(
  { load, connect }: Means,
  given = { query: location.search, fragment: location.hash },
): void {
  const main = document.querySelector('main');
  if (!main) throw new Error('the document has no main');
  const facts = JSON.parse(main.dataset['facts'] ?? '') as Facts;
  const { options, problems } = readOptions(given.query);
  const locale = options.lang ?? (document.documentElement.lang as Locale);
  speak(main, locale, facts, options);
  hearForms(document);

  let begun: Promise<LabState> | null = null;
  const begin = () =>
    (begun ??= (async () => {
      const { Lab, run } = await load(facts.lab);
      return run.mountWidget({
        main,
        Lab,
        facts,
        locale,
        connect,
        options,
        problems,
        talk,
        fragment: given.fragment,
      });
    })().catch((error: unknown) => {
      main.querySelector<HTMLElement>('[data-failed]')?.removeAttribute('hidden');
      talk.complain('engine', error instanceof Error ? error.message : String(error));
      throw error;
    }));

  const talk = new Talk(browserAround(), {
    obey: async (request: Request): Promise<Notice> => {
      if (!begun && !needsEngine(request)) return { ...OFF, fragment: given.fragment || null };
      return obey(await begin(), request);
    },
  });
  tellHeight(main, (height) => talk.tell({ type: 'resize', height }));
  for (const problem of problems) talk.complain('option', problemInWords(problem, locale));

  main.querySelector('[data-start]')?.addEventListener('click', () => void begin());
  if (options.paused !== true) whenSeen(main, () => void begin());
  talk.tell({
    ...{ type: 'ready', versions: [VERSION], lang: locale },
    lab: facts.lab,
    widget: facts.widget,
  });
}

/** The document in the language of the options: it was written in one, and may be shown in another. */
function speak(main: HTMLElement, locale: Locale, facts: Facts, { theme, paused }: Options): void {
  const { documentElement: html } = document;
  if (theme && theme !== 'auto') html.dataset['theme'] = theme;
  const button = main.querySelector<HTMLElement>('[data-start]');
  if (button) button.hidden = paused !== true;
  if (html.lang === locale) return;
  html.lang = locale;
  document.title = titleOf(facts, locale);
  main.ariaLabel = facts.titles[locale];
  const text = embedWords[locale];
  if (button) button.textContent = text.start;
  main.querySelector('img')?.setAttribute('alt', text.poster(facts.titles[locale]));
}

/** Once it has stayed in view: whoever scrolls past does not start it. */
function whenSeen(element: Element, seen: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const unwatch = watchScreen(element, (visible) => {
    clearTimeout(timer);
    if (!visible) return;
    timer = setTimeout(() => {
      unwatch();
      seen();
    }, LOOKED_AT);
  });
}

function tellHeight(main: HTMLElement, tell: (height: number) => void): void {
  const keeper = new HeightKeeper();
  new ResizeObserver(() => {
    const height = keeper.see(main.getBoundingClientRect().height, performance.now());
    if (height !== null) tell(height);
  }).observe(main);
}
