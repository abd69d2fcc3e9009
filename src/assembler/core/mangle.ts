/** Mangled sources, for the fuzz tests of the assemblers. */
import type { Random } from '../../base/random.ts';

/** `source` with a few places deleted, moved, replaced, or with one of `pieces` put in: what fuzz tests assemble. */
export function mangle(source: string, pieces: readonly string[], random: Random): string {
  let text = source;
  for (let edits = 1 + random.below(8); edits > 0; edits--) {
    const at = random.below(text.length + 1);
    const width = random.below(6);
    const piece = pieces[random.below(pieces.length)]!;
    const from = random.below(text.length);
    const moved = text.slice(from, from + random.below(60));
    text = [
      () => text.slice(0, at) + text.slice(at + width),
      () => text.slice(0, at) + piece + text.slice(at),
      () => text.slice(0, at) + piece + text.slice(at + width),
      () => text.slice(0, at) + moved + text.slice(at),
      () => text.slice(0, at) + String.fromCharCode(32 + random.below(95)) + text.slice(at + 1),
    ][random.below(5)]!();
  }
  return text;
}
