// `strata sensitivity`, on a kernel of a few hundred instructions.
import { expect, test } from 'vitest';
import type { Sensitivity } from '../session/sensitivity.ts';
import { strata } from './testing.ts';

const SMALL = ['--lab', '30-popek-goldberg', '--workload', 'behaves'];

test('the constants that decide a ratio come first, those that change nothing not at all', async () => {
  const { status, out } = await strata('sensitivity', ...SMALL, '--technique', 'naive', '--json');
  const { ratio, swings } = JSON.parse(out) as Sensitivity;
  expect(status).toBe(0);
  expect(ratio).toBeGreaterThan(1);
  const widths = swings.map(({ atLeast, atMost }) => Math.abs(Math.log(atMost / atLeast)));
  expect(widths).toEqual([...widths].sort((a, b) => b - a));
  const names = swings.map(({ constant }) => constant);
  expect(names).toContain('port');
  expect(names).not.toContain('float-function');
});

test('a technique under which the guest goes wrong has no ratio', async () => {
  const argv = ['--lab', '30-popek-goldberg', '--workload', 'popf', '--technique', 'naive'];
  const { status, err } = await strata('sensitivity', ...argv);
  expect(status).toBe(1);
  expect(err).toContain('popf under naive');
});
