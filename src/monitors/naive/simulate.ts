/** What stands for each instruction that traps because the guest's kernel runs at level 1. SDM vol. 2. */
import type { Decoded } from '../../machines/pc/instructions/row.ts';
import { SS } from '../../machines/pc/registers.ts';
import type { DescriptorTable, SystemPc } from '../../machines/pc/system.ts';
import type { Shadow } from './shadow.ts';
import type { VirtualPc } from './state.ts';

export interface Virtual {
  readonly system: SystemPc;
  readonly guest: VirtualPc;
  readonly shadow: Shadow;
}

type Simulate = (virtual: Virtual, instruction: Decoded) => void;

const PROTECTION_ENABLED = 1;
const TASK_SWITCHED = 8;
const PAGING = 0x80000000 | 0;
/** Of CR4: entries of 64 bits in page tables. */
const EXTENSION = 0x20;
/** Of CR0 the processor always has these: errors of the x87 unit as exceptions, and the monitor's own right to them. */
const ALWAYS = 0x32;
const KERNEL_LEVEL = 1;

/** A word operand in a register or in memory. */
const wordOperand = ({ system }: Virtual, i: Decoded): number =>
  i.register ? system.registers[i.rm]! & 0xffff : system.load(system.addressOf(i), 2);

function tableOperand({ system }: Virtual, i: Decoded): DescriptorTable {
  const at = system.addressOf(i);
  return { limit: system.load(at, 2), base: system.load((at + 2) | 0, 4) & (i.wide ? -1 : 0xffffff) };
}

function setCr0({ system, guest, shadow }: Virtual, value: number): void {
  const paging = (value & PAGING) !== 0;
  const switched = ((guest.cr0 ^ value) & PAGING) !== 0;
  if (switched && paging) shadow.loadDirectory();
  // What the processor refuses the guest may not write either, paging without protection for one.
  system.loadCr0(value | ALWAYS | (paging ? 0 : PROTECTION_ENABLED));
  guest.cr0 = value | 0x10;
  if ((value & PROTECTION_ENABLED) === 0)
    guest.failure = 'the guest turns protection off, and real-address mode has no rings to compress';
  if (switched) shadow.loadDescriptors();
}

const CONTROL_WRITES: Readonly<Record<number, (virtual: Virtual, value: number) => void>> = {
  0: setCr0,
  2: ({ guest }, value) => {
    guest.cr2 = value;
  },
  3: ({ guest, shadow }, value) => {
    guest.cr3 = value;
    if ((guest.cr0 & PAGING) === 0) return;
    shadow.loadDirectory();
    // Kernels change descriptors when they change processes.
    shadow.loadDescriptors();
  },
  4: ({ guest, system }, value) => {
    system.loadCr4(value & ~EXTENSION);
    guest.cr4 = value;
    if ((value & EXTENSION) !== 0)
      guest.failure =
        'the guest turns PAE on, and this monitor copies page directories of 32-bit entries alone';
  },
};

/** As an instruction of the monitor, on the devices and registers that are the guest's alone. */
const passThrough: Simulate = ({ system }, i) => {
  system.execute(i);
};

const moveControl: Simulate = (virtual, i) => {
  const { registers } = virtual.system;
  const { guest } = virtual;
  if (i.row.operands[0] === 'Cd') {
    CONTROL_WRITES[i.reg]?.(virtual, registers[i.rm]!);
    return;
  }
  registers[i.rm] = { 0: guest.cr0, 2: guest.cr2, 3: guest.cr3, 4: guest.cr4 }[i.reg] ?? 0;
};

/** Selectors of level 0 in the stack segment, which must have the program's level. */
const loadStack: Simulate = (virtual, i) => {
  virtual.system.returnTo(SS, wordOperand(virtual, i), KERNEL_LEVEL);
};

/** By mnemonic; what is not here is the guest's own fault. */
export const SIMULATED: Readonly<Record<string, Simulate>> = {
  CLI: ({ guest }) => {
    guest.interruptFlag = false;
  },
  STI: ({ guest }) => {
    guest.interruptFlag = true;
  },
  HLT: ({ guest }) => {
    guest.halted = true;
  },
  LGDT: (virtual, i) => {
    virtual.guest.gdt = tableOperand(virtual, i);
    virtual.shadow.loadDescriptors();
  },
  LIDT: (virtual, i) => {
    virtual.guest.idt = tableOperand(virtual, i);
  },
  LLDT: (virtual, i) => {
    virtual.guest.ldt = wordOperand(virtual, i);
  },
  LTR: (virtual, i) => {
    const selector = wordOperand(virtual, i);
    const { system, guest } = virtual;
    const at = (guest.gdt.base + (selector & 0xfff8)) | 0;
    const low = system.load(at, 4);
    const high = system.load((at + 4) | 0, 4);
    const base = (low >>> 16) | ((high & 0xff) << 16) | (high & 0xff000000);
    guest.task = { selector, base };
  },
  LMSW: (virtual, i) => {
    setCr0(virtual, (virtual.guest.cr0 & ~0xe) | (wordOperand(virtual, i) & 0xf));
  },
  CLTS: (virtual) => {
    setCr0(virtual, virtual.guest.cr0 & ~TASK_SWITCHED);
  },
  MOV: (virtual, i) => {
    if (i.row.operands[0] === 'Sw') loadStack(virtual, i);
    else if (i.row.operands.some((operand) => operand === 'Cd')) moveControl(virtual, i);
    else passThrough(virtual, i);
  },
  INVLPG: (virtual, i) => {
    const linear = virtual.system.addressOf(i);
    virtual.shadow.copyEntry(linear);
    virtual.system.invalidatePage(linear);
  },
  INVD: passThrough,
  WBINVD: passThrough,
  RDMSR: passThrough,
  WRMSR: passThrough,
  IN: passThrough,
  OUT: passThrough,
  INS: passThrough,
  OUTS: passThrough,
};

/** Whether an exception of the guest's kernel is a trap of this monitor: what it stands for, or undefined. */
export function standInFor(i: Decoded): Simulate | undefined {
  // A move to a segment register faults for the guest's own reasons, but for the stack segment's level.
  if (i.row.mnemonic === 'MOV' && i.row.operands[0] === 'Sw' && i.reg !== SS) return undefined;
  if (i.row.mnemonic === 'MOV' && !i.row.operands.some((operand) => /^(?:Sw|Cd|Dd)$/.test(operand)))
    return undefined;
  return Object.hasOwn(SIMULATED, i.row.mnemonic) ? SIMULATED[i.row.mnemonic] : undefined;
}
