/** Sharing the state of a lab: its address into the clipboard, or in sight where a page may not write there. */
import { leavesFileOut } from './fragment.ts';
import type { LabHost } from './host.ts';
import type { LabState } from './lab-state.svelte.ts';

export interface Shared {
  readonly note: string;
  /** What the address leaves out, and what to do about it; null: nothing. */
  readonly without: string | null;
  /** To be copied by hand; null when the clipboard or the address bar has it. */
  readonly address: string | null;
}

/** Null while there is no state. */
export async function share(lab: LabState, host: LabHost): Promise<Shared | null> {
  const text = lab.words.lab;
  const without = leavesFileOut(lab.setup) ? text.sharedWithout : null;
  const fragment = await lab.fragment();
  if (fragment === null) return null;
  const { LONGEST_ADDRESS } = await import('../../protocol/packed.ts');
  if (fragment.length > LONGEST_ADDRESS) return { note: text.tooLong, without: null, address: null };
  const address = host.addressOf(fragment);
  const inBar = address === location.href;
  try {
    await navigator.clipboard.writeText(address);
    return { note: inBar ? text.shared : text.sharedElsewhere, without, address: null };
  } catch {
    return inBar
      ? { note: text.sharedBar, without, address: null }
      : { note: text.sharedHere, without, address };
  }
}
