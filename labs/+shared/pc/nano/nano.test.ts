import { expect, test } from 'vitest';
import { PENTIUM_4 } from '../../../../src/machines/pc/models/pentium4.ts';
import { nanobenchmarks } from './nano.ts';

test('the nanobenchmarks cost on the bare machine what their instructions cost there', () => {
  const measured = nanobenchmarks(PENTIUM_4);
  if (typeof measured === 'string') throw new Error(measured);
  const { costs } = PENTIUM_4;
  expect(measured.in).toBe(costs.port.cycles);
  expect(measured.syscall).toBeGreaterThan(2 * costs['fast-call'].cycles);
  expect(measured.divzero).toBeGreaterThan(costs.interruption.cycles + costs['interrupt-return'].cycles);
  expect(measured.ptemod).toBeLessThan(measured.callret);
});

test('what a monitor does not know ends them with the operation at which it failed', () => {
  expect(nanobenchmarks(PENTIUM_4, 'naive')).toMatch(/^check after "loop \d+/);
});
