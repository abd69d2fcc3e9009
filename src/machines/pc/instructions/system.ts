/** System instructions: tables, control registers, descriptors, ports, time. SDM vol. 2 and vol. 3A, chapter 2. */
import type { Cpu } from '../cpu.ts';
import {
  CR0_AM,
  CR0_CD,
  CR0_EM,
  CR0_ET,
  CR0_MP,
  CR0_NE,
  CR0_NW,
  CR0_PE,
  CR0_PG,
  CR0_TS,
  CR0_WP,
  CR4_PCE,
  CR4_PGE,
  CR4_PSE,
  CR4_TSD,
  CS,
  EAX,
  ECX,
  EDX,
  EFLAGS,
  ESP,
  SS,
} from '../registers.ts';
import { identify } from '../cpuid.ts';
import { FLAG_DF, FLAG_IF, FLAG_RF, FLAG_VM, FLAG_ZF } from '../eflags.ts';
import { UD } from '../exceptions.ts';
import { setFlags } from '../flags.ts';
import {
  readModelSpecific,
  writeModelSpecific,
  SYSENTER_CS,
  SYSENTER_EIP,
  SYSENTER_ESP,
  timeStamp,
} from '../model-specific.ts';
import {
  findDescriptor,
  isCode,
  isConforming,
  isWritableData,
  LDT,
  limitOf,
  loadLdt,
  loadTaskRegister,
  modeChanged,
  setSegment,
  shadowNext,
  systemType,
  TASK_GATE,
  TSS_16,
  TSS_32,
  TSS_BUSY,
  CALL_GATE_16,
  CALL_GATE_32,
  type Descriptor,
} from '../segments.ts';
import { dplOf, NOT_SYSTEM, READABLE } from '../segment-checks.ts';
import { getE16, offsetOf, setE16, sized, type Width } from './operands.ts';
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

const STATUS_WORD = CR0_PE | CR0_MP | CR0_EM | CR0_TS;

/** LMSW sets PE but cannot clear it. */
const loadStatusWord: Execute = (cpu, i) => {
  const value = getE16(cpu, i) & STATUS_WORD;
  setCr0(cpu, (cpu.cr0 & ~(STATUS_WORD & ~CR0_PE)) | value);
};

// ---------------------------------------------------------------- control and debug registers

const CR0_KNOWN = STATUS_WORD | CR0_ET | CR0_NE | CR0_WP | CR0_AM | CR0_NW | CR0_CD | CR0_PG;
/** VME, PVI and DE hold no function here; PAE, MCE and the rest do not exist in this processor. */
const CR4_KNOWN = CR4_TSD | CR4_PSE | CR4_PGE | CR4_PCE;
const FLUSHING = CR0_PG | CR0_WP | CR0_PE;

export function setCr0(cpu: Cpu, value: number): void {
  const next = (value & CR0_KNOWN) | CR0_ET;
  if ((next & CR0_PG) !== 0 && (next & CR0_PE) === 0) cpu.protection();
  if ((next & CR0_NW) !== 0 && (next & CR0_CD) === 0) cpu.protection();
  const changed = cpu.cr0 ^ next;
  cpu.cr0 = next;
  cpu.paging = (next & CR0_PG) !== 0;
  cpu.protectedMode = (next & CR0_PE) !== 0;
  if ((changed & FLUSHING) !== 0) cpu.flushTlbs(false);
  if ((changed & CR0_PE) !== 0) modeChanged(cpu);
}

function setCr4(cpu: Cpu, value: number): void {
  if ((value & ~CR4_KNOWN) !== 0) cpu.protection();
  const changed = cpu.cr4 ^ value;
  cpu.cr4 = value;
  if ((changed & (CR4_PSE | CR4_PGE)) !== 0) cpu.flushTlbs(false);
}

const readControl: Execute = (cpu, i) => {
  const value = [cpu.cr0, undefined, cpu.cr2, cpu.cr3, cpu.cr4][i.reg];
  if (value === undefined) cpu.fault(UD);
  else cpu.words[i.rm] = value;
};
const writeControl: Execute = (cpu, i) => {
  const value = cpu.words[i.rm]!;
  if (i.reg === 0) setCr0(cpu, value);
  else if (i.reg === 2) cpu.cr2 = value;
  else if (i.reg === 3) {
    cpu.cr3 = value;
    cpu.spend(cpu.costs['address-space']);
    cpu.flushTlbs(true);
  } else if (i.reg === 4) setCr4(cpu, value);
  else cpu.fault(UD);
  cpu.leaveLoop();
};

/** DR4 and DR5 are DR6 and DR7 while CR4.DE is 0. */
const debugRegister = (reg: number): number => (reg === 4 || reg === 5 ? reg + 2 : reg);
const readDebug: Execute = (cpu, i) => {
  cpu.words[i.rm] = cpu.dr[debugRegister(i.reg)]!;
};
const DR6_ONES = 0xffff0ff0 | 0;
const DR7_ONE = 0x400;
const writeDebug: Execute = (cpu, i) => {
  const value = cpu.words[i.rm]!;
  const to = debugRegister(i.reg);
  cpu.dr[to] = to === 6 ? value | DR6_ONES : to === 7 ? (value | DR7_ONE) & ~0xd800 : value;
};

