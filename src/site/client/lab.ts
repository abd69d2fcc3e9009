// A chapter's lab: hydrated when it comes into view, driven by the buttons in the text, behind a tab on a phone.
import type { Component } from 'svelte';
import type { Connect } from '../../ui/lab/connection.ts';
import type { KeptWork } from '../../classroom/keep.ts';
import type { LabState } from '../../ui/lab/lab-state.svelte.ts';
import { PAGE, type LabHost } from '../../ui/lab/host.ts';
import type { LabAttributes, LabProps } from '../chapters.ts';
import type { Locale } from '../locales.ts';
import { startExercises } from './exercises.ts';
import { meetLab, type takeOver } from './handover.ts';

const labs = import.meta.glob<Component<LabProps>>('/labs/[0-9]*/Lab.svelte', { import: 'default' });

const connect: Connect = async (lab) => (await import('../../worker/client.ts')).connect(lab);

async function hydrate(
  target: HTMLElement,
  handedOver: string | null,
  work: () => Promise<KeptWork>,
): Promise<LabState> {
  const load = labs[`/labs/${target.dataset['lab'] ?? ''}/Lab.svelte`];
  if (!load) throw new Error(`no lab ${target.dataset['lab'] ?? ''}`);
  const [Lab, svelte, { sources }] = await Promise.all([load(), import('svelte'), work()]);
  const attributes = JSON.parse(target.dataset['props'] ?? '{}') as LabAttributes;
  let met: LabState | undefined;
  const host: LabHost = {
    ...PAGE,
    sources,
    fragment: () => handedOver ?? location.hash,
    meet: (lab) => {
      meetLab(lab);
      met = lab;
    },
    embedSheet: async () => (await import('../../embed/EmbedSheet.svelte')).default,
  };
  svelte.hydrate(Lab, { target, props: { ...attributes, connect, host } });
  svelte.flushSync();
  target.dataset['ready'] = '';
  if (!met) throw new Error(`the lab ${target.dataset['lab'] ?? ''} did not start`);
  return met;
}

function showTab(main: HTMLElement, tab: string): void {
  main.dataset['tab'] = tab;
  for (const button of main.querySelectorAll<HTMLElement>('[data-tab-choice]'))
    button.ariaPressed = String(button.dataset['tabChoice'] === tab);
}

/** @param handed what the page before this one handed over */
export function startLab(handed: ReturnType<typeof takeOver>): void {
  const main = document.querySelector<HTMLElement>('main.chapter');
  const target = main?.querySelector<HTMLElement>('[data-lab]');
  if (!main || !target) return;

  if (handed.tab) showTab(main, handed.tab);

  let kept: Promise<KeptWork> | undefined;
  const work = () =>
    (kept ??= import('../../classroom/keep.ts').then(({ keepWork }) =>
      keepWork(document.documentElement.lang as Locale),
    ));

  let started: Promise<LabState> | undefined;
  const start = () =>
    (started ??= hydrate(target, handed.lab, work).catch((error: unknown) => {
      const notice = main.querySelector<HTMLElement>('[data-lab-failed]');
      if (notice) notice.hidden = false;
      // The figures of the run take the lab's place.
      for (const sheet of document.querySelectorAll<HTMLLinkElement>('link[media*=scripting]'))
        sheet.media = 'all';
      throw error;
    }));

  startExercises(
    (show) => {
      if (show) {
        showTab(main, 'lab');
        target.scrollIntoView({ block: 'nearest' });
      }
      return start();
    },
    async () => (await work()).exercises,
  );

  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    void start();
  }).observe(target);

  main.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    const tab = button?.dataset['tabChoice'];
    const command = button?.dataset['command'];
    if (tab) showTab(main, tab);
    if (command === undefined) return;
    showTab(main, 'lab');
    void start().then(() =>
      document.dispatchEvent(
        new CustomEvent('strata:do', { bubbles: true, detail: JSON.parse(command) as unknown }),
      ),
    );
  });
}
