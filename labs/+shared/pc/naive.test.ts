import { expect, test } from 'vitest';
import { bootAndRun } from './testing.ts';
import { commandLine } from './workloads.ts';

test('a monitor that only waits for traps is found out: wrong answers, and a panic for the interrupt flag', () => {
  const { stop, serial } = bootAndRun({ append: commandLine('echo'), under: 'naive' });
  expect(stop).toEqual({ kind: 'wait' });
  const wrong = serial.match(/^ {2}\w+(?=.*WRONG)/gm);
  expect(wrong).toEqual(['SGDT', 'SIDT', 'STR', 'CS', 'PUSHF', 'POPF'].map((name) => `  ${name}`));
  expect(serial).toContain('varve: panic: interrupts are on in the scheduler, which turned them off');
});
