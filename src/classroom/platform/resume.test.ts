import { expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { packResume, unpackResume, type Resume } from './resume.ts';
import { ROOM_12, ROOM_2004 } from './scorm.ts';

/** Text that cannot be packed well. */
function noise(length: number): string {
  const random = seededRandom(length);
  return Array.from({ length }, () => String.fromCharCode(0x4e00 + random.below(5000))).join('');
}

const resume = (answer: string, file: string): Resume => ({
  student: '森 葵',
  handedIn: false,
  works: [1, 2, 3].map((n) => ({
    exercise: `10-vm370/0${n}-one`,
    seed: n,
    attempt: { answers: { a: answer }, files: { 'p.s': file }, recording: null },
    solved: n === 1,
  })),
});

test.each([
  ['small work', resume('12', 'BR 14'), ROOM_12, 'all'],
  ['a long file', resume('12', noise(4000)), ROOM_12, 'answers'],
  ['the same where there is more room', resume('12', noise(4000)), ROOM_2004, 'all'],
  ['long answers too', resume(noise(4000), noise(4000)), ROOM_12, 'progress'],
  ['no room at all', resume('12', ''), 20, 'nothing'],
])('of %s so much is kept as there is room for', (_, work, room, kept) => {
  const packed = packResume(work, room);
  expect(packed.kept).toBe(kept);
  expect(packed.text.length).toBeLessThanOrEqual(room);
  const back = unpackResume(packed.text);
  if (kept === 'nothing') expect(back).toBeNull();
  else expect(back?.works.map(({ solved }) => solved)).toEqual([true, false, false]);
  if (kept === 'all') expect(back).toEqual(work);
  if (kept === 'answers') expect(back?.works[2]?.attempt).toMatchObject({ answers: { a: '12' }, files: {} });
});

test.each(['', 'something else', '1.@@', '1.AAAA', `1.${'A'.repeat(4000)}`])(
  'what another program left is not taken for work: %s',
  (text) => expect(unpackResume(text)).toBeNull(),
);
