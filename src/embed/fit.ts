/** The height of a widget's frame on a stranger's page: what the widget wants, unless the page has fixed it. */

/** Pixels by which a frame is tried taller; growing never moves the page's own scroll position. */
const PROBE = 1000;

/** Whether the page gives `element` a height of its own: one that does not follow the frame in it. */
export function isFixed(element: HTMLElement, frame: HTMLElement): boolean {
  const { height } = frame.style;
  const before = element.offsetHeight;
  frame.style.height = `${frame.offsetHeight + PROBE}px`;
  const follows = element.offsetHeight !== before;
  frame.style.height = height;
  return !follows && before > 0;
}

export function fit(element: HTMLElement, frame: HTMLIFrameElement, wanted: number): void {
  const fixed = isFixed(element, frame);
  const height = fixed ? '100%' : `${wanted}px`;
  // A bar that comes and goes would change the width, and with it the height that is wanted.
  frame.setAttribute('scrolling', fixed ? 'auto' : 'no');
  if (frame.style.height !== height) frame.style.height = height;
}
