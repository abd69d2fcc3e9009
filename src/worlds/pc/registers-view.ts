/** Registers as panels show them, each field of a flags or control register with the key of its explanation. */
import { hex } from '../../base/bits.ts';
import type { Cpu } from '../../machines/pc/cpu.ts';
import type { FieldView, RegistersView, RegisterView } from '../../protocol/frame.ts';
import { registersOf } from './registers.ts';

const bit = (name: string, value: number, at: number, explain: string): FieldView => ({
  name,
  value: String((value >>> at) & 1),
  explain,
});

/** Name and bit of each flag, from the left as the manual prints them. SDM vol. 1, figure 3-8. */
const FLAGS: readonly (readonly [name: string, at: number])[] = [
  ['ID', 21],
  ['AC', 18],
  ['VM', 17],
  ['RF', 16],
  ['NT', 14],
  ['OF', 11],
  ['DF', 10],
  ['IF', 9],
  ['TF', 8],
  ['SF', 7],
  ['ZF', 6],
  ['AF', 4],
  ['PF', 2],
  ['CF', 0],
];
/** SDM vol. 3A, figure 2-7. */
const CR0: typeof FLAGS = [
  ['PG', 31],
  ['CD', 30],
  ['NW', 29],
  ['AM', 18],
  ['WP', 16],
  ['NE', 5],
  ['TS', 3],
  ['EM', 2],
  ['MP', 1],
  ['PE', 0],
];
const CR4: typeof FLAGS = [
  ['OSFXSR', 9],
  ['PCE', 8],
  ['PGE', 7],
  ['PAE', 5],
  ['PSE', 4],
  ['DE', 3],
  ['TSD', 2],
];

const fields = (value: number, bits: typeof FLAGS, prefix: string): FieldView[] =>
  bits.map(([name, at]) => bit(name, value, at, `${prefix}.${name.toLowerCase()}`));

const GENERAL = ['eax', 'ebx', 'ecx', 'edx', 'esi', 'edi', 'ebp', 'esp'] as const;
const SEGMENTS = ['cs', 'ss', 'ds', 'es', 'fs', 'gs'] as const;

/** @param own what of the registers is elsewhere than in `cpu`, by name */
export function registersView(
  cpu: Cpu,
  title = '',
  own: Readonly<Record<string, string>> = {},
): RegistersView {
  const values = { ...registersOf(cpu), ...own };
  const plain = (name: string): RegisterView => ({ name: name.toUpperCase(), value: values[name]! });
  const flags = parseInt(values['eflags']!, 16);
  const table = (name: string, base: number, limit: number): RegisterView => ({
    name,
    value: `${hex(base)} ${hex(limit, 4)}`,
  });
  return {
    title,
    groups: [
      {
        name: 'program',
        registers: [
          plain('eip'),
          {
            name: 'EFLAGS',
            value: hex(flags),
            fields: [
              { name: 'CPL', value: String(cpu.cpl), explain: 'eflags.cpl' },
              { name: 'IOPL', value: String((flags >> 12) & 3), explain: 'eflags.iopl' },
              ...fields(flags, FLAGS, 'eflags'),
            ],
          },
        ],
      },
      { name: 'general', registers: GENERAL.map(plain) },
      { name: 'segment', registers: SEGMENTS.map(plain) },
      {
        name: 'control',
        registers: [
          { ...plain('cr0'), fields: fields(cpu.cr0, CR0, 'cr0') },
          plain('cr2'),
          plain('cr3'),
          { ...plain('cr4'), fields: fields(cpu.cr4, CR4, 'cr4') },
        ],
      },
      {
        name: 'tables',
        registers: [
          table('GDTR', cpu.gdtBase, cpu.gdtLimit),
          table('IDTR', cpu.idtBase, cpu.idtLimit),
          { name: 'LDTR', value: hex(cpu.ldt.selector, 4) },
          { name: 'TR', value: hex(cpu.task.selector, 4) },
        ],
      },
    ],
  };
}
