// Lines of techniques: who passes whom, and names that do not lie on one another.
import { expect, test } from 'vitest';
import { apart, crossings, orderAt, roundValues, type Line } from './lines.ts';

const lines: readonly Line[] = [
  { technique: 'vmx', values: [30, 30, 40] },
  { technique: 'translator', values: [20, 25, 50] },
  { technique: 'naive', values: [null, null, null] },
];

test('the order is told at each step, without who did not finish, and where it changes', () => {
  expect([0, 2].map((step) => orderAt(lines, step))).toEqual([
    ['translator', 'vmx'],
    ['vmx', 'translator'],
  ]);
  expect(crossings(lines)).toEqual([{ step: 2, passes: 'vmx', passed: 'translator' }]);
});

test('names keep their order and stand apart', () => {
  expect(apart([10, 12, 80, 11], 100, 15)).toEqual([10, 40, 80, 25]);
  expect(apart([90, 95, 20], 100, 15)).toEqual([85, 100, 20]);
});

test('lines for round values lie between the least and the most', () => {
  expect(roundValues(lines)).toEqual([20, 50]);
  expect(roundValues([{ technique: 'a', values: [3, 40_000] }])).toEqual([10, 100, 1000, 10_000]);
});
