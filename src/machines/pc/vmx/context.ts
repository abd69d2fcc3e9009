/** Guest and host state between the processor and the VMCS. SDM vol. 3C, sections 26.3.2, 27.3 and 27.5. */
import type { Cpu } from '../cpu.ts';
import { breakpointsChanged } from '../debug.ts';
import { FLAG_RESERVED, FLAG_VM } from '../eflags.ts';
import { getFlags } from '../flags.ts';
import { PAT, SYSENTER_CS, SYSENTER_EIP, SYSENTER_ESP } from '../model-specific.ts';
import { loadPointers, pointerOf } from '../page-walk.ts';
import {
  CR0_CD,
  CR0_ET,
  CR0_NW,
  CR0_PE,
  CR0_PG,
  CR4_PAE,
  EFLAGS,
  EIP,
  ESP,
  FAULT,
  NO_SEGMENT,
  type SystemSegment,
} from '../registers.ts';
import { GRANULAR } from '../segment-checks.ts';
import { modeChanged, setSegment } from '../segments.ts';
import { ENTRY, EXIT } from './controls.ts';
import { SEGMENT_FIELDS, type FieldName, type VmcsSegment } from './fields.ts';
import type { GuestMode } from './unit.ts';
import type { Vmcs } from './vmcs.ts';

/** Segment registers in the order of their encoding. */
const SEGMENTS = ['ES', 'CS', 'SS', 'DS', 'FS', 'GS'] as const satisfies readonly VmcsSegment[];
const PDPTES = ['GUEST_PDPTE0', 'GUEST_PDPTE1', 'GUEST_PDPTE2', 'GUEST_PDPTE3'] as const;
/** Access rights of a segment register that holds none. SDM vol. 3C, table 24-2. */
export const UNUSABLE = 0x10000;
const ACCESS_BITS = 0xf0ff;
const DEBUG_RESET = 0x400;

/** Blocking by STI and by MOV SS. SDM vol. 3C, table 24-3. */
export const BLOCKED_BY_STI = 1;
export const BLOCKED_BY_MOV_SS = 2;
export const BLOCKED_BY_NMI = 8;

/** Access rights as the VMCS has them; the granularity that the limit demands. */
function rights(access: number, limit: number): number {
  if (access === 0) return UNUSABLE;
  if (limit > 0xfffff) return access | GRANULAR;
  return (limit & 0xfff) !== 0xfff ? access & ~GRANULAR : access;
}

// ---------------------------------------------------------------- the guest's state

export function saveGuest(cpu: Cpu, vmcs: Vmcs, mode: GuestMode): void {
  vmcs.set('GUEST_CR0', cpu.cr0);
  vmcs.set('GUEST_CR3', cpu.cr3);
  vmcs.set('GUEST_CR4', cpu.cr4);
  if ((mode.exit & EXIT.SAVE_DEBUG) !== 0) vmcs.set('GUEST_DR7', cpu.dr[7]!);
  SEGMENTS.forEach((name, s) => {
    const fields = SEGMENT_FIELDS[name];
    vmcs.set(fields.selector, cpu.selectors[s]!);
    vmcs.set(fields.base, cpu.bases[s]!);
    vmcs.set(fields.limit, cpu.limits[s]! | 0);
    vmcs.set(fields.access, rights(cpu.access[s]!, cpu.limits[s]!));
  });
  saveSystemSegment(vmcs, 'LDTR', cpu.ldt);
  saveSystemSegment(vmcs, 'TR', cpu.task);
  vmcs.set('GUEST_GDTR_BASE', cpu.gdtBase);
  vmcs.set('GUEST_GDTR_LIMIT', cpu.gdtLimit);
  vmcs.set('GUEST_IDTR_BASE', cpu.idtBase);
  vmcs.set('GUEST_IDTR_LIMIT', cpu.idtLimit);
  vmcs.set('GUEST_RSP', cpu.words[ESP]!);
  vmcs.set('GUEST_RIP', cpu.words[EIP]!);
  vmcs.set('GUEST_RFLAGS', getFlags(cpu));
  vmcs.set('GUEST_SYSENTER_CS', cpu.msr.get(SYSENTER_CS)?.[0] ?? 0);
  vmcs.set('GUEST_SYSENTER_ESP', cpu.msr.get(SYSENTER_ESP)?.[0] ?? 0);
  vmcs.set('GUEST_SYSENTER_EIP', cpu.msr.get(SYSENTER_EIP)?.[0] ?? 0);
  vmcs.set('GUEST_ACTIVITY', cpu.halted ? 1 : 0);
  vmcs.set('GUEST_INTERRUPTIBILITY', blocking(cpu) | (cpu.nmiBlocked ? BLOCKED_BY_NMI : 0));
  vmcs.set('GUEST_PENDING_DEBUG', 0);
  if ((mode.exit & EXIT.SAVE_PAT) !== 0) {
    const [low, high] = patOf(cpu);
    vmcs.set('GUEST_PAT', low);
    vmcs.setHigh('GUEST_PAT', high);
  }
  if (mode.ept >= 0 && (cpu.cr4 & CR4_PAE) !== 0)
    PDPTES.forEach((name, k) => {
      vmcs.set(name, cpu.pagePointers[k]!);
      vmcs.setHigh(name, 0);
    });
}

