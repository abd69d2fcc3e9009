/** System instructions: tables, control registers, descriptors, ports, time. SDM vol. 2 and vol. 3A, chapter 2. */
import type { Cpu } from '../cpu.ts';
import { CR0_PE, CR0_TS, CR4_PCE, CR4_TSD, CS, EAX, ECX, EDX, EFLAGS, ESP, SS } from '../registers.ts';
import { setCr0, setCr4, STATUS_WORD } from '../control-registers.ts';
import { identify } from '../cpuid.ts';
import { readDebugRegister, writeDebugRegister } from '../debug.ts';
import { FLAG_DF, FLAG_IF, FLAG_RF, FLAG_VM } from '../eflags.ts';
import { UD } from '../exceptions.ts';
import { setFlags } from '../flags.ts';
import { loadAddressSpace } from '../paging.ts';
import { counterValue } from '../performance.ts';
import {
  readModelSpecific,
  writeModelSpecific,
  SYSENTER_CS,
  SYSENTER_EIP,
  SYSENTER_ESP,
  timeStamp,
} from '../model-specific.ts';
import { loadLdt, loadTaskRegister, modeChanged, setSegment, shadowNext } from '../segments.ts';
import {
  always,
  cpuidExits,
  debugRegisterExits,
  guestClearsTs,
  guestLoadsStatus,
  guestReads,
  guestWrites,
  haltExits,
  invalidatePageExits,
  msrExits,
  performanceExits,
  tableExits,
  timeStampExits,
  visibleCr0,
  visibleCr4,
  writeBackExits,
} from '../vmx/intercepts.ts';
import { getE16, offsetOf, setE16 } from './operands.ts';
import { row, type Execute, type Row } from './row.ts';

// ---------------------------------------------------------------- descriptor tables and machine status

const storeTable =
  (which: 'gdt' | 'idt'): Execute =>
  (cpu, i) => {
    const at = offsetOf(cpu, i);
    // Both stores are known to succeed before the first.
    cpu.update(i.segment, (at + 2) & i.addressMask, 4);
    cpu.store16(i.segment, at, which === 'gdt' ? cpu.gdtLimit : cpu.idtLimit);
    cpu.store32(i.segment, (at + 2) & i.addressMask, which === 'gdt' ? cpu.gdtBase : cpu.idtBase);
  };

/** With 16-bit operands only 24 bits of the base count. */
const loadTable =
  (which: 'gdt' | 'idt'): Execute =>
  (cpu, i) => {
    const at = offsetOf(cpu, i);
    const limit = cpu.load16(i.segment, at);
    const base = cpu.load32(i.segment, (at + 2) & i.addressMask) & (i.wide ? -1 : 0xffffff);
    if (which === 'gdt') [cpu.gdtLimit, cpu.gdtBase] = [limit, base];
    else [cpu.idtLimit, cpu.idtBase] = [limit, base];
  };

/** SLDT, STR, SMSW: 16 bits to memory, the whole register with 32-bit operands. */
const storeStatus =
  (value: (cpu: Cpu) => number): Execute =>
  (cpu, i) => {
    if (i.register && i.wide) cpu.words[i.rm] = value(cpu);
    else setE16(cpu, i, value(cpu));
  };

/** LMSW sets PE but cannot clear it. */
const loadStatusWord: Execute = (cpu, i) => {
  const source = getE16(cpu, i) & STATUS_WORD;
  const value = cpu.guest ? guestLoadsStatus(cpu, i, cpu.guest, source) : source;
  setCr0(cpu, (cpu.cr0 & ~(STATUS_WORD & ~CR0_PE)) | value);
};

// ---------------------------------------------------------------- control and debug registers

/** There is no CR4 before CPUID. */
function demandCr4(cpu: Cpu): void {
  if (!cpu.features.has('cpuid')) cpu.fault(UD);
}

const readControl: Execute = (cpu, i) => {
  if (i.reg === 4) demandCr4(cpu);
  if (cpu.guest) guestReads(cpu, i, cpu.guest);
  const value = [visibleCr0(cpu), undefined, cpu.cr2, cpu.cr3, visibleCr4(cpu)][i.reg];
  if (value === undefined) cpu.fault(UD);
  else cpu.words[i.rm] = value;
};
const writeControl: Execute = (cpu, i) => {
  const { guest } = cpu;
  const value = guest ? guestWrites(cpu, i, guest, cpu.words[i.rm]!) : cpu.words[i.rm]!;
  if (i.reg === 0) setCr0(cpu, value);
  else if (i.reg === 2) cpu.cr2 = value;
  else if (i.reg === 3) {
    loadAddressSpace(cpu, value);
    cpu.spend(cpu.costs['address-space']);
  } else if (i.reg === 4) {
    demandCr4(cpu);
    setCr4(cpu, value);
  } else cpu.fault(UD);
};

const readDebug: Execute = (cpu, i) => {
  cpu.words[i.rm] = readDebugRegister(cpu, i.reg);
};
const writeDebug: Execute = (cpu, i) => {
  writeDebugRegister(cpu, i.reg, cpu.words[i.rm]!);
  cpu.leaveLoop();
};

