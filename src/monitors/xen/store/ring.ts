/** The page between a domain and the store: two rings of bytes, one for each direction. Interface: io/xs_wire.h. */
import type { SystemPc } from '../../../machines/pc/system.ts';
import { PAGE } from '../layout.ts';

export const AREA = 1024;

/** Where a direction's bytes begin, and its two counters. */
export interface Direction {
  readonly bytes: number;
  readonly taken: number;
  readonly put: number;
}
export const REQUEST: Direction = { bytes: 0, taken: 2048, put: 2052 };
export const ANSWER: Direction = { bytes: AREA, taken: 2056, put: 2060 };

export class RingBytes {
  private readonly system: SystemPc;
  private readonly base: number;

  constructor(system: SystemPc, frame: number) {
    this.system = system;
    this.base = frame * PAGE;
  }

  private counter(offset: number): number {
    return this.system.loadPhysical(this.base + offset) >>> 0;
  }

  /** All that has been put in. A guest's counters are not believed: a ring holds no more than it is long. */
  take({ bytes, taken, put }: Direction): number[] {
    const [from, to] = [this.counter(taken), this.counter(put)];
    const length = Math.min((to - from) >>> 0, AREA);
    const found = Array.from({ length }, (_, k) => {
      const at = this.base + bytes + ((from + k) % AREA);
      return (this.system.loadPhysical(at & ~3) >>> (8 * (at & 3))) & 0xff;
    });
    if (length > 0) this.system.storePhysical(this.base + taken, to | 0);
    return found;
  }

  /** Puts in the first bytes of a list, as many as there is room for; how many these are. */
  put({ bytes, taken, put }: Direction, list: readonly number[]): number {
    const [from, to] = [this.counter(taken), this.counter(put)];
    const count = Math.min(list.length, Math.max(0, AREA - ((to - from) >>> 0)));
    for (let k = 0; k < count; k++) {
      const at = this.base + bytes + ((to + k) % AREA);
      const shift = 8 * (at & 3);
      const word = this.system.loadPhysical(at & ~3) & ~(0xff << shift);
      this.system.storePhysical(at & ~3, word | (list[k]! << shift));
    }
    if (count > 0) this.system.storePhysical(this.base + put, (to + count) | 0);
    return count;
  }
}
