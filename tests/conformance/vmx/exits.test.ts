// What exits, and what the VMCS says of it: reason, qualification, length, information. SDM vol. 3C, chapters 25 and 27.
import { describe, expect, test } from 'vitest';
import { PENTIUM_4 } from '../../../src/machines/pc/models/pentium4.ts';
import type { FieldName } from '../../../src/machines/pc/vmx/fields.ts';
import {
  BITMAPS,
  EPT_AT,
  GUEST_AT,
  GUEST_STACK,
  launch,
  PIN,
  PRIMARY,
  rig,
  SECONDARY,
  type Guest,
} from './rig.ts';

interface Case extends Guest {
  readonly exits: string;
  readonly reason: number;
  readonly qualification?: number;
  readonly also?: Partial<Record<FieldName, number>>;
}

const VALID = 0x80000000 | 0;
const length = (n: number): Partial<Record<FieldName, number>> => ({ EXIT_INSTRUCTION_LENGTH: n });

const CASES: readonly Case[] = [
  { exits: 'CPUID, always', code: 'cpuid', reason: 10, also: length(2) },
  { exits: 'HLT', code: 'hlt', reason: 12, also: { ...length(1), GUEST_RIP: GUEST_AT } },
  { exits: 'INVD, always', code: 'invd', reason: 13 },
  {
    exits: 'INVLPG: the address',
    code: 'invlpg [0x1234]',
    primary: PRIMARY.INVLPG_EXITING,
    reason: 14,
    qualification: 0x1234,
  },
  { exits: 'RDPMC', code: 'rdpmc', primary: PRIMARY.RDPMC_EXITING, reason: 15 },
  { exits: 'RDTSC', code: 'rdtsc', primary: PRIMARY.RDTSC_EXITING, reason: 16, also: length(2) },
  { exits: 'VMCALL', code: 'vmcall', reason: 18, also: length(3) },
  {
    exits: 'VMCLEAR: displacement',
    code: 'mov ebx, 0\nvmclear [ebx + 0x44]',
    reason: 19,
    qualification: 0x44,
    also: { EXIT_INSTRUCTION_INFORMATION: (3 << 15) | (1 << 7) | (1 << 22) | (3 << 23) },
  },
  { exits: 'VMLAUNCH', code: 'vmlaunch', reason: 20 },
  { exits: 'VMPTRLD', code: 'vmptrld [0x40]', reason: 21, qualification: 0x40 },
  { exits: 'VMPTRST', code: 'vmptrst [0x40]', reason: 22, qualification: 0x40 },
  {
    exits: 'VMREAD: registers',
    code: 'vmread ecx, edx',
    reason: 23,
    also: { EXIT_INSTRUCTION_INFORMATION: (2 << 28) | (1 << 10) | (1 << 7) | (1 << 3) },
  },
  { exits: 'VMRESUME', code: 'vmresume', reason: 24 },
  { exits: 'VMWRITE', code: 'vmwrite eax, eax', reason: 25 },
  { exits: 'VMXOFF', code: 'vmxoff', reason: 26 },
  { exits: 'VMXON', code: 'vmxon [0x40]', reason: 27, qualification: 0x40 },
  {
    exits: 'MOV to CR0 that changes a bit of the mask',
    code: 'mov eax, cr0\nor eax, 8\nmov cr0, eax',
    fields: { CR0_MASK: 8 },
    reason: 28,
    qualification: 0,
  },
  {
    exits: 'MOV to CR4 that changes a bit of the mask',
    code: 'mov ecx, 0x2018\nmov cr4, ecx',
    fields: { CR4_MASK: 8 },
    reason: 28,
    qualification: 4 | (1 << 8),
  },
  {
    exits: 'MOV to CR3',
    code: 'mov ebx, 0x1000\nmov cr3, ebx',
    primary: PRIMARY.CR3_LOAD_EXITING,
    reason: 28,
    qualification: 3 | (3 << 8),
  },
  {
    exits: 'MOV from CR3',
    code: 'mov edx, cr3',
    primary: PRIMARY.CR3_STORE_EXITING,
    reason: 28,
    qualification: 3 | (1 << 4) | (2 << 8),
  },
  {
    exits: 'CLTS where the shadow has TS',
    code: 'clts',
    fields: { CR0_MASK: 8, CR0_SHADOW: 8 },
    reason: 28,
    qualification: 2 << 4,
  },
  {
    exits: 'LMSW: the source',
    code: 'mov ax, 0xb\nlmsw ax',
    fields: { CR0_MASK: 8 },
    reason: 28,
    qualification: (3 << 4) | (0xb << 16),
  },
  {
    exits: 'MOV to a debug register',
    code: 'mov dr3, ebx',
    primary: PRIMARY.MOV_DR_EXITING,
    reason: 29,
    qualification: 3 | (3 << 8),
  },
  {
    exits: 'IN: width, direction, port',
    code: 'mov dx, 0x3f8\nin ax, dx',
    primary: PRIMARY.UNCONDITIONAL_IO_EXITING,
    reason: 30,
    qualification: 1 | (1 << 3) | (0x3f8 << 16),
  },
  {
    exits: 'OUT by number',
    code: 'out 0x80, al',
    primary: PRIMARY.UNCONDITIONAL_IO_EXITING,
    reason: 30,
    qualification: (1 << 6) | (0x80 << 16),
  },
  {
    exits: 'REP OUTSB: string, address',
    code: 'mov dx, 0x80\nmov esi, 0x5000\nmov ecx, 2\nrep outsb',
    primary: PRIMARY.UNCONDITIONAL_IO_EXITING,
    reason: 30,
    qualification: (1 << 4) | (1 << 5) | (0x80 << 16),
    also: { GUEST_LINEAR_ADDRESS: 0x5000 },
  },
  { exits: 'RDMSR', code: 'mov ecx, 0x10\nrdmsr', reason: 31 },
  { exits: 'WRMSR', code: 'mov ecx, 0x10\nwrmsr', reason: 32 },
  {
    exits: 'SGDT',
    code: 'sgdt [0x5000]',
    secondary: SECONDARY.EPT | SECONDARY.DESCRIPTOR_TABLE_EXITING,
    reason: 46,
    qualification: 0x5000,
  },
  {
    exits: 'STR',
    code: 'str eax',
    secondary: SECONDARY.EPT | SECONDARY.DESCRIPTOR_TABLE_EXITING,
    reason: 47,
  },
  { exits: 'WBINVD', code: 'wbinvd', secondary: SECONDARY.EPT | SECONDARY.WBINVD_EXITING, reason: 54 },
  { exits: 'INVEPT', code: 'invept eax, [0x40]', reason: 50, qualification: 0x40 },
  { exits: 'INVVPID', code: 'invvpid eax, [0x40]', reason: 53, qualification: 0x40 },
  {
    exits: 'an exception of the bitmap',
    code: 'ud2',
    fields: { EXCEPTION_BITMAP: 1 << 6 },
    reason: 0,
    also: { EXIT_INTERRUPTION: VALID | 0x306, GUEST_RIP: GUEST_AT },
  },
  {
    exits: 'INT3 as a software exception',
    code: 'int3',
    fields: { EXCEPTION_BITMAP: 1 << 3 },
    reason: 0,
    also: { EXIT_INTERRUPTION: VALID | 0x603, ...length(1) },
  },
  {
    exits: 'a page fault: its address and error code',
    code: 'mov eax, [0x2000000]',
    fields: { EXCEPTION_BITMAP: 1 << 14 },
    reason: 0,
    qualification: 0x2000000,
    also: { EXIT_INTERRUPTION: VALID | 0xb0e, EXIT_ERROR_CODE: 0 },
  },
  {
    exits: 'a page fault whose error code does not match, with its bit clear',
    code: 'mov eax, [0x2000000]',
    fields: { PAGE_FAULT_MASK: 1, PAGE_FAULT_MATCH: 1 },
    reason: 0,
    qualification: 0x2000000,
    also: { EXIT_INTERRUPTION: VALID | 0xb0e },
  },
  { exits: 'a triple fault', code: 'ud2', reason: 2 },
  {
    exits: 'a task switch: selector, by JMP',
    code: 'jmp 0x20:0',
    fields: { GUEST_GDTR_BASE: 0x20e000 },
    reason: 9,
    qualification: 0x20 | (2 << 30),
  },
  {
    exits: 'an interrupt window',
    code: 'sti\nnop\nnop',
    primary: PRIMARY.INTERRUPT_WINDOW_EXITING,
    reason: 7,
    also: { GUEST_RIP: GUEST_AT + 2 },
  },
  {
    exits: 'the preemption timer',
    code: 'jmp $',
    pin: PIN.PREEMPTION_TIMER,
    fields: { PREEMPTION_TIMER: 10 },
    reason: 52,
  },
];