/** CLTS. */
const clearTaskSwitched: Execute = (cpu, i) => {
  if (cpu.guest && !guestClearsTs(cpu, i, cpu.guest)) return;
  cpu.cr0 &= ~CR0_TS;
};

const invalidatePage: Execute = (cpu, i) => {
  const a = (offsetOf(cpu, i) + cpu.bases[i.segment]!) | 0;
  cpu.instructionTlb.invalidate(a);
  cpu.dataTlb.invalidate(a);
  cpu.onForget?.(a);
};

// ---------------------------------------------------------------- interrupts, halt, time, identification

const clearInterruptFlag: Execute = (cpu) => setFlags(cpu, FLAG_IF, 0);
const setInterruptFlag: Execute = (cpu) => {
  if ((cpu.words[EFLAGS]! & FLAG_IF) !== 0) return;
  setFlags(cpu, FLAG_IF, FLAG_IF);
  shadowNext(cpu);
};
const halt: Execute = (cpu) => {
  cpu.halted = true;
  cpu.leaveLoop();
};

const readTimeStamp: Execute = (cpu, i) => {
  if ((cpu.cr4 & CR4_TSD) !== 0 && cpu.cpl !== 0) cpu.protection();
  if (cpu.guest) timeStampExits(cpu, i, cpu.guest);
  const [low, high] = timeStamp(cpu);
  cpu.words[EAX] = low;
  cpu.words[EDX] = high;
};
const readPerformance: Execute = (cpu, i) => {
  if ((cpu.cr4 & CR4_PCE) === 0 && cpu.cpl !== 0) cpu.protection();
  if (cpu.guest) performanceExits(cpu, i, cpu.guest);
  if (cpu.words[ECX]! >>> 0 > 1) cpu.protection();
  const value = cpu.features.has('pmc') ? counterValue(cpu, cpu.words[ECX]!) : 0;
  cpu.words[EAX] = (value % 2 ** 32) | 0;
  cpu.words[EDX] = Math.floor(value / 2 ** 32);
};

/** SYSENTER: flat segments that follow the selector in the MSR. SDM vol. 2B, "SYSENTER". */
const FLAT_CODE = 0xc09b;
const FLAT_DATA = 0xc093;
const LEVEL_3 = 0x60;
const systemEnter: Execute = (cpu) => {
  const selector = cpu.msr.get(SYSENTER_CS)?.[0] ?? 0;
  if (!cpu.protectedMode || (selector & 0xfffc) === 0) cpu.protection();
  setFlags(cpu, FLAG_VM | FLAG_IF | FLAG_RF, 0);
  cpu.virtual8086 = false;
  cpu.setCpl(0);
  flat(cpu, CS, selector & 0xfffc, FLAT_CODE);
  flat(cpu, SS, (selector & 0xfffc) + 8, FLAT_DATA);
  cpu.words[ESP] = cpu.msr.get(SYSENTER_ESP)?.[0] ?? 0;
  cpu.eip = cpu.msr.get(SYSENTER_EIP)?.[0] ?? 0;
  modeChanged(cpu);
};
const systemExit: Execute = (cpu) => {
  const selector = cpu.msr.get(SYSENTER_CS)?.[0] ?? 0;
  if (!cpu.protectedMode || (selector & 0xfffc) === 0) cpu.protection();
  cpu.setCpl(3);
  flat(cpu, CS, ((selector & 0xfffc) + 16) | 3, FLAT_CODE | LEVEL_3);
  flat(cpu, SS, ((selector & 0xfffc) + 24) | 3, FLAT_DATA | LEVEL_3);
  cpu.words[ESP] = cpu.words[ECX]!;
  cpu.eip = cpu.words[EDX]!;
};
const flat = (cpu: Cpu, segment: number, selector: number, access: number): void =>
  setSegment(cpu, segment, selector & 0xffff, 0, 0xffffffff, access);

const READ = { sensitive: 'behaviour' } as const;
const WRITE = { privilege: 'cpl0', sensitive: 'control', ends: true } as const;
const INTERRUPTS = { privilege: 'iopl', sensitive: 'control', ends: true } as const;
const nothing: Execute = () => undefined;

