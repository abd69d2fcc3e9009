// The teaching kernel, unmodified, under the binary translator: it prints and stores what it does on the bare machine.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readyPc } from '../../../src/worlds/pc/build.ts';
import type { PcConfiguration } from '../../../src/worlds/pc/configuration.ts';
import { serialOf } from './testing.ts';
import { varveDisk, varveKernel } from './varve.ts';
import { commandLine, WORKLOADS } from './workloads.ts';

const LIMIT = 4e9;

function run(name: string, more: Partial<PcConfiguration>): unknown {
  const words = WORKLOADS.find((workload) => workload.name === name)?.arguments ?? [];
  const ready = readyPc({
    memory: 16 << 20,
    disks: [varveDisk()],
    program: {
      kind: 'kernel',
      file: varveKernel(),
      name: 'varve',
      append: commandLine(name, words),
      modules: [],
      ramdisk: null,
    },
    ...more,
  });
  if (typeof ready === 'string') throw new Error(ready);
  const { machine, monitor } = ready;
  const end = (): ReturnType<typeof machine.run> => monitor?.end(machine.run(5e6)) ?? machine.run(5e6);
  let stop = end();
  while (stop.kind === 'budget' && machine.clock < LIMIT) stop = end();
  expect(machine.ledger.total).toBe(machine.clock);
  return {
    stop,
    serial: serialOf(machine),
    disk: createHash('sha256').update(machine.chipset.disks[0]!.contents()).digest('hex'),
  };
}

describe.each(['forkwait', 'ptemod', 'io'])('%s', (name) => {
  test('prints the same and leaves the same disk as on the bare machine', () => {
    expect(run(name, { under: 'translator' })).toEqual(run(name, {}));
  });
});
