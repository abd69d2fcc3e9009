/** The known name that a mistyped one most resembles. */

/** Number of insertions, deletions, replacements and swaps of neighbours between two words. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(replaced, previous[j]! + 1, current[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, before[j - 2]! + 1);
      current.push(best);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length]!;
}

/** The candidate nearest to `word`, or null where none is near enough to be meant. Case does not count. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  const wanted = word.toUpperCase();
  const limit = wanted.length <= 3 ? 1 : 2;
  if (wanted.length > 63) return null;
  let best: string | null = null;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) > limit) continue;
    // Among equally near ones, those of the same length: letters are swapped more often than lost.
    const d = distance(wanted, candidate.toUpperCase()) + Math.abs(candidate.length - wanted.length) / 10;
    if (d < bestDistance) [best, bestDistance] = [candidate, d];
  }
  return best;
}