describe('an exit for', () => {
  test.each(CASES)('$exits', ({ exits, reason, qualification = 0, also = {}, ...guest }) => {
    const machine = rig(guest);
    // A free TSS in a second table, for the jump.
    machine.pc.loadWord(0x20e020, 0x67);
    machine.pc.loadWord(0x20e024, 0x8900);
    expect(launch(machine), exits).toBe('exit');
    const { vmcs } = machine;
    const seen = { reason: vmcs.get('EXIT_REASON'), qualification: vmcs.get('EXIT_QUALIFICATION') };
    expect(seen).toEqual({ reason, qualification });
    for (const [name, value] of Object.entries(also))
      expect([name, vmcs.get(name as FieldName)]).toEqual([name, value]);
  });
});

const EPT_CASES: readonly (readonly [string, string, number, number, number])[] = [
  ['a read of what is not mapped', 'mov eax, [0xe00004]', 0, 48, 0x181],
  ['a write to what may only be read', 'mov [0xe00004], eax', 0xe000b1, 48, 0x18a],
  ['a fetch from what may not be executed', 'jmp 0xe00004', 0xe000b3, 48, 0x19c],
  ['an entry that may be written but not read', 'mov eax, [0xe00004]', 0xe000b2, 49, 0],
];
test.each(EPT_CASES)('extended paging exits for %s', (_what, code, entry, reason, qualification) => {
  const machine = rig({ code });
  machine.pc.loadWord(EPT_AT + 0x2000 + 8 * 7, entry);
  launch(machine);
  const { vmcs } = machine;
  expect(vmcs.get('EXIT_REASON')).toBe(reason);
  if (reason === 48) expect(vmcs.get('EXIT_QUALIFICATION')).toBe(qualification);
  expect(vmcs.get('GUEST_PHYSICAL_ADDRESS')).toBe(0xe00004);
});

