/** Seeded chance with a bias to the values at which instructions change their behaviour. */

const CORNERS = [
  0, 1, 2, -1, -2, 0x7fffffff, -0x80000000, -0x7fffffff, 0x7ffffffe, 0xffff, 0x10000, 0x7fff, 0x8000, -0x8000,
  -0x8001, 0x40000000, -0x40000000, 0xffffff, 0x1000000, 0x55555555, 10, 9, 100,
] as const;

/** Overflow and carry begin at these. */
const EXTREMES = [0, 0, -0x80000000, 0x7fffffff, -1, 1] as const;

export class Chance {
  private state: number;

  constructor(seed: string) {
    let state = 0x811c9dc5;
    for (const c of seed) state = Math.imul(state ^ c.charCodeAt(0), 0x01000193);
    this.state = state;
  }

  /** 32 bits, signed (Mulberry32). */
  bits(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return t ^ (t >>> 14);
  }

  /** Integer from 0 to n − 1. */
  below(n: number): number {
    return (this.bits() >>> 0) % n;
  }

  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True once in n times. */
  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** A word, signed: a corner value, a small number, or any. */
  word(): number {
    switch (this.below(5)) {
      case 0:
        return this.pick(CORNERS);
      case 1:
        return this.pick(EXTREMES);
      case 2:
        return this.between(-300, 300);
      default:
        return this.bits();
    }
  }

  /** Hexadecimal bytes; about half of them corner values. */
  bytes(length: number): string {
    let text = '';
    for (let i = 0; i < length; i++)
      text += (this.oneIn(2) ? this.pick([0, 1, 0x7f, 0x80, 0xff, 0x40, 0xf0]) : this.below(256))
        .toString(16)
        .padStart(2, '0');
    return text;
  }
}
