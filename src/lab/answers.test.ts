import { expect, test } from 'vitest';
import { isNear, numberIn } from './answers.ts';

test.each([
  ['42', 42],
  [' 1,234 ', 1234],
  ['12 345', 12345],
  ['１２３', 123],
  ['2.5', 2.5],
  ['.5', 0.5],
  ['40 %', 40],
  ['-7', -7],
])('the number in %j is %d', (answer, number) => {
  expect(numberIn(answer)).toBe(number);
});

test.each(['', undefined, 'about 5', '1e9', '0x10', '5 or 6', 'Infinity'])(
  'there is no number in %j',
  (answer) => {
    expect(numberIn(answer)).toBeNaN();
    expect(isNear(numberIn(answer), 5, 1)).toBe(false);
  },
);
