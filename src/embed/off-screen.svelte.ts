/** A machine that nobody sees does not run: it is paused when its widget leaves the screen, and goes on when it is back. */
import type { LabState } from '../ui/lab/lab-state.svelte.ts';

/** Tells whether any of `element` is on the screen, through frames and scrolling; returns the way to stop. */
export function watchScreen(element: Element, changed: (visible: boolean) => void): () => void {
  const observer = new IntersectionObserver((entries) => changed(entries.at(-1)?.isIntersecting === true));
  observer.observe(element);
  return () => observer.disconnect();
}

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