export const SYSTEM: readonly Row[] = [
  row(
    '0F 00 /0',
    'SLDT',
    'Store local descriptor table register',
    'Ew',
    'system-read',
    storeStatus((cpu) => cpu.ldt.selector),
    { ...READ, protectedOnly: true, exits: tableExits('LDTR_TR', 0) },
  ),
  row(
    '0F 00 /1',
    'STR',
    'Store task register',
    'Ew',
    'system-read',
    storeStatus((cpu) => cpu.task.selector),
    { ...READ, protectedOnly: true, exits: tableExits('LDTR_TR', 1) },
  ),
  row(
    '0F 00 /2',
    'LLDT',
    'Load local descriptor table register',
    'Ew',
    'system-write',
    (cpu, i) => loadLdt(cpu, getE16(cpu, i)),
    { ...WRITE, protectedOnly: true, exits: tableExits('LDTR_TR', 2) },
  ),
  row(
    '0F 00 /3',
    'LTR',
    'Load task register',
    'Ew',
    'system-write',
    (cpu, i) => loadTaskRegister(cpu, getE16(cpu, i)),
    { ...WRITE, protectedOnly: true, exits: tableExits('LDTR_TR', 3) },
  ),
  row('0F 01 /0', 'SGDT', 'Store global descriptor table register', 'Ms', 'system-read', storeTable('gdt'), {
    ...READ,
    exits: tableExits('GDTR_IDTR', 0),
  }),
  row(
    '0F 01 /1',
    'SIDT',
    'Store interrupt descriptor table register',
    'Ms',
    'system-read',
    storeTable('idt'),
    { ...READ, exits: tableExits('GDTR_IDTR', 1) },
  ),
  row('0F 01 /2', 'LGDT', 'Load global descriptor table register', 'Ms', 'system-write', loadTable('gdt'), {
    ...WRITE,
    exits: tableExits('GDTR_IDTR', 2),
  }),
  row(
    '0F 01 /3',
    'LIDT',
    'Load interrupt descriptor table register',
    'Ms',
    'system-write',
    loadTable('idt'),
    { ...WRITE, exits: tableExits('GDTR_IDTR', 3) },
  ),
  row('0F 01 /4', 'SMSW', 'Store machine status word', 'Ew', 'system-read', storeStatus(visibleCr0), READ),
  row('0F 01 /6', 'LMSW', 'Load machine status word', 'Ew', 'system-write', loadStatusWord, WRITE),
  row('0F 01 /7', 'INVLPG', 'Invalidate TLB entry', 'M', 'page-invalidate', invalidatePage, {
    ...WRITE,
    exits: invalidatePageExits,
  }),
  row('0F 06', 'CLTS', 'Clear task-switched flag in CR0', '', 'system-write', clearTaskSwitched, WRITE),
  row('0F 20', 'MOV', 'Move from control register', 'Rd,Cd', 'system-read', readControl, { ...WRITE }),
  row('0F 22', 'MOV', 'Move to control register', 'Cd,Rd', 'system-write', writeControl, WRITE),
  row('0F 21', 'MOV', 'Move from debug register', 'Rd,Dd', 'system-read', readDebug, {
    ...WRITE,
    exits: debugRegisterExits(true),
  }),
  row('0F 23', 'MOV', 'Move to debug register', 'Dd,Rd', 'system-write', writeDebug, {
    ...WRITE,
    exits: debugRegisterExits(false),
  }),
  row('0F 08', 'INVD', 'Invalidate internal caches', '', 'system-write', nothing, {
    ...WRITE,
    exits: always('INVD'),
  }),
  row('0F 09', 'WBINVD', 'Write back and invalidate cache', '', 'system-write', nothing, {
    ...WRITE,
    exits: writeBackExits,
  }),
  row('FA', 'CLI', 'Clear interrupt flag', '', 'flags', clearInterruptFlag, INTERRUPTS),
  row('FB', 'STI', 'Set interrupt flag', '', 'flags', setInterruptFlag, INTERRUPTS),
  row('FC', 'CLD', 'Clear direction flag', '', 'plain', (cpu) => setFlags(cpu, FLAG_DF, 0)),
  row('FD', 'STD', 'Set direction flag', '', 'plain', (cpu) => setFlags(cpu, FLAG_DF, FLAG_DF)),
  row('F4', 'HLT', 'Halt', '', 'plain', halt, { ...WRITE, exits: haltExits }),
  row('0F A2', 'CPUID', 'CPU identification', '', 'serialize', identify, {
    sensitive: 'behaviour',
    since: 'cpuid',
    exits: cpuidExits,
  }),
  row('0F 31', 'RDTSC', 'Read time-stamp counter', '', 'time-stamp', readTimeStamp, {
    ...READ,
    ends: true,
    since: 'tsc',
  }),
  row('0F 33', 'RDPMC', 'Read performance-monitoring counters', '', 'time-stamp', readPerformance, {
    ...READ,
    ends: true,
    since: 'cmov',
    partial: 'two counters as of the P6, of four events; those of the Pentium 4 stand at 0',
  }),
  row('0F 32', 'RDMSR', 'Read from model-specific register', '', 'serialize', readModelSpecific, {
    ...WRITE,
    exits: msrExits('RDMSR'),
    since: 'msr',
  }),
  row('0F 30', 'WRMSR', 'Write to model-specific register', '', 'serialize', writeModelSpecific, {
    ...WRITE,
    exits: msrExits('WRMSR'),
    since: 'msr',
  }),
  row('0F 34', 'SYSENTER', 'Fast system call', '', 'fast-call', systemEnter, { ends: true, since: 'sep' }),
  row('0F 35', 'SYSEXIT', 'Fast return from fast system call', '', 'fast-call', systemExit, {
    ...WRITE,
    since: 'sep',
  }),
];