/** What holds interrupts off: of the instruction that exits, or of the one that would be next. */
export const blocking = (cpu: Cpu): number =>
  cpu.shadow ? (cpu.trapShadow ? BLOCKED_BY_MOV_SS : BLOCKED_BY_STI) : cpu.blocking;

function saveSystemSegment(
  vmcs: Vmcs,
  name: 'LDTR' | 'TR',
  { selector, base, limit, access }: SystemSegment,
) {
  const fields = SEGMENT_FIELDS[name];
  vmcs.set(fields.selector, selector);
  vmcs.set(fields.base, base);
  vmcs.set(fields.limit, limit | 0);
  vmcs.set(fields.access, rights(access, limit));
}

/** Loads what the entry checks have passed. False: the page-directory-pointer table does not do. */
export function loadGuest(cpu: Cpu, vmcs: Vmcs, mode: GuestMode): boolean {
  const kept = cpu.cr0 & (CR0_CD | CR0_NW);
  setControl(
    cpu,
    (vmcs.get('GUEST_CR0') & ~(CR0_CD | CR0_NW)) | kept,
    vmcs.get('GUEST_CR3'),
    vmcs.get('GUEST_CR4'),
  );
  cpu.words[EFLAGS] = vmcs.get('GUEST_RFLAGS');
  cpu.lazy = false;
  cpu.virtual8086 = (cpu.words[EFLAGS] & FLAG_VM) !== 0;
  if ((mode.entry & ENTRY.LOAD_DEBUG) !== 0) cpu.dr[7] = vmcs.get('GUEST_DR7') | DEBUG_RESET;
  SEGMENTS.forEach((name, s) => {
    const fields = SEGMENT_FIELDS[name];
    const access = vmcs.get(fields.access);
    const [selector, base] = [vmcs.get(fields.selector), vmcs.get(fields.base)];
    const limit = vmcs.get(fields.limit) >>> 0;
    setSegment(cpu, s, selector & 0xffff, base, limit, (access & UNUSABLE) !== 0 ? 0 : access & ACCESS_BITS);
  });
  cpu.ldt = systemSegment(vmcs, 'LDTR');
  cpu.task = systemSegment(vmcs, 'TR');
  [cpu.gdtBase, cpu.gdtLimit] = [vmcs.get('GUEST_GDTR_BASE'), vmcs.get('GUEST_GDTR_LIMIT')];
  [cpu.idtBase, cpu.idtLimit] = [vmcs.get('GUEST_IDTR_BASE'), vmcs.get('GUEST_IDTR_LIMIT')];
  cpu.words[ESP] = vmcs.get('GUEST_RSP');
  cpu.words[EIP] = vmcs.get('GUEST_RIP');
  setSysenter(
    cpu,
    vmcs.get('GUEST_SYSENTER_CS'),
    vmcs.get('GUEST_SYSENTER_ESP'),
    vmcs.get('GUEST_SYSENTER_EIP'),
  );
  if ((mode.entry & ENTRY.LOAD_PAT) !== 0) cpu.msr.set(PAT, [vmcs.get('GUEST_PAT'), vmcs.high('GUEST_PAT')]);
  modeChanged(cpu);
  cpu.setCpl(!cpu.protectedMode ? 0 : cpu.virtual8086 ? 3 : (vmcs.get('GUEST_SS_ACCESS') >>> 5) & 3);
  breakpointsChanged(cpu);
  return loadGuestPointers(cpu, vmcs, mode);
}

/** With extended paging the pointers are state of the guest; without, they are read from its table. */
function loadGuestPointers(cpu: Cpu, vmcs: Vmcs, mode: GuestMode): boolean {
  if (!cpu.paging || (cpu.cr4 & CR4_PAE) === 0) return true;
  if (mode.ept < 0) return attemptPointers(cpu);
  cpu.pagePointers = PDPTES.map((name) => pointerOf(vmcs.get(name), vmcs.high(name)));
  return true;
}

