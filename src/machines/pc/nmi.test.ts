// Non-maskable interrupts: no flag holds them, but while one is served the next waits for IRET.
import { expect, test } from 'vitest';
import { Pc } from './machine.ts';
import { CS, EBX, ESP } from './registers.ts';
import { modeChanged, setSegment } from './segments.ts';

const CODE = 0x1000;
const HANDLER = 0x2000;
const COMMAND = 0x300;
const NMI_TO_PROCESSOR_0 = 0x400;

/** Real-address mode, with a handler that adds 1 to BX. */
function machine(...code: readonly number[]) {
  const pc = new Pc({ memory: 4 << 20 });
  const { cpu } = pc;
  setSegment(cpu, CS, 0, 0, 0xffff, 0x9b);
  modeChanged(cpu);
  cpu.words[ESP] = 0x7000;
  cpu.words[EBX] = 0;
  cpu.eip = CODE;
  pc.load(CODE, code);
  pc.load(HANDLER, [0x43, 0x90, 0xcf]); // inc bx; nop; iret
  pc.loadWord(8, HANDLER);
  const send = (): void => {
    pc.chipset.localApic!.store(COMMAND, 4, NMI_TO_PROCESSOR_0);
  };
  const places = (steps: number): number[] =>
    Array.from({ length: steps }, () => {
      pc.step();
      return cpu.eip;
    });
  return { pc, send, places };
}

test('one that comes while another is served waits for IRET, also across a saved state', () => {
  const { pc, send, places } = machine(0xfa, 0xeb, 0xfe); // cli; jmp $
  places(1);
  send();
  expect(places(1)).toEqual([HANDLER]);
  send();
  pc.restore(pc.save());
  expect(places(4)).toEqual([HANDLER + 1, HANDLER + 2, CODE + 1, HANDLER]);
  expect(places(4)).toEqual([HANDLER + 1, HANDLER + 2, CODE + 1, CODE + 1]);
});

test('it ends a halt with interrupts off, from an input of the I/O APIC as well', () => {
  const { pc, places } = machine(0xfa, 0xf4, 0xeb, 0xfe); // cli; hlt; jmp $
  places(2);
  expect(pc.run(1e6).kind).toBe('wait');
  const io = pc.chipset.ioApic!;
  io.store(0, 4, 0x10 + 2 * 4);
  io.store(0x10, 4, NMI_TO_PROCESSOR_0);
  pc.chipset.line(4, true);
  pc.run(1e5);
  expect([pc.cpu.words[EBX], pc.cpu.halted]).toEqual([1, false]);
});
