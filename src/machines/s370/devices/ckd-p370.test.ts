// Pack images from elsewhere: what is on them, and what is wrong with them.
import { expect, test } from 'vitest';
import { trackOf, unpackImage } from './ckd-image.ts';
import { GEOMETRY_3330 } from './disk-3330.ts';

const TRACK = 64;

/** A pack of two tracks of 64 bytes; `first` is what follows the home address on the first. */
function pack(first: readonly number[], heads = 19): Uint8Array {
  const bytes = new Uint8Array(512 + 2 * TRACK);
  bytes.set(new TextEncoder().encode('CKD_P370'));
  bytes.set([heads, 0, 0, 0, TRACK, 0, 0, 0, 0x30], 8);
  bytes.set(first, 512 + 5);
  bytes.set([0, 0, 0, 0, 1, ...zero(1), ...END], 512 + TRACK);
  return bytes;
}
const zero = (head: number): number[] => [0, 0, 0, head, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0];
const END = new Array<number>(8).fill(0xff);

test('a CKD_P370 pack is read with its keys and its empty tracks', () => {
  const image = unpackImage(GEOMETRY_3330, pack([...zero(0), 0, 0, 0, 0, 1, 2, 0, 3, 7, 8, 4, 5, 6, ...END]));
  if (typeof image === 'string') throw new Error(image);
  expect(trackOf(image, 0, 0).map(({ record, key, data }) => [record, [...key], [...data]])).toEqual([
    [0, [], new Array(8).fill(0)],
    [1, [7, 8], [4, 5, 6]],
  ]);
  expect(trackOf(image, 0, 1).length).toBe(1);
});

test.each([
  ['the image ends in its header', new TextEncoder().encode('CKD_P370')],
  ['an image with 30 heads, not of a 3330', pack([], 30)],
  ['track 0 of the image has no end', pack([0, 0, 0, 0, 0, 0, 0, 200])],
  ['track 0 of the image does not begin with record zero', pack(END)],
])('a pack is refused: %s', (why, bytes) => {
  expect(unpackImage(GEOMETRY_3330, bytes)).toBe(why);
});
