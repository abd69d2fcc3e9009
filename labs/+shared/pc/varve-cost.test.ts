/** What one more operation of a workload costs on the bare machine, under Xen and under the translator. */
import { expect, test } from 'vitest';
import { WESTMERE } from '../../../src/machines/pc/models/westmere.ts';
import type { PcMonitorName } from '../../../src/worlds/pc/monitors/table.ts';
import { varveWorld } from './varve-world.ts';

const TECHNIQUES = [undefined, 'xen', 'translator'] as const;

/** Cycles up to the end in which the machine did not idle. */
function busy(workload: string, count: number, under: PcMonitorName | undefined): number {
  const world = varveWorld(workload, { under, model: WESTMERE, words: [String(count)] });
  expect(world.run(2e9).kind).toBe('exit');
  return world.machine.ledger
    .rows()
    .reduce((sum, { reason, cycles }) => sum + (reason === 'idle' ? 0 : cycles), 0);
}

/** Cycles of each operation: twice as many of them, less once as many. */
const cyclesEach = (workload: string, count: number): readonly number[] =>
  TECHNIQUES.map((under) => (busy(workload, 2 * count, under) - busy(workload, count, under)) / count);

// The order is that of the latencies in Barham et al. 2003, tables 3 to 5: native, Xen, what translates binaries.

test('a system call costs under Xen what it costs bare, within a tenth; the translator makes it dearer', () => {
  const [bare, xen, translator] = cyclesEach('syscall', 1000) as [number, number, number];
  expect(xen).toBeGreaterThanOrEqual(bare);
  expect(xen / bare).toBeLessThan(1.1);
  expect(translator).toBeGreaterThan(2 * xen);
});

test('making a process costs more under Xen than bare, and less than under the translator', () => {
  const [bare, xen, translator] = cyclesEach('forkwait', 20) as [number, number, number];
  expect(xen).toBeGreaterThan(1.2 * bare);
  expect(translator).toBeGreaterThan(1.1 * xen);
});
