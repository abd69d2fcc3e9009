/** Which page goes when a frame is wanted: the replacement policies of demand paging, each a small function. */
import type { Core, Frame } from './core.ts';

export interface Replacement {
  /** The frame to take among those that `may` be taken, or −1. */
  victim(core: Core, may: (frame: Frame, index: number) => boolean): number;
  /** Position of a hand, where the policy has one. */
  hand: number;
}

/** Least recently used, as far as reference bits tell: the frame of the lowest age, aged whenever a stay ends. */
export const lru = (): Replacement => ({
  hand: 0,
  victim: (core, may) => {
    let best = -1;
    core.frames.forEach((frame, i) => {
      if (!may(frame, i)) return;
      if (best < 0 || frame.age < core.frames[best]!.age) best = i;
    });
    return best;
  },
});

/** Clock, or second chance: the hand passes over frames referenced since it last came by. */
export const clock = (): Replacement => ({
  hand: 0,
  victim(core, may) {
    for (let tries = 0; tries < 2 * core.frames.length; tries++) {
      const at = this.hand;
      this.hand = (this.hand + 1) % core.frames.length;
      if (may(core.frames[at]!, at) && !core.takeReference(at)) return at;
    }
    return -1;
  },
});
