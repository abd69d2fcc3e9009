// VMX operation blocks A20M#, and what was asked for meanwhile counts again behind VMXOFF. SDM vol. 3C, section 30.3.
import { expect, test } from 'vitest';
import { saveCpu, setA20 } from '../../../src/machines/pc/cpu-state.ts';
import { resetCpu } from '../../../src/machines/pc/reset.ts';
import { rig } from './rig.ts';

/** Free memory, with line A20 low and high. */
const [LOW, HIGH] = [0x600000, 0x700000];
const CODE_AT = 0x50000;
// mov al, 0; out 92h, al; mov byte [700000h], 1; vmxoff; mov byte [700001h], 2; hlt
const CODE = 'b0 00 e6 92 c6 05 00 00 70 00 01 0f 01 c4 c6 05 01 00 70 00 02 f4';

test('line A20 held low means nothing in VMX operation, and counts from VMXOFF on', () => {
  const { pc } = rig({ code: 'hlt' });
  const { cpu } = pc;
  pc.load(
    CODE_AT,
    CODE.split(' ').map((digits) => parseInt(digits, 16)),
  );
  cpu.eip = CODE_AT;
  cpu.halted = false;
  while (cpu.vmx.on) pc.step();
  expect(cpu.bytes[HIGH]).toBe(1);
  expect(saveCpu(cpu).a20).toBe(false);
  while (!cpu.halted) pc.step();
  expect(cpu.bytes[HIGH + 1]).toBe(0);
  expect(cpu.bytes[LOW + 1]).toBe(2);
});

test('a reset out of VMX operation finds line A20 as it is held', () => {
  const { pc } = rig({ code: 'hlt' });
  const { cpu } = pc;
  expect(cpu.vmx.on).toBe(true);
  setA20(cpu, false);
  expect(cpu.a20Mask).toBe(-1);
  resetCpu(cpu, 'INIT');
  expect(cpu.a20Mask).toBe(~(1 << 20));
});