/** CLTS. */
const clearTaskSwitched: Execute = (cpu) => {
  cpu.cr0 &= ~CR0_TS;
};

const invalidatePage: Execute = (cpu, i) => {
  const a = (offsetOf(cpu, i) + cpu.bases[i.segment]!) | 0;
  cpu.instructionTlb.invalidate(a);
  cpu.dataTlb.invalidate(a);
};

// ---------------------------------------------------------------- asking about descriptors

/** Whether a program of this level could use the segment; conforming code is visible to all. */
function visible(cpu: Cpu, d: Descriptor, selector: number): boolean {
  if (isCode(d) && isConforming(d)) return true;
  const dpl = dplOf(d.access);
  return dpl >= cpu.cpl && dpl >= (selector & 3);
}

const answer = (cpu: Cpu, yes: boolean): void => setFlags(cpu, FLAG_ZF, yes ? FLAG_ZF : 0);

const verify =
  (usable: (d: Descriptor) => boolean): Execute =>
  (cpu, i) => {
    const selector = getE16(cpu, i);
    const d = findDescriptor(cpu, selector);
    answer(cpu, d !== null && (d.access & NOT_SYSTEM) !== 0 && usable(d) && visible(cpu, d, selector));
  };
const readableSegment = (d: Descriptor): boolean => !isCode(d) || (d.access & READABLE) !== 0;

/** Types of system segments that LAR (LSL: those with a limit) accepts. SDM vol. 2A, "LAR", "LSL". */
const WITH_LIMIT = [TSS_16, LDT, TSS_16 | TSS_BUSY, TSS_32, TSS_32 | TSS_BUSY];
const WITH_RIGHTS = [...WITH_LIMIT, CALL_GATE_16, TASK_GATE, CALL_GATE_32];

const load =
  (types: readonly number[], value: (d: Descriptor) => number) =>
  (w: Width): Execute =>
  (cpu, i) => {
    const selector = getE16(cpu, i);
    const d = findDescriptor(cpu, selector);
    const known = d !== null && ((d.access & NOT_SYSTEM) !== 0 || types.includes(systemType(d)));
    if (known && visible(cpu, d, selector)) {
      w.setG(cpu, i, value(d));
      answer(cpu, true);
    } else answer(cpu, false);
  };

