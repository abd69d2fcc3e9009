import { expect, test } from 'vitest';
import { PC_MONITORS } from '../../../src/worlds/pc/monitors/table.ts';
import { boot, serialOf } from './testing.ts';
import { commandLine } from './workloads.ts';

const LIMIT = 2e9;

test('a monitor that only waits for traps is found out: wrong answers, and a panic for the interrupt flag', () => {
  const pc = boot({ append: commandLine('echo'), under: 'naive' });
  const monitor = PC_MONITORS.naive.start(pc);
  if (typeof monitor === 'string') throw new Error(monitor);
  let stop = monitor.end(pc.run(1e6));
  while (stop.kind === 'budget' && pc.clock < LIMIT) stop = monitor.end(pc.run(1e6));
  expect(stop).toEqual({ kind: 'wait' });
  const wrong = serialOf(pc).match(/^ {2}\w+(?=.*WRONG)/gm);
  expect(wrong).toEqual(['SGDT', 'SIDT', 'STR', 'CS', 'PUSHF', 'POPF'].map((name) => `  ${name}`));
  expect(serialOf(pc)).toContain('varve: panic: interrupts are on in the scheduler, which turned them off');
});
