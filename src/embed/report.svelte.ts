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
  let clock = -1;
  return $effect.root(() => {
    $effect(() => {
      const state = stateOf(lab);
      if (lab.phase !== 'ready' || (state.running && now() - toldAt < EVERY)) return;
      toldAt = now();
      tell(state);
    });
    $effect(() => {
      const { frame, running, phase } = lab;
      if (phase !== 'ready' || !frame || running || frame.clock === clock) return;
      const first = clock < 0;
      clock = frame.clock;
      if (first) return;
      tell({ type: 'step', clock, ...frame.layer, words: lab.announcement });
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
