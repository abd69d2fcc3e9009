import { describe, expect, test } from 'vitest';
import type { StrataSegment } from '../../protocol/frame.ts';
import { rowsOf } from '../layers.ts';
import { draw, fit, toSvg } from './drawing.ts';
import { layOut, segmentAt, sharesOf, transfersOf } from './layout.ts';
import { axisTicks, pan, whole, zoom } from './window.ts';

const segment = (
  from: number,
  cycles: number,
  layer: string,
  reason = 'direct',
  level = 0,
): StrataSegment => ({
  ...{ from, cycles, layer, reason, level },
});
const rows = rowsOf([
  { layer: 'guest-user', level: 0 },
  { layer: 'hardware', level: 0 },
]);

describe('layout', () => {
  test('a long segment is one bar, and a transfer is a step between rows', () => {
    const { bars, steps } = layOut(
      [segment(0, 50, 'guest-user'), segment(50, 50, 'hardware')],
      rows,
      [0, 100],
      200,
    );
    expect(bars).toEqual([
      { x: 0, width: 99, row: 1, share: 1, idle: false },
      { x: 100, width: 99, row: 0, share: 1, idle: false },
    ]);
    expect(steps).toEqual([{ x: 100, from: 1, to: 0 }]);
  });

  test('short segments become the share of time of each layer, pixel by pixel', () => {
    const segments = Array.from({ length: 1000 }, (_, n) =>
      n % 4 === 0 ? segment(n, 1, 'hardware') : segment(n, 1, 'guest-user'),
    );
    const { bars, steps } = layOut(segments, rows, [0, 1000], 100);
    expect(steps).toEqual([]);
    const guest = bars.filter(({ row }) => row === 1);
    expect(guest).toHaveLength(100);
    for (const [index, { share }] of guest.entries()) {
      const other = bars.find(({ row, x }) => row === 0 && x === index)?.share ?? 0;
      expect(share + other).toBeCloseTo(1);
    }
  });

  test('what lies outside the window is cut off', () => {
    const { bars } = layOut([segment(0, 1000, 'hardware')], rows, [400, 600], 100);
    expect(bars).toEqual([{ x: 0, width: 99, row: 0, share: 1, idle: false }]);
  });

  test('a wait is drawn hollow', () => {
    const { bars } = layOut([segment(0, 10, 'hardware', 'idle')], rows, [0, 10], 100);
    expect(bars[0]?.idle).toBe(true);
  });

  test('however many segments there are, no more is drawn than pixels can show', () => {
    const many = Array.from({ length: 2000 }, (_, n) => segment(n * 7, 7, n % 2 ? 'hardware' : 'guest-user'));
    expect(layOut(many, rows, [0, 14_000], 100).bars.length).toBeLessThanOrEqual(100 * rows.length);
  });
});

test('the segment at a cycle is found, and nothing where there is none', () => {
  const segments = [segment(10, 5, 'hardware'), segment(15, 5, 'guest-user')];
  expect([9, 10, 14, 15, 19, 20].map((at) => segmentAt(segments, at)?.layer ?? null)).toEqual([
    ...[null, 'hardware', 'hardware', 'guest-user', 'guest-user', null],
  ]);
});

test('shares of the rows sum to one', () => {
  const segments = [segment(0, 30, 'hardware'), segment(30, 70, 'guest-user')];
  expect(sharesOf(segments, rows, [0, 100])).toEqual([0.3, 0.7]);
});

test('a change of reason alone is no transfer of control', () => {
  const segments = [
    segment(0, 10, 'hardware'),
    segment(10, 5, 'hardware', 'trap'),
    segment(15, 5, 'guest-user'),
  ];
  expect(transfersOf(segments).map(({ clock }) => clock)).toEqual([15]);
});

describe('window', () => {
  test('zooming in keeps the cycle under the pointer where it was', () => {
    const [from, to] = zoom([0, 1000], 0.5, 250, [0, 1000]);
    expect((250 - from) / (to - from)).toBeCloseTo(0.25);
    expect(to - from).toBe(500);
  });

  test('zooming and panning stay within the run', () => {
    expect(zoom([0, 1000], 10, 500, [0, 2000])).toEqual([0, 2000]);
    expect(pan([1500, 2000], 1, [0, 2000])).toEqual([1500, 2000]);
    expect(pan([0, 500], -1, [0, 2000])).toEqual([0, 500]);
  });

  test('the whole run is shown even when it is short', () => {
    expect(whole([0, 5])).toEqual([0, 20]);
  });

  test('ticks are round and not crowded', () => {
    expect(axisTicks([0, 1000], 600)).toEqual([0, 200, 400, 600, 800, 1000]);
    expect(axisTicks([5, 5], 600)).toEqual([]);
  });
});

describe('drawing', () => {
  test('a word that does not fit gives way to its first part, then to nothing', () => {
    expect([fit('emulation · LPSW', 200), fit('emulation · LPSW', 70), fit('emulation · LPSW', 20)]).toEqual([
      ...['emulation · LPSW', 'emulation', ''],
    ]);
  });

  test('the saved picture carries its title, its rows and no stray markup', () => {
    const layout = layOut([segment(0, 100, 'hardware')], rows, [0, 100], 300);
    const drawing = draw(layout, rows, { width: 300, rowHeight: 40, barHeight: 17 }, () => '<trap>');
    const names = [
      { text: 'Hardware', colour: '--ink' },
      { text: 'Guest', colour: '--ink' },
    ];
    const svg = toSvg(drawing, names, [], () => 'black', 'Strata & more');
    expect(svg).toContain('<title>Strata &amp; more</title>');
    expect(svg).toContain('&lt;trap>');
    expect(svg).toContain('>Hardware</text>');
  });
});