test('a walk refers to as many entries as the formula says: (g + 1)(h + 1) − 1', () => {
  const machine = rig({ code: 'mov eax, [0x5000]\nhlt' });
  const { pc } = machine;
  // The guest's page 5 by two levels of its own, and every page of the host's by four.
  pc.loadWord(0x400000, 0x401007);
  pc.loadWord(0x401014, 0x5007);
  pc.loadWord(0x401000 + 4 * 0x110, 0x110007);
  pc.loadWord(EPT_AT + 0x2000, 0x20a007);
  pc.loadWord(EPT_AT + 0x2000 + 16, 0x20b007);
  for (let k = 0; k < 512; k++) {
    pc.loadWord(0x20a000 + 8 * k, (k << 12) | 0x37);
    pc.loadWord(0x20b000 + 8 * k, (0x400000 + (k << 12)) | 0x37);
  }
  machine.vmcs.set('GUEST_CR3', 0x400000);
  launch(machine);
  const { guest, host } = pc.cpu.vmx.references;
  expect(machine.vmcs.get('EXIT_REASON')).toBe(12);
  // Fetching and reading: two walks, 2 levels of 32-bit entries on 4.
  expect({ guest, host }).toEqual({ guest: 2 * 2, host: 2 * (3 * 4) });
  expect((guest + host) / 2).toBe((2 + 1) * (4 + 1) - 1);
});

test('an event is injected at the handler, with its error code', () => {
  const code = 'hlt';
  const machine = rig({
    code,
    fields: {
      ENTRY_INTERRUPTION: VALID | 0xb0d,
      ENTRY_ERROR_CODE: 0x18,
      GUEST_IDTR_BASE: 0x20f000,
      GUEST_IDTR_LIMIT: 0x7f,
    },
  });
  machine.pc.loadWord(0x20f000 + 13 * 8, (0x10 << 16) | 0x8000);
  machine.pc.loadWord(0x20f000 + 13 * 8 + 4, 0x118e00);
  machine.pc.load(0x118000, [0xf4]);
  launch(machine);
  expect(machine.vmcs.get('EXIT_REASON')).toBe(12);
  expect(machine.vmcs.get('GUEST_RIP')).toBe(0x118000);
  expect(machine.vmcs.get('GUEST_RSP')).toBe(GUEST_STACK - 16);
  expect(machine.pc.cpu.view.getInt32(GUEST_STACK - 16, true)).toBe(0x18);
  expect(machine.vmcs.get('ENTRY_INTERRUPTION') & VALID).toBe(0);
});

