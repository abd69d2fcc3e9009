/**
 * Keeps the page at ease while an engine runs at full speed: of the frames that pour in, the latest is shown, at the
 * rate at which this page can draw them; of those, the panels get fewer than the diagram, and in a drawing of their own:
 * both at once is more than one drawing bears on a slow machine. A frame at which the run stands still is shown at once,
 * everywhere.
 */
import type { Frame } from '../../protocol/frame.ts';

/** Milliseconds between two frames at least: faster than this nobody reads registers. */
const LEAST = 33;
/** Milliseconds between two frames for the panels: a table that changes faster is a blur, and dear to lay out. */
const PANELS_LEAST = 125;
/** The page's thread is left free for at least this many times as long as a frame kept it busy. */
const REST = 2;

export interface Clockwork {
  now(): number;
  /** Calls back when the page is about to be drawn. */
  nextDrawing(callback: () => void): void;
}

const browser: Clockwork = {
  now: () => performance.now(),
  nextDrawing: (callback) => {
    requestAnimationFrame(callback);
  },
};

/** Who is to show a frame. */
export type Part = 'diagram' | 'panels' | 'everywhere';
export type Show = (frame: Frame, part: Part) => void;

export class FrameGate {
  private readonly show: Show;
  private readonly clockwork: Clockwork;
  private latest: Frame | null = null;
  private waiting = false;
  private notBefore = 0;
  private panelsNotBefore = 0;

  constructor(show: Show, clockwork = browser) {
    this.show = show;
    this.clockwork = clockwork;
  }

  give(frame: Frame): void {
    if (frame.stop.kind !== 'running') {
      this.latest = null;
      this.show(frame, 'everywhere');
      return;
    }
    this.latest = frame;
    if (!this.waiting) this.wait();
  }

  private wait(): void {
    this.waiting = true;
    this.clockwork.nextDrawing(() => {
      this.waiting = false;
      if (!this.latest) return;
      const began = this.clockwork.now();
      if (began < this.notBefore) {
        this.wait();
        return;
      }
      const part = began >= this.panelsNotBefore ? 'panels' : 'diagram';
      const least = part === 'panels' ? 0 : LEAST;
      this.show(this.latest, part);
      // What the frame costs shows when the next drawing is due.
      this.clockwork.nextDrawing(() => {
        const busy = this.clockwork.now() - began;
        this.notBefore = began + Math.max(least, busy > LEAST ? busy * REST : 0);
      });
      this.notBefore = began + least;
      if (part === 'panels') {
        this.panelsNotBefore = began + PANELS_LEAST;
        // The diagram's turn is next, with this frame or what has come by then.
        this.wait();
      } else this.latest = null;
    });
  }
}
