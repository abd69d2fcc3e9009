import { expect, test } from 'vitest';
import { studentSeed } from './seed.ts';

const EXERCISE = '10-vm370/01-predict-traps';

test('a student’s seed can be derived again, however key and name were typed', () => {
  const seed = studentSeed('OS 2024', 'Ada Lovelace', EXERCISE);
  expect(seed).toBe(studentSeed('  os\u00a02024 ', 'ADA  lovelace', EXERCISE));
  expect(studentSeed('ＯＳ 2024', '山田 太郎', EXERCISE)).toBe(
    studentSeed('os 2024', '山田　太郎', EXERCISE),
  );
});

test('the derivation stays what it is: seeds handed out are kept in courses', () => {
  expect(studentSeed('OS 2024', 'Ada Lovelace', EXERCISE)).toBe(1_095_814_589);
  expect(studentSeed('', '', '')).toBe(1_175_280_392);
});

test('seeds differ by course, by student and by exercise, and fit a field of 31 bits', () => {
  const seeds = ['a', 'b', 'c d', 'cd'].flatMap((course) =>
    Array.from({ length: 40 }, (_, i) =>
      ['x/01', 'x/02'].map((exercise) => studentSeed(course, `student ${i}`, exercise)),
    ).flat(),
  );
  expect(new Set(seeds).size).toBe(seeds.length);
  expect(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31)).toBe(true);
});
