// Which entry of the modelled translation lookaside buffer gives way.
import { expect, test } from 'vitest';
import { Tlb } from './tlb.ts';

const PAGE = 0x1000;
const WAYS = 4;

/** One set of four ways, with pages 1 to 4 entered in this order. */
function full(): Tlb {
  const tlb = new Tlb({ small: WAYS, smallWays: WAYS, large: 1, largeWays: 1 }, []);
  for (let page = 1; page <= WAYS; page++) tlb.insert(page * PAGE, page * PAGE, 0, 'small');
  return tlb;
}
const held = (tlb: Tlb): number[] => [1, 2, 3, 4, 5, 6].filter((page) => tlb.find(page * PAGE) !== null);

test('the entry that came first gives way', () => {
  const tlb = full();
  tlb.insert(5 * PAGE, 0, 0, 'small');
  expect(held(tlb)).toEqual([2, 3, 4, 5]);
});

test('no entry gives way while INVLPG has left a place free', () => {
  const tlb = full();
  tlb.invalidate(3 * PAGE);
  tlb.insert(5 * PAGE, 0, 0, 'small');
  expect(held(tlb)).toEqual([1, 2, 4, 5]);
  tlb.insert(6 * PAGE, 0, 0, 'small');
  expect(held(tlb)).toEqual([2, 4, 5, 6]);
});
