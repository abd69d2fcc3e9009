/** From a row of the instruction table to the function that a decoded instruction calls: privilege comes first. */
import { FLAG_IOPL } from '../eflags.ts';
import type { Cpu } from '../cpu.ts';
import { EFLAGS } from '../registers.ts';
import { UD } from '../exceptions.ts';
import { row, type Execute, type Privilege, type Row } from './row.ts';

/** What stands for every byte sequence that is no instruction of the table. */
export const invalidOpcode: Row = row(
  'none',
  '(bad)',
  'Invalid opcode',
  '',
  'plain',
  (cpu) => cpu.fault(UD),
  { ends: true },
);

/** I/O privilege level. SDM vol. 1, section 19.5.1. */
export const iopl = (cpu: Cpu): number => (cpu.words[EFLAGS]! & FLAG_IOPL) >> 12;

/** Each privilege as a check that returns whether the instruction may execute. */
const CHECKS: Readonly<Record<Privilege, (cpu: Cpu) => boolean>> = {
  cpl0: (cpu) => cpu.cpl === 0,
  // In real-address mode CPL is 0; in virtual-8086 mode it is 3.
  iopl: (cpu) => cpu.cpl <= iopl(cpu),
  // Which port it is, and what the bit map says, the instruction itself finds out.
  port: () => true,
  virtual8086: (cpu) => !cpu.virtual8086 || iopl(cpu) === 3,
};

function guarded(each: Row, execute: Execute): Execute {
  const { privilege, protectedOnly, exits } = each;
  if (privilege === undefined && !protectedOnly && !exits) return execute;
  const check = privilege === undefined || privilege === 'port' ? null : CHECKS[privilege];
  return (cpu, i) => {
    if (protectedOnly && (!cpu.protectedMode || cpu.virtual8086)) cpu.fault(UD);
    if (check && !check(cpu)) cpu.protection();
    if (exits && cpu.guest) exits(cpu, i, cpu.guest);
    execute(cpu, i);
  };
}

type Pair = readonly [narrow: Execute, wide: Execute];
const made = new Map<Row, Pair>();

/** The function that executes `row` at an operand size, its privilege checked first. */
export function executeFor(each: Row, wide: boolean): Execute {
  let pair = made.get(each);
  if (!pair) {
    const { execute } = each;
    pair =
      typeof execute === 'function'
        ? [guarded(each, execute), guarded(each, execute)]
        : [guarded(each, execute[16]), guarded(each, execute[32])];
    made.set(each, pair);
  }
  return pair[wide ? 1 : 0];
}
