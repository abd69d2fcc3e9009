/** Extended mnemonics: branches that imply the mask of BC or BCR (GC33-4010, "Extended mnemonic codes"). */

/** After comparisons, arithmetic and tests under mask, in that order where several names share a mask. */
const CONDITIONS: readonly (readonly [name: string, mask: number])[] = [
  ['H', 2],
  ['L', 4],
  ['E', 8],
  ['NH', 13],
  ['NL', 11],
  ['NE', 7],
  ['O', 1],
  ['P', 2],
  ['M', 4],
  ['Z', 8],
  ['NP', 13],
  ['NM', 11],
  ['NZ', 7],
  ['NO', 14],
];

export interface ExtendedMnemonic {
  /** The instruction it stands for. */
  readonly base: 'BC' | 'BCR';
  readonly mask: number;
}

/** Every extended mnemonic, BH and BHR alike. */
export const EXTENDED_MNEMONICS: ReadonlyMap<string, ExtendedMnemonic> = new Map([
  ['B', { base: 'BC', mask: 15 }],
  ['NOP', { base: 'BC', mask: 0 }],
  ['BR', { base: 'BCR', mask: 15 }],
  ['NOPR', { base: 'BCR', mask: 0 }],
  ...CONDITIONS.flatMap(([name, mask]): [string, ExtendedMnemonic][] => [
    [`B${name}`, { base: 'BC', mask }],
    [`B${name}R`, { base: 'BCR', mask }],
  ]),
]);

/** The first extended mnemonic for `mask`, or null where BC or BCR must be written out. */
export function extendedMnemonic(base: 'BC' | 'BCR', mask: number): string | null {
  for (const [name, extended] of EXTENDED_MNEMONICS)
    if (extended.base === base && extended.mask === mask) return name;
  return null;
}