test('an exit on the way to a handler tells which event was on its way', () => {
  const machine = rig({
    code: 'int 0x21',
    fields: { GUEST_IDTR_BASE: 0xe00000, GUEST_IDTR_LIMIT: 0x7ff },
  });
  machine.pc.loadWord(EPT_AT + 0x2000 + 8 * 7, 0);
  launch(machine);
  expect(machine.vmcs.get('EXIT_REASON')).toBe(48);
  expect(machine.vmcs.get('IDT_VECTORING')).toBe(VALID | 0x421);
  expect(machine.vmcs.get('EXIT_INSTRUCTION_LENGTH')).toBe(2);
});

test('a page fault on the way of a page fault exits before the two are a double fault', () => {
  const injected = VALID | 0xb0e;
  const machine = rig({
    code: 'hlt',
    fields: {
      ...{ EXCEPTION_BITMAP: 1 << 14, GUEST_IDTR_BASE: 0x40000000, GUEST_IDTR_LIMIT: 0x7ff },
      ...{ ENTRY_INTERRUPTION: injected, ENTRY_ERROR_CODE: 4 },
    },
  });
  launch(machine);
  expect(machine.vmcs.get('EXIT_REASON')).toBe(0);
  expect(machine.vmcs.get('EXIT_INTERRUPTION')).toBe(VALID | 0xb0e);
  expect(machine.vmcs.get('EXIT_QUALIFICATION')).toBe(0x40000070);
  expect(machine.vmcs.get('IDT_VECTORING')).toBe(injected);
  expect(machine.vmcs.get('IDT_VECTORING_ERROR')).toBe(4);
});

test('an exit right behind a load of SS tells that it holds interrupts off, even with interrupts disabled', () => {
  const machine = rig({ code: 'mov ax, ss\nmov ss, ax\nhlt' });
  launch(machine);
  expect(machine.vmcs.get('EXIT_REASON')).toBe(12);
  expect(machine.vmcs.get('GUEST_INTERRUPTIBILITY')).toBe(2);
});

test('bitmaps choose the ports and registers that exit', () => {
  const open = rig({
    code: 'in al, 0x61\nout 0x80, al\nhlt',
    primary: PRIMARY.USE_IO_BITMAPS | PRIMARY.USE_MSR_BITMAPS,
  });
  launch(open);
  expect(open.vmcs.get('EXIT_REASON')).toBe(12);
  const listed = rig({ code: 'in al, 0x61\nout 0x80, al\nhlt', primary: PRIMARY.USE_IO_BITMAPS });
  listed.pc.loadWord(BITMAPS + 0x10, 1);
  launch(listed);
  expect(listed.vmcs.get('EXIT_QUALIFICATION') >>> 16).toBe(0x80);
});

test('a guest reads bits of the masks from the shadows, and time with the offset', () => {
  const machine = rig({
    code: 'mov eax, cr0\nmov ebx, cr4\nmov ecx, 0\nhlt',
    fields: { CR0_MASK: 8, CR0_SHADOW: 8, CR4_MASK: 0x2000, CR4_SHADOW: 0 },
  });
  launch(machine);
  expect(machine.pc.cpu.words[0]! & 8).toBe(8);
  expect(machine.pc.cpu.words[3]! & 0x2000).toBe(0);
});

test('processors of 2005 have no secondary controls, and CR3 always exits', () => {
  const machine = rig({ model: PENTIUM_4, code: 'mov eax, cr3' });
  launch(machine);
  expect(machine.vmcs.get('EXIT_REASON')).toBe(28);
});

test('a host state that was written over in memory while its guest ran is a VMX abort', () => {
  const { pc, vmcs } = rig({ code: 'nop\nhlt' });
  pc.cpu.halted = false;
  while (!pc.cpu.guest) pc.step();
  vmcs.set('HOST_CR4', -1);
  while (pc.cpu.guest) pc.step();
  expect(pc.cpu.shutdown).toMatch(/VMX abort 3/);
  expect(pc.cpu.view.getInt32(vmcs.at + 4, true)).toBe(3);
});
