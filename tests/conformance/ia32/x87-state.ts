/**
 * The state of the x87 unit before each case, by its seed alone. The recorder (recorder.c) computes the same one: change
 * both or neither.
 */
import { generator } from './state.ts';

export interface X87Before {
  readonly control: number;
  readonly status: number;
  /** Bit r: register r is not empty. */
  readonly occupied: number;
  /** By number of the physical register: sign and exponent, high and low word of the significand. */
  readonly registers: readonly (readonly [number, number, number])[];
}

/** Numbers of every class, those where something happens more often than chance would bring them. */
export function x87Number(next: () => number): readonly [number, number, number] {
  const kind = next() & 15;
  const sign = (next() & 1) << 15;
  const [high, low, more] = [next(), next(), next()];
  const normal = (high | 0x80000000) >>> 0;
  switch (kind) {
    case 0:
      return [sign, 0, 0];
    case 1:
      return [sign | 0x7fff, 0x80000000, 0];
    case 2:
      return [sign | 0x7fff, (high | 0xc0000000) >>> 0, low];
    case 3:
      return [sign | 0x7fff, ((high | 0x80000000) & 0xbfffffff) >>> 0, (low | 1) >>> 0];
    case 4:
      return [sign, high & 0x7fffffff, low];
    case 5:
      return (more & 1) !== 0 ? [sign, normal, low] : [sign | (more & 0x7fff), high & 0x7fffffff, low];
    case 6:
      return [sign | (0x3fff + (more & 7)), (normal & 0xff000000) >>> 0, 0];
    case 7:
      return [sign | (0x3fff + (more & 63)), normal, 0];
    case 8:
      return [sign | (0x3ffe + (more & 1)), normal, low];
    case 9:
      return [sign | 0x3fff, 0x80000000, 0];
    case 10:
      return [sign | ((more & 8) !== 0 ? 1 + (more & 3) : 0x7ffa + (more & 3)), normal, low];
    default:
      return [sign | (0x3fff - 40 + (more % 80)), normal, low];
  }
}

const EXCEPTIONS = 0x7f;

export function x87Before(seed: number): X87Before {
  const next = generator(seed + 0x20000);
  const masks = (next() & 7) !== 0 ? 0x3f : next() & 0x3f;
  const control = (next() & 0xf00) | 0x40 | masks;
  const top = next() & 7;
  const empty = (next() & 1) !== 0 ? 1 << ((top + 7) & 7) : next() & next() & 0xff;
  const flags = (next() & 15) === 0 ? next() & EXCEPTIONS : 0;
  const status = (next() & 0x4700) | (top << 11) | flags;
  const registers = Array.from({ length: 8 }, () => x87Number(next));
  return { control, status, occupied: ~empty & 0xff, registers };
}