/** ARPL: raises the requested privilege level of a selector to that of another. */
const adjustLevel: Execute = (cpu, i) => {
  const selector = i.register ? cpu.halves[i.rm << 1]! : cpu.update(i.segment, offsetOf(cpu, i), 2);
  const level = cpu.halves[i.reg << 1]! & 3;
  const lower = (selector & 3) < level;
  if (lower) setE16(cpu, i, (selector & ~3) | level);
  answer(cpu, lower);
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

const readTimeStamp: Execute = (cpu) => {
  if ((cpu.cr4 & CR4_TSD) !== 0 && cpu.cpl !== 0) cpu.protection();
  const [low, high] = timeStamp(cpu);
  cpu.words[EAX] = low;
  cpu.words[EDX] = high;
};
const readPerformance: Execute = (cpu) => {
  if ((cpu.cr4 & CR4_PCE) === 0 && cpu.cpl !== 0) cpu.protection();
  if (cpu.words[ECX]! >>> 0 > 1) cpu.protection();
  cpu.words[EAX] = 0;
  cpu.words[EDX] = 0;
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
  cpu.leaveLoop();
};
const flat = (cpu: Cpu, segment: number, selector: number, access: number): void =>
  setSegment(cpu, segment, selector & 0xffff, 0, 0xffffffff, access);

const READ = { sensitive: 'behaviour' } as const;
const WRITE = { privilege: 'cpl0', sensitive: 'control', ends: true } as const;
const ASK = { sensitive: 'behaviour', protectedOnly: true, flags: 'Z' } as const;
const INTERRUPTS = { privilege: 'iopl', sensitive: 'control', ends: true } as const;
const rights: (w: Width) => Execute = load(WITH_RIGHTS, (d) => d.high & 0x00f0ff00);
const limit: (w: Width) => Execute = load(WITH_LIMIT, limitOf);
const nothing: Execute = () => undefined;

export const SYSTEM: readonly Row[] = [
  row(
    '0F 00 /0',
    'SLDT',
    'Store local descriptor table register',
    'Ew',
    'system-read',
    storeStatus((cpu) => cpu.ldt.selector),
    { ...READ, protectedOnly: true },
  ),
  row(
    '0F 00 /1',
    'STR',
    'Store task register',
    'Ew',
    'system-read',
    storeStatus((cpu) => cpu.task.selector),
    { ...READ, protectedOnly: true },
  ),
  row(
    '0F 00 /2',
    'LLDT',
    'Load local descriptor table register',
    'Ew',
    'system-write',
    (cpu, i) => loadLdt(cpu, getE16(cpu, i)),
    { ...WRITE, protectedOnly: true },
  ),
  row(
    '0F 00 /3',
    'LTR',
    'Load task register',
    'Ew',
    'system-write',
    (cpu, i) => loadTaskRegister(cpu, getE16(cpu, i)),
    { ...WRITE, protectedOnly: true },
  ),
  row('0F 00 /4', 'VERR', 'Verify a segment for reading', 'Ew', 'segment-load', verify(readableSegment), ASK),
  row('0F 00 /5', 'VERW', 'Verify a segment for writing', 'Ew', 'segment-load', verify(isWritableData), ASK),
  row(
    '0F 01 /0',
    'SGDT',
    'Store global descriptor table register',
    'Ms',
    'system-read',
    storeTable('gdt'),
    READ,
  ),
  row(
    '0F 01 /1',
    'SIDT',
    'Store interrupt descriptor table register',
    'Ms',
    'system-read',
    storeTable('idt'),
    READ,
  ),
  row(
    '0F 01 /2',
    'LGDT',
    'Load global descriptor table register',
    'Ms',
    'system-write',
    loadTable('gdt'),
    WRITE,
  ),
  row(
    '0F 01 /3',
    'LIDT',
    'Load interrupt descriptor table register',
    'Ms',
    'system-write',
    loadTable('idt'),
    WRITE,
  ),
  row(
    '0F 01 /4',
    'SMSW',
    'Store machine status word',
    'Ew',
    'system-read',
    storeStatus((cpu) => cpu.cr0),
    READ,
  ),
  row('0F 01 /6', 'LMSW', 'Load machine status word', 'Ew', 'system-write', loadStatusWord, WRITE),
  row('0F 01 /7', 'INVLPG', 'Invalidate TLB entry', 'M', 'page-invalidate', invalidatePage, WRITE),
  row('0F 02', 'LAR', 'Load access rights', 'Gv,Ew', 'segment-load', sized(rights), ASK),
  row('0F 03', 'LSL', 'Load segment limit', 'Gv,Ew', 'segment-load', sized(limit), ASK),
  row('63', 'ARPL', 'Adjust RPL field of segment selector', 'Ew,Gw', 'plain', adjustLevel, { ...ASK }),
  row('0F 06', 'CLTS', 'Clear task-switched flag in CR0', '', 'system-write', clearTaskSwitched, WRITE),
  row('0F 20', 'MOV', 'Move from control register', 'Rd,Cd', 'system-read', readControl, { ...WRITE }),
  row('0F 22', 'MOV', 'Move to control register', 'Cd,Rd', 'system-write', writeControl, WRITE),
  row('0F 21', 'MOV', 'Move from debug register', 'Rd,Dd', 'system-read', readDebug, WRITE),
  row('0F 23', 'MOV', 'Move to debug register', 'Dd,Rd', 'system-write', writeDebug, {
    ...WRITE,
    partial: 'breakpoints of DR0 to DR3 never match',
  }),
  row('0F 08', 'INVD', 'Invalidate internal caches', '', 'system-write', nothing, WRITE),
  row('0F 09', 'WBINVD', 'Write back and invalidate cache', '', 'system-write', nothing, WRITE),
  row('FA', 'CLI', 'Clear interrupt flag', '', 'flags', clearInterruptFlag, INTERRUPTS),
  row('FB', 'STI', 'Set interrupt flag', '', 'flags', setInterruptFlag, INTERRUPTS),
  row('FC', 'CLD', 'Clear direction flag', '', 'plain', (cpu) => setFlags(cpu, FLAG_DF, 0)),
  row('FD', 'STD', 'Set direction flag', '', 'plain', (cpu) => setFlags(cpu, FLAG_DF, FLAG_DF)),
  row('F4', 'HLT', 'Halt', '', 'plain', halt, WRITE),
  row('0F A2', 'CPUID', 'CPU identification', '', 'serialize', identify, { sensitive: 'behaviour' }),
  row('0F 31', 'RDTSC', 'Read time-stamp counter', '', 'time-stamp', readTimeStamp, { ...READ, ends: true }),
  row('0F 33', 'RDPMC', 'Read performance-monitoring counters', '', 'time-stamp', readPerformance, {
    ...READ,
    ends: true,
    partial: 'the counters stand at 0',
  }),
  row('0F 32', 'RDMSR', 'Read from model-specific register', '', 'serialize', readModelSpecific, WRITE),
  row('0F 30', 'WRMSR', 'Write to model-specific register', '', 'serialize', writeModelSpecific, WRITE),
  row('0F 34', 'SYSENTER', 'Fast system call', '', 'fast-call', systemEnter, { ends: true }),
  row('0F 35', 'SYSEXIT', 'Fast return from fast system call', '', 'fast-call', systemExit, WRITE),
];
