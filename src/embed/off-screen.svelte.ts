/** A machine that nobody sees does not run: it is paused when its widget leaves the screen, and goes on when it is back. */
import type { LabState } from '../ui/lab/lab-state.svelte.ts';
import { watchScreen } from './screen.ts';

export function holdOffScreen(lab: LabState, element: Element): () => void {
  let visible = $state(true);
  let held = false;
  let pausing = Promise.resolve();

  async function goOn(): Promise<void> {
    // A pause still on its way would end the new run.
    await pausing;
    if (!visible) held = true;
    else if (!lab.running) await lab.run();
  }

  const unwatch = watchScreen(element, (now) => (visible = now));
  const unfollow = $effect.root(() => {
    $effect(() => {
      if (!visible && lab.running) {
        held = true;
        pausing = lab.pause();
      } else if (visible && held) {
        held = false;
        void goOn();
      }
    });
  });
  return () => {
    unwatch();
    unfollow();
  };
}
