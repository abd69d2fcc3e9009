/**
 * What goes wrong without a trap: for an instruction that is sensitive and runs at level 1 all the same, what it is
 * about to do on the real machine, and what it should have done on the guest's. The monitor of 1999 could not know;
 * this is for those who look on.
 */
import type { Decoded, Row } from '../../machines/pc/instructions/row.ts';
import { IA32_INSTRUCTIONS } from '../../machines/pc/instructions/table.ts';
import { CS, ESP, SS, type SegmentNumber } from '../../machines/pc/registers.ts';
import { FLAG_IF } from './reflect.ts';
import type { Virtual } from './simulate.ts';

/** One quiet mistake. */
export interface Silent {
  readonly mnemonic: string;
  /** What the guest sees or changes, e.g. IF. */
  readonly name: string;
  /** What it gets, and what its own machine would have given. */
  readonly got: number;
  readonly wanted: number;
}

/** Doubleword at a linear address, read without a trace; null where there is none. */
export type Peek = (linear: number) => number | null;

/** Null: what it reaches for is not there, so that it will trap. */
type Look = (virtual: Virtual, instruction: Decoded, peek: Peek) => Omit<Silent, 'mnemonic'> | null;

/** Of CR0, what SMSW shows. */
const STATUS_WORD = 0xffff;
const LEVEL = 3;
/** In the upper word of a descriptor. */
const ACCESSED = 0x100;
const flag = (set: boolean): number => (set ? 1 : 0);

/** A word of the guest's stack, 4 × `index` bytes from its top. */
const stacked = ({ system }: Virtual, index: number, peek: Peek): number | null =>
  peek((system.base(SS) + system.registers[ESP]! + 4 * index) | 0);

/** An interrupt flag that is loaded: the real one stays as it is, and so does the virtual one. */
const loadsFlag =
  (index: number): Look =>
  (virtual, i, peek) => {
    const flags = i.wide ? stacked(virtual, index, peek) : null;
    if (flags === null) return null;
    return { name: 'IF', got: flag(virtual.guest.interruptFlag), wanted: flag((flags & FLAG_IF) !== 0) };
  };

const showsLevel =
  (segment: SegmentNumber, name: string): Look =>
  ({ system }) => ({
    name,
    got: system.selector(segment),
    wanted: system.selector(segment) & ~LEVEL,
  });

/** Rights or limit of a descriptor: the copy's instead of the guest's. */
const asksDescriptor: Look = ({ system, guest }, i, peek) => {
  const operand = i.register ? system.registers[i.rm]! : peek(system.addressOf(i));
  const offset = ((operand ?? 0) & 0xfff8) + 4;
  if (operand === null || (operand & 4) !== 0 || offset > guest.gdt.limit) return null;
  const [copy, own] = [peek((system.gdt.base + offset) | 0), peek((guest.gdt.base + offset) | 0)];
  if (copy === null || own === null) return null;
  // The accessed bit is nobody's secret.
  return { name: 'descriptor', got: copy & ~ACCESSED, wanted: own & ~ACCESSED };
};

/** By mnemonic, or mnemonic and operand. */
const LOOKS: Readonly<Record<string, Look>> = {
  PUSHF: ({ guest }) => ({ name: 'IF', got: 1, wanted: flag(guest.interruptFlag) }),
  POPF: loadsFlag(0),
  IRET: loadsFlag(2),
  SGDT: ({ system, guest }) => ({ name: 'GDTR', got: system.gdt.base, wanted: guest.gdt.base }),
  SIDT: ({ system, guest }) => ({ name: 'IDTR', got: system.idt.base, wanted: guest.idt.base }),
  SLDT: ({ system, guest }) => ({ name: 'LDTR', got: system.ldt, wanted: guest.ldt }),
  STR: ({ system, guest }) => ({ name: 'TR', got: system.task, wanted: guest.task.selector }),
  SMSW: ({ system, guest }) => ({
    name: 'CR0',
    got: system.cr0 & STATUS_WORD,
    wanted: guest.cr0 & STATUS_WORD,
  }),
  'PUSH CS': showsLevel(CS, 'CS'),
  'PUSH SS': showsLevel(SS, 'SS'),
  LAR: asksDescriptor,
  LSL: asksDescriptor,
  VERR: asksDescriptor,
  VERW: asksDescriptor,
};

function lookFor({ row, reg }: Decoded): Look | undefined {
  if (row.mnemonic === 'MOV')
    return reg === CS ? showsLevel(CS, 'CS') : reg === SS ? showsLevel(SS, 'SS') : undefined;
  return lookOf(row);
}

const lookOf = (row: Row): Look | undefined =>
  LOOKS[row.mnemonic] ?? LOOKS[`${row.mnemonic} ${row.operands[0] ?? ''}`];

/** All that could go wrong. */
export const WATCHED: ReadonlySet<Row> = new Set(
  IA32_INSTRUCTIONS.filter((row) => lookOf(row) ?? (row.mnemonic === 'MOV' && row.operands[1] === 'Sw')),
);

/** Whether `i`, which is about to execute, goes wrong; null if nobody will notice. */
export function silentMistake(virtual: Virtual, i: Decoded, peek: Peek): Silent | null {
  const look = virtual.system.level === 3 ? undefined : lookFor(i);
  const found = look?.(virtual, i, peek) ?? null;
  if (!found || found.got === found.wanted) return null;
  return { mnemonic: i.row.mnemonic, ...found };
}
