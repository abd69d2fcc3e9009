/** The overhead chart as numbers: one bar for each technique, its parts from the guest's own work outward. */
import type { LedgerRowView } from '../../protocol/frame.ts';
import type { Measurement } from '../../protocol/session.ts';

export interface OverheadPart {
  readonly layer: string;
  readonly level: number;
  readonly reason: string;
  readonly from: number;
  readonly cycles: number;
  /** 0 … 1: how far the tint of the layer's hue is from its full strength, to tell reasons apart. */
  readonly tint: number;
}

export interface OverheadBar {
  readonly technique: string;
  readonly cycles: number;
  /** Against the first technique that ended well. */
  readonly ratio: number | null;
  readonly failure: string;
  readonly parts: readonly OverheadPart[];
}

/** The guest's own work first, so that what is common to all bars lies at zero and the overhead sticks out. */
const ORDER = ['guest-user', 'guest-kernel', 'host', 'hardware', 'monitor'];
const rank = ({ layer, reason }: LedgerRowView): number =>
  reason === 'idle' ? ORDER.length : ORDER.indexOf(layer) + (reason === 'direct' ? 0 : 0.5);

export function overheadBars(measurements: readonly Measurement[]): readonly OverheadBar[] {
  const base = measurements.find(({ ok }) => ok)?.cycles ?? 0;
  return measurements.map(({ technique, ok, failure, cycles, ledger }) => ({
    technique,
    cycles,
    ratio: ok && base > 0 ? cycles / base : null,
    failure,
    parts: partsOf(ledger ?? []),
  }));
}

function partsOf(ledger: readonly LedgerRowView[]): readonly OverheadPart[] {
  const rows = ledger.filter(({ cycles }) => cycles > 0);
  rows.sort((a, b) => rank(a) - rank(b) || a.level - b.level || b.cycles - a.cycles);
  let from = 0;
  const seen: Record<string, number> = {};
  return rows.map(({ layer, level, reason, cycles }) => {
    const nth = (seen[layer] = (seen[layer] ?? -1) + 1);
    const part = { layer, level, reason, from, cycles, tint: Math.min(0.6, nth * 0.2) };
    from += cycles;
    return part;
  });
}

export interface PlacedLabel {
  readonly part: OverheadPart;
  readonly x: number;
  readonly line: number;
}

/** Pixels that the label of a ratio line needs. */
const RATIO_LABEL = 36;

/**
 * Multiples of the bare machine's cycles that get a line: 1 always, others at round steps as wide as their labels need.
 * `unit` is the width of 1× in pixels.
 */
export function ratioLines(most: number, unit: number): number[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((each) => each * unit >= RATIO_LABEL) ?? 5000;
  const lines = [1];
  for (let n = step; n <= most * 1.02; n += step) if ((n - 1) * unit >= RATIO_LABEL) lines.push(n);
  return lines;
}

/** Labels under a bar: each at the start of its part, on the first of two lines where it touches no other. */
export function placeLabels(
  parts: readonly OverheadPart[],
  scale: (cycles: number) => number,
  widthOf: (part: OverheadPart) => number,
): readonly PlacedLabel[] {
  const ends = [-Infinity, -Infinity];
  const placed: PlacedLabel[] = [];
  for (const part of parts) {
    const x = scale(part.from);
    const line = ends.findIndex((end) => x >= end);
    if (line < 0 || scale(part.cycles) < 5) continue;
    ends[line] = x + widthOf(part) + 8;
    placed.push({ part, x, line });
  }
  return placed;
}
