import { describe, expect, test } from 'vitest';
import { HeightKeeper } from './height.ts';

describe('the height that a widget tells', () => {
  test('grows at once, and shrinks only by what is worth it', () => {
    const keeper = new HeightKeeper();
    expect([300.2, 301, 305, 298, 297].map((height, i) => keeper.see(height, i * 100))).toEqual([
      ...[301, null, 305, null],
      297,
    ]);
  });

  test('comes to rest at its largest when page and widget drive each other to and fro', () => {
    const keeper = new HeightKeeper();
    const told = Array.from({ length: 200 }, (_, i) => keeper.see(i % 2 === 0 ? 400 : 440, i * 16));
    expect(told.filter((height) => height !== null).length).toBeLessThan(6);
    expect(told.findLast((height) => height !== null)).toBe(440);
  });

  test('follows again after a rest', () => {
    const keeper = new HeightKeeper();
    for (let i = 0; i < 20; i++) keeper.see(i % 2 === 0 ? 400 : 440, i * 16);
    expect(keeper.see(200, 10_000)).toBe(200);
  });
});
