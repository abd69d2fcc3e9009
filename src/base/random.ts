/**
 * Seeded randomness: the only source of chance an engine may use.
 * The generator is the 32-bit "mulberry" mixer; its state is one word, so it saves and restores as data.
 */
export interface Random {
  /** The whole state; `seededRandom(state)` continues the sequence. */
  readonly state: number;
  /** Next unsigned 32-bit word. */
  word(): number;
  /** Next integer in 0 … bound − 1. */
  below(bound: number): number;
}

export function seededRandom(seed: number): Random {
  let state = seed | 0;
  const word = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return {
    get state() {
      return state;
    },
    word,
    below: (bound) => Math.floor((word() / 0x1_0000_0000) * bound),
  };
}
