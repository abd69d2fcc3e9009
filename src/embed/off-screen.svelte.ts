/** A machine that nobody sees does not run: it is paused when its widget leaves the screen, and goes on when it is back. */
import type { LabState } from '../ui/lab/lab-state.svelte.ts';
import { watchScreen } from './screen.ts';

export function holdOffScreen(lab: LabState, element: Element): () => void {
  let visible = $state(true);
  let held = false;
  const unwatch = watchScreen(element, (now) => (visible = now));
  const unfollow = $effect.root(() => {
    $effect(() => {
      if (!visible && lab.running) {
        held = true;
        void lab.pause();
      } else if (visible && held) {
        held = false;
        if (!lab.running) void lab.run();
      }
    });
  });
  return () => {
    unwatch();
    unfollow();
  };
}
