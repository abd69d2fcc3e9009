// The order of the finish, and what is handed on of it.
import { expect, test } from 'vitest';
import type { Measurement } from '../../protocol/session.ts';
import { standings, toCsv } from './standings.ts';

const row = (reason: string, cycles: number) => ({ layer: 'monitor', level: 0, reason, count: 1, cycles });
const run = (technique: string, work: number, idle: number, failure = ''): Measurement => ({
  ...{ workload: 'w', technique, failure, ok: failure === '', instructions: 7 },
  cycles: work + idle,
  ledger: [row('direct', work), row('idle', idle)],
});

test('who waits longest is not last: the order is that of busy cycles, and who failed has no place', () => {
  const rows = standings([run('bare', 100, 900), run('naive', 10, 0, 'panic, "wrong"'), run('xen', 150, 0)]);
  expect(rows.map(({ technique, place, ratio }) => [technique, place, ratio])).toEqual([
    ['bare', 1, 1],
    ['xen', 2, 1.5],
    ['naive', null, null],
  ]);
  expect(toCsv(rows).split('\n')).toEqual([
    'place,technique,busy cycles,ratio,instructions,boot,whole run,failure',
    '1,bare,100,1.0000,7,,1000,',
    '2,xen,150,1.5000,7,,150,',
    ',naive,10,,7,,10,"panic, ""wrong"""',
    '',
  ]);
});

test('runners with the same busy cycles share a place', () => {
  const places = standings([run('a', 5, 0), run('b', 5, 3), run('c', 6, 0)]).map(({ place }) => place);
  expect(places).toEqual([1, 1, 3]);
});

test('boot and shutdown are told apart, and count only where that is asked for', () => {
  const spent = (work: number, idle: number) => ({
    ...{ cycles: work + idle, instructions: 3 },
    ledger: [row('direct', work), row('idle', idle)],
  });
  const runs = [
    { ...run('bare', 100, 50), boot: spent(70, 50), program: spent(20, 0) },
    { ...run('xen', 230, 0), boot: spent(200, 0), program: spent(30, 0) },
  ];
  const told = (whole: boolean) =>
    standings(runs, whole).map(({ busy, boot, ratio, instructions }) => [busy, boot, ratio, instructions]);
  expect(told(false)).toEqual([
    [20, 70, 1, 3],
    [30, 200, 1.5, 3],
  ]);
  expect(told(true)).toEqual([
    [100, 70, 1, 7],
    [230, 200, 2.3, 7],
  ]);
});
