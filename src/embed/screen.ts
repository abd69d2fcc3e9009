/** What of a widget is on the screen. */

/** Tells whether any of `element` is on the screen, through frames and scrolling; returns the way to stop. */
export function watchScreen(element: Element, changed: (visible: boolean) => void): () => void {
  const observer = new IntersectionObserver((entries) => changed(entries.at(-1)?.isIntersecting === true));
  observer.observe(element);
  return () => observer.disconnect();
}
