/**
 * The state before each case, by its seed alone, so that the vectors need not hold it. The recorder (recorder.c)
 * computes the same one: change both or neither.
 */

/** Linear addresses of the data page, the code and the stack page. */
export const DATA = 0x400000;
export const CODE = 0x410000;
export const STACK = 0x420000;
export const PAGE = 0x1000;

export const EAX = 0;
export const ECX = 1;

/** Marsaglia's xorshift generator of 32 bits. */
export function generator(seed: number): () => number {
  let x = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) | 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x >>> 0;
  };
}

/** Values where carries, signs and zeros change, more often than chance would bring them. */
function edge(next: () => number): number {
  const choice = next() & 7;
  const value = next();
  switch (choice) {
    case 0:
      return 0;
    case 1:
      return 0xffffffff;
    case 2:
      return 0x80000000;
    case 3:
      return 0x7fffffff;
    case 4:
      return value & 0xff;
    case 5:
      return (1 << (value & 31)) >>> 0;
    default:
      return value;
  }
}

export interface Before {
  /** EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI. */
  readonly registers: readonly number[];
  /** CF, PF, AF, ZF, SF, DF, OF. */
  readonly flags: number;
  /** The first kilobyte of the data page and the stack page. */
  readonly data: Uint8Array;
  readonly stack: Uint8Array;
}

const SETTABLE = 0xcd5;
/** DF goes with every fourth case only. */
const DIRECTION = 0x400;

export function before(seed: number): Before {
  const next = generator(seed);
  const [eax, edx] = [edge(next), edge(next)];
  // An odd seed has a small ECX: a count, or an index.
  const ecx = (seed & 1) !== 0 ? next() & 15 : edge(next);
  const ebx = DATA + 0x180 + (next() & 31);
  const esi = DATA + 0x100 + (next() & 63);
  const edi = DATA + 0x240 + (next() & 63);
  const [ebp, esp] = [STACK + 0x800, STACK + 0x700 + (next() & 0x7c)];
  const flags = next() & ((seed & 6) === 0 ? SETTABLE : SETTABLE & ~DIRECTION);
  const data = Uint8Array.from({ length: 0x400 }, () => next() & 0xff);
  const stack = Uint8Array.from({ length: PAGE }, () => next() & 0xff);
  return { registers: [eax, ecx, edx, ebx, esp, ebp, esi, edi], flags, data, stack };
}
