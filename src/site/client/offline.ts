// The site without a network: keeps what is visited, everything on request, and tells of a new release without pushing.
import { keep, missing, releaseOf } from '../../offline/keep.ts';
import type { Release } from '../../offline/release.ts';
import { leaveFor } from './handover.ts';

const { root: up = '', release: version = '', page = '' } = document.documentElement.dataset;
const root = new URL(up, location.href);

const all = (release: Release) => Object.keys(release.files);
const megabytes = (bytes: number) =>
  new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(bytes / 1e6);

/** Shows one of the states of an element that the page brings with all its words. */
function show(element: HTMLElement, state: string, numbers: Readonly<Record<string, string>> = {}): void {
  for (const part of element.querySelectorAll<HTMLElement>('[data-state]')) {
    part.hidden = part.dataset['state'] !== state;
    for (const slot of part.querySelectorAll<HTMLElement>('[data-number]'))
      slot.textContent = numbers[slot.dataset['number'] ?? ''] ?? '';
  }
  element.hidden = false;
}

/** "Keep everything": says how much it is, how far it is, and can be ended. */
function offerEverything(box: HTMLElement, release: Release): void {
  const sizeOf = (files: readonly string[]) =>
    files.reduce((sum, file) => sum + (release.files[file]?.bytes ?? 0), 0);
  const tell = async () => {
    const left = await missing(release, all(release), root);
    const numbers = { size: megabytes(sizeOf(left)), whole: megabytes(sizeOf(all(release))) };
    show(box, left.length === 0 ? 'kept' : 'offer', numbers);
  };
  const download = async () => {
    const cancel = new AbortController();
    const left = sizeOf(await missing(release, all(release), root));
    const bar = box.querySelector('progress');
    const tellProgress = (bytes: number) => {
      show(box, 'loading', { done: megabytes(bytes), size: megabytes(left) });
      if (bar) bar.value = left === 0 ? 1 : bytes / left;
    };
    const stop = box.querySelector<HTMLElement>('[data-do=cancel]');
    stop?.addEventListener('click', () => cancel.abort(), { once: true });
    tellProgress(0);
    stop?.focus();
    await keep(release, all(release), root, {
      signal: cancel.signal,
      onProgress: ({ bytes }) => tellProgress(bytes),
    })
      .then(tell)
      .catch((error: unknown) => {
        if (cancel.signal.aborted) return tell();
        show(box, 'failed', { why: error instanceof Error ? error.message : String(error) });
        return undefined;
      });
  };
  for (const button of box.querySelectorAll('[data-do=keep]'))
    button.addEventListener('click', () => void download());
  void tell();
}

/** A new release is told of, and taken when the visitor says so; work and place go along. */
function tellOfUpdates(registration: ServiceWorkerRegistration): void {
  const notice = document.querySelector<HTMLElement>('[data-update]');
  if (!notice) return;
  const tell = () => (notice.hidden = false);
  const watch = (worker: ServiceWorker | null) =>
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' && navigator.serviceWorker.controller) tell();
    });
  if (registration.waiting && navigator.serviceWorker.controller) tell();
  watch(registration.installing);
  registration.addEventListener('updatefound', () => watch(registration.installing));
  let controlled = navigator.serviceWorker.controller !== null;
  let wanted = false;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    // Another page took the new release: this one goes on with the old, and may follow.
    if (controlled && !wanted) tell();
    controlled = true;
    if (wanted) void leaveFor(location.href);
  });
  notice.querySelector('button')?.addEventListener('click', () => {
    wanted = true;
    if (registration.waiting) registration.waiting.postMessage({ kind: 'take-over' });
    else void leaveFor(location.href);
  });
}

async function begin(): Promise<void> {
  const registration = await navigator.serviceWorker.register(new URL('sw.js', root), {
    scope: root.href,
    updateViaCache: 'none',
  });
  tellOfUpdates(registration);
  const release = await releaseOf(version, root);
  const ready = await navigator.serviceWorker.ready;
  ready.active?.postMessage({ kind: 'opened', version });
  await keep(release, release.pages[page] ?? [], root);
  document.documentElement.dataset['kept'] = '';
  const box = document.querySelector<HTMLElement>('[data-offline]');
  if (box) offerEverything(box, release);
}

/** After the page has come to rest; a browser that refuses to keep things shows the site as before. */
export function offline(): void {
  if (version === '' || !('serviceWorker' in navigator)) return;
  const start = () =>
    void begin().catch((error: unknown) => console.info('Strata is not kept for offline use:', error));
  if (document.readyState === 'complete') start();
  else addEventListener('load', start, { once: true });
}
