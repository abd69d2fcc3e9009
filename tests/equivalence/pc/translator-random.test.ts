// Random guests, kernel and program: page-table edits, code that patches itself, segments, exceptions, a clock at any time.
import { expect, test } from 'vitest';
import { difference } from '../../fuzz/compare.ts';
import { randomGuest } from '../../fuzz/pc-guest.ts';

const SEEDS = 60;
/** In turn, the ways of keeping shadow page tables. */
const UPKEEP = ['translator', 'translator-untraced', 'translator-single'] as const;

test(`${SEEDS} random guests end under the translator as on the bare machine`, () => {
  const wrong = Array.from({ length: SEEDS }, (_, seed) => [
    seed,
    difference(randomGuest(seed), UPKEEP[seed % UPKEEP.length]!),
  ]);
  expect(wrong.filter(([, what]) => what !== null)).toEqual([]);
}, 180_000);
