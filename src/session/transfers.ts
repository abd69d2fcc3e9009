/** Transfers of control between layers, read off the segments. */
import type { WorldSink } from '../lab/world.ts';
import { LAYERS } from './layers.ts';
import type { EventView, Frame, StrataSegment } from '../protocol/frame.ts';

type Place = Pick<StrataSegment, 'layer' | 'level' | 'reason'>;

/** Work that the hardware does inside an instruction: whoever executes stays in control. */
const WITHIN = new Set(['address-translation', 'assist']);

/** Height in the diagram: what lies higher is served by what lies lower. */
export const heightOf = ({ layer, level }: Pick<Frame['layer'], 'layer' | 'level'>): number =>
  level * LAYERS.length + LAYERS.indexOf(layer);

/** Notes at which cycles control passes from one layer to another. */
export class TransferWatch implements WorldSink {
  /** Latest cycles of a transfer, in order of time. */
  readonly at: number[] = [];
  private height: number | null = null;

  constructor(now: Place | null = null) {
    if (now) this.height = heightOf(now);
  }

  segment(segment: StrataSegment): void {
    if (WITHIN.has(segment.reason)) return;
    const height = heightOf(segment);
    if (this.height !== null && this.height !== height) {
      this.at.push(segment.from);
      if (this.at.length > 4096) this.at.splice(0, 2048);
    }
    this.height = height;
  }

  event(_event: EventView): void {
    // Only segments tell who is in control.
  }
}
