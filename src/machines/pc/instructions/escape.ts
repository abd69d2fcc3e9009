/** What stands for the floating-point unit: there is none. SDM vol. 3A, section 2.5 (CR0.EM, MP, TS). */
import { NM, UD } from '../exceptions.ts';
import { CR0_EM, CR0_MP, CR0_TS } from '../registers.ts';
import { row, type Execute, type Row } from './row.ts';

/** Without a coprocessor: EM and TS ask for #NM as ever; an escape that would go to the unit is no instruction. */
const escape: Execute = (cpu) => cpu.fault((cpu.cr0 & (CR0_EM | CR0_TS)) !== 0 ? NM : UD);
const wait: Execute = (cpu) => {
  if ((cpu.cr0 & CR0_TS) !== 0 && (cpu.cr0 & CR0_MP) !== 0) cpu.fault(NM);
};

export const ESCAPE: readonly Row[] = [
  row('9B', 'WAIT', 'Wait', '', 'plain', wait),
  ...[0xd8, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf].map((code) =>
    row(code.toString(16).toUpperCase(), 'ESC', 'Escape to the floating-point unit', 'Eb', 'plain', escape, {
      ends: true,
      partial: 'there is no floating-point unit: #NM or #UD',
    }),
  ),
];
