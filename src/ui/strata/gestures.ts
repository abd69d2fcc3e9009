/** Pointing, dragging, pinching and wheeling over a stretch of time; places are shares of the element's width. */

export interface GestureTargets {
  point(share: number | null): void;
  pin(share: number): void;
  zoom(factor: number, share: number): void;
  pan(share: number): void;
}

/** Pixels that a press may move and still be a click. */
const STILL = 4;

const widthOf = (event: MouseEvent): { left: number; width: number } =>
  (event.currentTarget as HTMLElement).getBoundingClientRect();

const shareOf = (event: MouseEvent): number => {
  const { left, width } = widthOf(event);
  return Math.min(1, Math.max(0, (event.clientX - left) / Math.max(1, width)));
};

export class Gestures {
  private readonly targets: GestureTargets;
  private readonly pressed: Map<number, { first: number; x: number }> = new Map();

  constructor(targets: GestureTargets) {
    this.targets = targets;
  }

  down(event: PointerEvent): void {
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.pressed.set(event.pointerId, { first: event.clientX, x: event.clientX });
  }

  move(event: PointerEvent): void {
    const press = this.pressed.get(event.pointerId);
    if (!press) {
      this.targets.point(shareOf(event));
      return;
    }
    const spread = () => {
      const [a, b] = [...this.pressed.values()];
      return a && b ? Math.max(20, Math.abs(a.x - b.x)) : 0;
    };
    const before = spread();
    const by = event.clientX - press.x;
    press.x = event.clientX;
    if (this.pressed.size === 2) this.targets.zoom(before / spread(), shareOf(event));
    else if (Math.abs(press.x - press.first) > STILL)
      this.targets.pan(-by / Math.max(1, widthOf(event).width));
  }

  up(event: PointerEvent): void {
    const press = this.pressed.get(event.pointerId);
    this.pressed.delete(event.pointerId);
    if (press && event.type === 'pointerup' && Math.abs(event.clientX - press.first) <= STILL)
      this.targets.pin(shareOf(event));
  }

  /** The page scrolls as ever, until the diagram has the focus or the wheel is a pinch. */
  wheel(event: WheelEvent): void {
    const focused = event.currentTarget === document.activeElement;
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      this.targets.pan(event.deltaX / Math.max(1, widthOf(event).width));
    } else if (event.ctrlKey || focused) {
      event.preventDefault();
      this.targets.zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) * 0.006), shareOf(event));
    }
  }
}
