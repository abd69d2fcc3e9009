// The course of a run as a drawing.
import { expect, test } from 'vitest';
import { areasOf } from './course.ts';

test('layers stand on each other from the hardware up, and the last slice is as wide as it was full', () => {
  const areas = areasOf([
    { 'guest-user': 0.75, hardware: 0.25 },
    { 'guest-user': 0.25, hardware: 0.25 },
  ]);
  expect(areas).toEqual([
    { layer: 'hardware', path: 'M0 1V0.75H1V0.5H1.5V1H1V1H0Z' },
    { layer: 'guest-user', path: 'M0 1V0H1V0H1.5V0.5H1V0.75H0Z' },
  ]);
});
