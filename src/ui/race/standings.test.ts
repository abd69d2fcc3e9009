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
    'place,technique,busy cycles,ratio,cycles,instructions,failure',
    '1,bare,100,1.0000,1000,7,',
    '2,xen,150,1.5000,150,7,',
    ',naive,10,,10,7,"panic, ""wrong"""',
    '',
  ]);
});

test('runners with the same busy cycles share a place', () => {
  const places = standings([run('a', 5, 0), run('b', 5, 3), run('c', 6, 0)]).map(({ place }) => place);
  expect(places).toEqual([1, 1, 3]);
});
