// Every test kernel, with all its modes, segments and tasks, prints under the translator what it prints on the machine.
import { describe, expect, test } from 'vitest';
import { Pc } from '../../../src/machines/pc/machine.ts';
import { translate } from '../../../src/worlds/pc/monitors/translator.ts';
import { RESERVED } from '../../../src/monitors/translator/layout.ts';
import { loadMultiboot } from '../../../src/worlds/pc/multiboot.ts';
import { DISK, KERNELS, runToEnd } from '../../conformance/ia32/kernels/kernels.ts';

/** Bit 4 of port 61 changes with each refresh of the memory: when it is read is a matter of time. */
const untimed = (text: string): string => text.replace(/^(speaker port .*) \w+$/gm, '$1');

describe.each(KERNELS)('$name', ({ name, elf, printed }) => {
  test('prints what it prints on the bare machine, and every cycle has an account', () => {
    const pc = new Pc({ memory: (16 << 20) + RESERVED, reserved: RESERVED, disks: [DISK] });
    expect(loadMultiboot(pc, { file: elf, name, append: '', modules: [] })).toBeNull();
    translate(pc);
    expect(runToEnd(pc)).toEqual({ kind: 'exit', code: 1 });
    expect(untimed(pc.chipset.com1.text)).toBe(untimed(printed));
    expect(pc.ledger.total).toBe(pc.clock);
  });
});
