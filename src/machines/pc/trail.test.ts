// After a guest has brought the processor down, the machine tells how it came to that.
import { expect, test } from 'vitest';
import { setCr0 } from './control-registers.ts';
import { Pc } from './machine.ts';
import { CR0_PE } from './registers.ts';
import { setSegment } from './segments.ts';

test('a triple fault leaves the last instructions and the chain of exceptions', () => {
  const pc = new Pc({ memory: 1 << 20 });
  const { cpu } = pc;
  setCr0(cpu, CR0_PE);
  for (let segment = 0; segment < 6; segment++)
    setSegment(cpu, segment, 8, 0, 0xffffffff, segment === 1 ? 0xc09b : 0xc093);
  cpu.idtLimit = 0;
  cpu.eip = 0x1000;
  // MOV ECX,2; LOOP to itself; UD2
  pc.load(0x1000, [0xb9, 2, 0, 0, 0, 0xe2, 0xfe, 0x0f, 0x0b]);
  const stop = pc.run(1e6);
  expect(stop).toMatchObject({ kind: 'shutdown', reason: expect.stringContaining('triple fault') as string });
  expect(cpu.trail.steps(4).map(({ eip, instruction }) => [eip, instruction.row.mnemonic])).toEqual([
    [0x1000, 'MOV'],
    [0x1005, 'LOOP'],
    [0x1005, 'LOOP'],
    [0x1007, 'UD2'],
  ]);
  expect(cpu.trail.exceptions.map(({ vector, error, eip }) => [vector, error, eip])).toEqual([
    [6, -1, 0x1007],
    [13, 0x33, 0x1007],
    [8, 0, 0x1007],
  ]);
});
