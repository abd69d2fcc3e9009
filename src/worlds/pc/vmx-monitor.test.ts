import { expect, test } from 'vitest';
import { SKYLAKE } from '../../machines/pc/models/skylake.ts';
import { KERNELS } from '../../../tests/conformance/ia32/kernels/kernels.ts';
import { readyPc } from './build.ts';

/**
 * SIMPLIFIED: not all of them. `paging` and `v86` go with interrupts on past a tick of the clock that they do not await,
 * for each character costs them two ways to the device model; `rings`, `segments` and `x87` print much.
 */
const CHOSEN = ['debug', 'identity', 'interrupts', 'pae', 'tasks'];

test('on a processor without what it needs the monitor says so', () => {
  const ready = readyPc({
    under: 'vmx',
    program: { kind: 'flat', images: [], entry: 0x100000 },
  });
  expect(ready).toMatch(/needs: choose --cpu/);
});

test.each(KERNELS.filter(({ name }) => CHOSEN.includes(name)))(
  '$name prints under vmx what it prints on the bare machine',
  (kernel) => {
    const ready = readyPc({
      memory: 16 << 20,
      model: SKYLAKE,
      under: 'vmx',
      program: {
        kind: 'kernel',
        file: kernel.elf,
        name: kernel.name,
        append: '',
        modules: [],
        ramdisk: null,
      },
    });
    if (typeof ready === 'string') throw new Error(ready);
    const stop = ready.monitor!.end(ready.machine.run(2e9));
    expect(ready.machine.chipset.com1.text).toBe(kernel.printed);
    expect(stop).toEqual({ kind: 'exit', code: 1 });
  },
);
