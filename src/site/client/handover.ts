// Leaving a page for itself in another language or release: the lab's state and the reader's place go along.
import type { LabState } from '../../ui/lab/lab-state.svelte.ts';

const KEY = 'strata-handover';

interface Handover {
  readonly page: string;
  /** State of the lab as a fragment. */
  readonly lab: string | null;
  /** Heading last passed, and how far below its top the window began. */
  readonly heading: string | null;
  readonly offset: number;
  /** Which of text and lab shows on a phone. */
  readonly tab: string | undefined;
}

const page = document.documentElement.dataset['page'] ?? '';
const headings = () => [...document.querySelectorAll<HTMLElement>('#text :is(h1, h2, h3)[id]')];

let lab: LabState | undefined;
/** The lab of this page, once there is one. */
export function meetLab(met: LabState): void {
  lab = met;
}

/** How long a lab that is busy may keep the visitor waiting. */
const PATIENCE = 1500;

async function labState(): Promise<string | null> {
  if (!lab?.frame) return null;
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE));
  return Promise.race([lab.fragment().catch(() => null), late]);
}

/** Goes to `address`, which is this page in another language or release. */
export async function leaveFor(address: string): Promise<void> {
  const above = headings().findLast((heading) => heading.getBoundingClientRect().top < 80);
  const handover: Handover = {
    page,
    lab: await labState(),
    heading: above?.id ?? null,
    offset: above ? -above.getBoundingClientRect().top : scrollY,
    tab: document.querySelector<HTMLElement>('main')?.dataset['tab'],
  };
  try {
    sessionStorage.setItem(KEY, JSON.stringify(handover));
  } catch {
    // Without storage the address goes alone.
  }
  if (address === location.href) location.reload();
  else location.assign(address);
}

function taken(): Handover | null {
  try {
    const text = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    const handover = text === null ? null : (JSON.parse(text) as Handover);
    return handover?.page === page ? handover : null;
  } catch {
    return null;
  }
}

/** What the page before this one handed over: puts the reader back, and returns the lab's state for its start. */
export function takeOver(): { readonly lab: string | null; readonly tab: string | undefined } {
  const handover = taken();
  if (!handover) return { lab: null, tab: undefined };
  history.scrollRestoration = 'manual';
  const heading = handover.heading === null ? null : document.getElementById(handover.heading);
  const top = heading ? heading.getBoundingClientRect().top + scrollY : 0;
  scrollTo({ top: top + handover.offset, behavior: 'instant' });
  return handover;
}
