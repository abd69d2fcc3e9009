/** Tells the page around a widget how its lab stands, as it changes. */
import type { LabState } from '../ui/lab/lab-state.svelte.ts';
import { stateOf } from './obey.ts';
import type { Notice } from './schema/messages.ts';

/** Milliseconds between two states of a running machine. */
const EVERY = 250;

/** Returns the way to stop. */
export function report(
  lab: LabState,
  tell: (notice: Notice) => void,
  now = () => performance.now(),
): () => void {
  let toldAt = -Infinity;
  let told = '';
  let clock = -1;
  return $effect.root(() => {
    $effect(() => {
      const state = stateOf(lab);
      // While a command is under way the frame is new and the words are not.
      if (lab.phase !== 'ready' || lab.pending > 0) return;
      const text = JSON.stringify(state);
      if (text === told || (state.running && now() - toldAt < EVERY)) return;
      [told, toldAt] = [text, now()];
      tell(state);
    });
    $effect(() => {
      const { frame, running, phase, pending, announcement } = lab;
      if (phase !== 'ready' || pending > 0 || !frame || running || frame.clock === clock) return;
      const first = clock < 0;
      clock = frame.clock;
      if (!first) tell({ type: 'step', clock, ...frame.layer, words: announcement });
    });
    $effect(() => {
      const { phase, offer } = lab;
      if (phase === 'starting') tell({ type: 'progress', phase: 'starting', done: 0, of: 1 });
      if (phase === 'ready' && offer) tell({ type: 'progress', phase: 'starting', done: 1, of: 1 });
    });
    $effect(() => {
      const { active, measurements, wanted } = lab.comparison;
      if (active) tell({ type: 'progress', phase: 'comparing', done: measurements.length, of: wanted });
    });
  });
}
