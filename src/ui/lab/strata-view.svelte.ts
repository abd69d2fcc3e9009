/** Which stretch of time the strata diagram shows: it follows the clock until somebody zooms, pans or scrubs. */
import type { Frame } from '../../protocol/frame.ts';
import { pan, whole, zoom, type Window } from '../strata/window.ts';

/** Cycles shown at first. */
const AT_FIRST = 4000;
/** Pixels that no segment needs to be finer than half of. */
const PIXELS = 1200;

export class StrataView {
  /** Null follows the clock. */
  window = $state.raw<Window | null>(null);
  cycles = $state(AT_FIRST);
  scrubbing = false;

  /** Segments shorter than this are merged before they are sent. */
  get grain(): number {
    const length = this.window ? this.window[1] - this.window[0] : this.cycles;
    return Math.floor(length / PIXELS / 2);
  }

  get following(): boolean {
    return this.window === null;
  }

  /** A fixed window that the clock has left is given up, unless it was left on purpose. */
  see(frame: Frame): void {
    if (!this.window || this.scrubbing) return;
    const moves = frame.stop.kind === 'running';
    if (moves && (frame.clock < this.window[0] || frame.clock > this.window[1])) this.window = null;
  }

  zoom(factor: number, shown: Window, centre: number | null, frame: Frame): void {
    if (this.window === null && centre === null) {
      this.cycles = Math.max(
        20,
        Math.min(Math.round(this.cycles * factor), Math.max(AT_FIRST, frame.span[1])),
      );
      return;
    }
    this.window = zoom(shown, factor, centre ?? (shown[0] + shown[1]) / 2, frame.span);
    this.cycles = this.window[1] - this.window[0];
  }

  pan(share: number, shown: Window, frame: Frame): void {
    this.window = pan(shown, share, frame.span);
  }

  all(frame: Frame): void {
    this.window = whole(frame.span);
    this.cycles = this.window[1] - this.window[0];
  }

  follow(): void {
    this.window = null;
  }

  /** Time must not run away under the pointer: while scrubbing the window stands still. */
  hold(shown: Window): void {
    this.scrubbing = true;
    this.window ??= shown;
  }

  release(): void {
    this.scrubbing = false;
  }
}
