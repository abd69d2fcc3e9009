/** How the lines of a sweep are told apart without colour, and where their labels go. */

/** Dashes, one for each line: print and colour-blind readers need nothing else. */
export const DASHES = ['', '7 3', '2 3', '10 3 2 3', '1 2', '5 2 1 2'] as const;

/** Pixels between two labels. */
const APART = 15;

/** Pixels that a label takes at 12 px: kanji and kana are as wide as they are high. */
export const labelWidth = (label: string): number =>
  Array.from(label).reduce((width, character) => width + (character >= '\u2e80' ? 12 : 6.8), 0);

export interface EndLabel {
  readonly technique: string;
  /** Where the line ends. */
  readonly from: number;
  /** Where its label stands. */
  readonly y: number;
}

/** Labels at the ends of their lines, moved down where they would stand on each other. */
export function endsApart(
  ends: readonly { readonly technique: string; readonly y: number }[],
): readonly EndLabel[] {
  let free = -Infinity;
  return ends
    .toSorted((a, b) => a.y - b.y)
    .map(({ technique, y }) => {
      const at = Math.max(y, free);
      free = at + APART;
      return { technique, from: y, y: at };
    });
}
