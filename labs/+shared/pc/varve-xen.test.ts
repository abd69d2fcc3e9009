/** Varve as a guest of Xen: the same programs, the same lines, and what Xen did for it. */
import { describe, expect, test } from 'vitest';
import { bootAndRun } from './testing.ts';
import { commandLine, WORKLOADS } from './workloads.ts';

const run = (program: string, words: readonly string[] = [], options = '') =>
  bootAndRun({ append: options + commandLine(program, words), under: 'xen', memory: 32 << 20 });

/** How often the kernel asked Xen for something. */
const asked = (counts: Readonly<Record<string, number>>): number =>
  Object.entries(counts).reduce((sum, [name, count]) => sum + (name.startsWith('hypercall ') ? count : 0), 0);

describe('Varve under Xen', () => {
  // A user domain was given no port, and has no network card.
  const portable = WORKLOADS.filter(({ name }) => name !== 'portio');
  test.each(portable)('$name prints its verified line', ({ name, expect: line }) => {
    const { stop, serial } = run(name);
    expect(serial).toMatch(line);
    expect(stop).toEqual({ kind: 'exit', code: 0 });
  });

  test('passes its own test', () => {
    const { serial } = run('selftest', ['20']);
    expect(serial.match(/^FAIL.*$/gm)).toBeNull();
    expect(serial).toMatch(/^selftest: 54 passed, 0 failed$/m);
  });

  test('lives through system calls drawn by lot', () => {
    expect(run('fuzz', ['8', '1']).serial).toMatch(/^fuzz: \d+ processes of 500 calls: ok$/m);
  });

  test('serves ten thousand system calls without Xen', () => {
    expect(asked(run('syscall').counts)).toBeLessThan(200);
  });

  test('asks less often when it gathers its changes of page tables', () => {
    const [together, singly] = ['', 'batch=off '].map((options) => run('ptemod', [], options));
    expect(singly!.serial).toMatch(/^ptemod: .* ok$/m);
    expect(asked(singly!.counts)).toBeGreaterThan(1.5 * asked(together!.counts));
  });

  test('reads ones from a port that it was not given', () => {
    expect(run('portio').serial).toContain('portio: 2000 reads of port 33, 2000 alike: WRONG');
  });
});
