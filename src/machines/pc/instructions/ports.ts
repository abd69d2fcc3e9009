/** Ports. SDM vol. 2, "IN", "OUT"; vol. 1, chapter 19. */
import type { Cpu } from '../cpu.ts';
import { demandPort } from '../port-rights.ts';
import { EDX } from '../registers.ts';
import { portExits } from '../vmx/intercepts.ts';
import { BYTE, sized, type Width } from './operands.ts';
import { row, type Execute, type Row } from './row.ts';

const input =
  (port: (cpu: Cpu, immediate: number) => number) =>
  (w: Width): Execute =>
  (cpu, i) => {
    const number = port(cpu, i.immediate);
    demandPort(cpu, number, w.size);
    if (cpu.guest) portExits(cpu, i, { port: number, size: w.size, input: true, immediate: port === fixed });
    w.setA(cpu, cpu.ports.input(number, w.size));
  };
const output =
  (port: (cpu: Cpu, immediate: number) => number) =>
  (w: Width): Execute =>
  (cpu, i) => {
    const number = port(cpu, i.immediate);
    demandPort(cpu, number, w.size);
    if (cpu.guest) portExits(cpu, i, { port: number, size: w.size, input: false, immediate: port === fixed });
    cpu.ports.output(number, w.size, w.getA(cpu));
  };
const fixed = (_cpu: Cpu, immediate: number): number => immediate;
const inDx = (cpu: Cpu): number => cpu.halves[EDX << 1]!;

const PORT = { privilege: 'port', sensitive: 'control', ends: true } as const;

export const PORTS: readonly Row[] = [
  row('E4', 'IN', 'Input from port', 'AL,Ib', 'port', input(fixed)(BYTE), PORT),
  row('E5', 'IN', 'Input from port', 'eAX,Ib', 'port', sized(input(fixed)), PORT),
  row('EC', 'IN', 'Input from port', 'AL,DX', 'port', input(inDx)(BYTE), PORT),
  row('ED', 'IN', 'Input from port', 'eAX,DX', 'port', sized(input(inDx)), PORT),
  row('E6', 'OUT', 'Output to port', 'Ib,AL', 'port', output(fixed)(BYTE), PORT),
  row('E7', 'OUT', 'Output to port', 'Ib,eAX', 'port', sized(output(fixed)), PORT),
  row('EE', 'OUT', 'Output to port', 'DX,AL', 'port', output(inDx)(BYTE), PORT),
  row('EF', 'OUT', 'Output to port', 'DX,eAX', 'port', sized(output(inDx)), PORT),
];