function attemptPointers(cpu: Cpu): boolean {
  try {
    loadPointers(cpu, cpu.cr3);
    return true;
  } catch (fault) {
    if (fault !== FAULT) throw fault;
    return false;
  }
}

function systemSegment(vmcs: Vmcs, name: 'LDTR' | 'TR'): SystemSegment {
  const fields = SEGMENT_FIELDS[name];
  const access = vmcs.get(fields.access);
  const [selector, base] = [vmcs.get(fields.selector), vmcs.get(fields.base)];
  if ((access & UNUSABLE) !== 0) return { ...NO_SEGMENT, selector };
  return { selector, base, limit: vmcs.get(fields.limit) >>> 0, access: access & 0xff };
}

// ---------------------------------------------------------------- the host's state

const CODE_RIGHTS = 0xc09b;
const DATA_RIGHTS = 0xc093;
const FLAT = 0xffffffff;
const TASK_RIGHTS = 0x8b;
const TASK_LIMIT = 0x67;
const TABLE_LIMIT = 0xffff;

/** Loads the host's state. False: its page-directory-pointer table does not do, the processor cannot go on. */
export function loadHost(cpu: Cpu, vmcs: Vmcs, mode: GuestMode): boolean {
  const kept = cpu.cr0 & (CR0_CD | CR0_NW);
  setControl(
    cpu,
    (vmcs.get('HOST_CR0') & ~(CR0_CD | CR0_NW)) | kept,
    vmcs.get('HOST_CR3'),
    vmcs.get('HOST_CR4'),
  );
  cpu.dr[7] = DEBUG_RESET;
  setSysenter(
    cpu,
    vmcs.get('HOST_SYSENTER_CS'),
    vmcs.get('HOST_SYSENTER_ESP'),
    vmcs.get('HOST_SYSENTER_EIP'),
  );
  if ((mode.exit & EXIT.LOAD_PAT) !== 0) cpu.msr.set(PAT, [vmcs.get('HOST_PAT'), vmcs.high('HOST_PAT')]);
  cpu.words[EFLAGS] = FLAG_RESERVED;
  cpu.lazy = false;
  cpu.virtual8086 = false;
  hostSegments(cpu, vmcs);
  cpu.words[ESP] = vmcs.get('HOST_RSP');
  cpu.words[EIP] = vmcs.get('HOST_RIP');
  cpu.halted = false;
  cpu.shadow = false;
  cpu.trapShadow = false;
  cpu.blocking = 0;
  cpu.debugHits = 0;
  modeChanged(cpu);
  cpu.setCpl(0);
  breakpointsChanged(cpu);
  return !cpu.paging || (cpu.cr4 & CR4_PAE) === 0 || attemptPointers(cpu);
}

const HOST_SELECTORS = SEGMENTS.map((name): FieldName => `HOST_${name}_SELECTOR`);

function hostSegments(cpu: Cpu, vmcs: Vmcs): void {
  SEGMENTS.forEach((name, s) => {
    const selector = vmcs.get(HOST_SELECTORS[s]!);
    const base = name === 'FS' || name === 'GS' ? vmcs.get(`HOST_${name}_BASE`) : 0;
    const access = name === 'CS' ? CODE_RIGHTS : selector === 0 ? 0 : DATA_RIGHTS;
    setSegment(cpu, s, selector, base, FLAT, access);
  });
  cpu.ldt = NO_SEGMENT;
  cpu.task = {
    selector: vmcs.get('HOST_TR_SELECTOR'),
    base: vmcs.get('HOST_TR_BASE'),
    limit: TASK_LIMIT,
    access: TASK_RIGHTS,
  };
  [cpu.gdtBase, cpu.gdtLimit] = [vmcs.get('HOST_GDTR_BASE'), TABLE_LIMIT];
  [cpu.idtBase, cpu.idtLimit] = [vmcs.get('HOST_IDTR_BASE'), TABLE_LIMIT];
}

// ---------------------------------------------------------------- registers of both

function setControl(cpu: Cpu, cr0: number, cr3: number, cr4: number): void {
  [cpu.cr0, cpu.cr3, cpu.cr4] = [cr0 | CR0_ET, cr3, cr4];
  cpu.paging = (cr0 & CR0_PG) !== 0;
  cpu.protectedMode = (cr0 & CR0_PE) !== 0;
}

function setSysenter(cpu: Cpu, cs: number, esp: number, eip: number): void {
  cpu.msr.set(SYSENTER_CS, [cs, 0]);
  cpu.msr.set(SYSENTER_ESP, [esp, 0]);
  cpu.msr.set(SYSENTER_EIP, [eip, 0]);
}

const patOf = (cpu: Cpu): readonly [number, number] => cpu.msr.get(PAT) ?? [0x00070406, 0x00070406];
