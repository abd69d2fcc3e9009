// `strata compare`: every run ends in its verified result or is told, and two runs are the same to the cycle.
import { expect, test } from 'vitest';
import type { Measurement } from '../../protocol/session.ts';
import { strata } from '../testing.ts';

const compared = async (...argv: string[]) => {
  const { status, out } = await strata('compare', '--jobs', '1', '--json', ...argv);
  return { status, results: (JSON.parse(out) as { results: Measurement[] }).results };
};

test('each workload runs under each technique that was asked for, twice alike to the cycle', async () => {
  const asked = ['--workload', 'syscall', '--workload', 'portio', '--technique', 'bare'];
  const first = await compared(...asked);
  expect(first.status).toBe(0);
  expect(first.results.map(({ workload, ok }) => [workload, ok])).toEqual([
    ['syscall', true],
    ['portio', true],
  ]);
  expect(await compared(...asked)).toEqual(first);
});

test('a technique under which the guest goes wrong is told with what went wrong', async () => {
  const { status, results } = await compared('--workload', 'compute', '--technique', 'naive');
  expect(status).toBe(1);
  expect(results.map(({ ok }) => ok)).toEqual([false]);
  expect(results[0]?.failure).toContain('interrupts are on');
});

test.each([
  [['x'], /usage/],
  [['--workload', 'x'], /--workload x: there is compute/],
  [['--technique', 'x'], /--technique x: there is bare/],
  [['--lab', 'x'], /lab x: there is/],
  [['--jobs', '0'], /--jobs/],
])('%j are bad arguments', async (argv, words) => {
  const { status, err } = await strata('compare', ...argv);
  expect(status).toBe(2);
  expect(err).toMatch(words);
});
