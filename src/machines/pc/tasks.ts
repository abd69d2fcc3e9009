/** Task switching through a TSS. SDM vol. 3A, chapter 7. */
import { account } from '../../accounting/vocabulary.ts';
import type { Cpu } from './cpu.ts';
import { dropLocalBreakpoints, TASK_SWITCH } from './debug.ts';
import { CR0_TS, CS, DS, EIP, ES, FS, GS, SS } from './registers.ts';
import { FLAG_NT, FLAG_RESERVED, FLAG_VM, KNOWN_FLAGS } from './eflags.ts';
import { GP, NP, TS } from './exceptions.ts';
import { getFlags, setFlags } from './flags.ts';
import { loadAddressSpace } from './paging.ts';
import {
  checkedStack,
  isCode,
  isConforming,
  isNull,
  isPresent,
  limitOf,
  loadLdt,
  loadSegment,
  modeChanged,
  naming,
  readDescriptor,
  setAccessByte,
  setFromDescriptor,
  setParagraph,
  systemSegment,
  systemType,
  TSS_16,
  TSS_32,
  TSS_BUSY,
  type Descriptor,
} from './segments.ts';
import { dplOf } from './segment-checks.ts';
import { exitNow } from './vmx/exits.ts';
import { REASON } from './vmx/reasons.ts';

/** JMP leaves the old task; CALL, interrupts and task gates nest in it; IRET goes back to the one before. */
export type TaskSwitch = 'jump' | 'call' | 'return';

const SWITCH = account('hardware', 'trap');

/** Offsets within a TSS. SDM vol. 3A, figures 7-2 and 7-10. */
interface Layout {
  readonly wide: boolean;
  readonly eip: number;
  readonly flags: number;
  readonly registers: number;
  readonly segments: number;
  readonly segmentCount: number;
  readonly ldt: number;
  readonly leastLimit: number;
}
const LAYOUT_32: Layout = {
  wide: true,
  eip: 0x20,
  flags: 0x24,
  registers: 0x28,
  segments: 0x48,
  segmentCount: 6,
  ldt: 0x60,
  leastLimit: 0x67,
};
const LAYOUT_16: Layout = {
  wide: false,
  eip: 0x0e,
  flags: 0x10,
  registers: 0x12,
  segments: 0x22,
  segmentCount: 4,
  ldt: 0x2a,
  leastLimit: 0x2b,
};
const CR3_AT = 0x1c;
/** Bit 0: a debug exception at each switch to this task. Section 7.2.1. */
const TRAP_AT = 0x64;
const layoutOf = (access: number): Layout => ((access & 8) !== 0 ? LAYOUT_32 : LAYOUT_16);

interface Incoming {
  readonly eip: number;
  readonly flags: number;
  readonly registers: readonly number[];
  readonly segments: readonly number[];
  readonly ldt: number;
  readonly cr3: number | null;
  readonly trap: boolean;
}

/**
 * No guest of VT-x switches tasks by itself. Bits 31 and 30 say how: CALL, IRET, JMP, or a task gate in the interrupt
 * table. SDM vol. 3C, section 25.4.2 and table 27-2.
 */
function leaveToHost(cpu: Cpu, selector: number, how: TaskSwitch): never {
  const length = cpu.currentLength();
  const byInterrupt = length === 0 || cpu.vmx.vectoring !== null;
  const source = byInterrupt ? 3 : { call: 0, return: 1, jump: 2 }[how];
  return exitNow(cpu, REASON.TASK_SWITCH, { qualification: selector | (source << 30), length });
}

/** Leaves the current task for the one whose TSS `selector` names; `resume` (RF) goes into the image left behind. */
export function switchTask(cpu: Cpu, selector: number, how: TaskSwitch, ext: number, resume = 0): void {
  const d = checkedTask(cpu, selector, how, ext);
  if (cpu.guest) leaveToHost(cpu, selector, how);
  const next = systemSegment(selector, d);
  const incoming = readTask(cpu, next.base, layoutOf(d.access));
  // The outgoing task's image first: its registers are the only copy.
  const outgoingFlags = (getFlags(cpu) | resume) & ~(how === 'return' ? FLAG_NT : 0);
  saveTask(cpu, outgoingFlags);
  if (how !== 'call') markBusy(cpu, cpu.task.selector, false);
  if (how === 'call') cpu.storeSystem(next.base, 2, cpu.task.selector);
  if (how !== 'return') markBusy(cpu, selector, true);
  cpu.cr0 |= CR0_TS;
  cpu.task = { ...next, access: next.access | TSS_BUSY };
  dropLocalBreakpoints(cpu);
  enterTask(cpu, incoming, how === 'call', ext);
  if (incoming.trap) cpu.debugHits |= TASK_SWITCH;
  cpu.spend(cpu.costs['task-switch']);
  cpu.ledger.charge(SWITCH, cpu.costs['task-switch'], 0);
  cpu.leaveLoop();
}

function checkedTask(cpu: Cpu, selector: number, how: TaskSwitch, ext: number): Descriptor {
  const vector = how === 'return' ? TS : GP;
  const error = naming(selector, ext);
  if (isNull(selector) || (selector & 4) !== 0) cpu.fault(vector, error);
  const d = readDescriptor(cpu, selector, vector, ext);
  const type = systemType(d);
  const wanted = how === 'return' ? [TSS_16 | TSS_BUSY, TSS_32 | TSS_BUSY] : [TSS_16, TSS_32];
  if (!wanted.includes(type)) cpu.fault(vector, error);
  if (!isPresent(d)) cpu.fault(NP, error);
  if (limitOf(d) < layoutOf(d.access).leastLimit) cpu.fault(TS, error);
  return d;
}

function readTask(cpu: Cpu, base: number, layout: Layout): Incoming {
  const size = layout.wide ? 4 : 2;
  const get = (at: number): number =>
    layout.wide ? cpu.system32((base + at) | 0) : cpu.system16((base + at) | 0);
  const list = (from: number, count: number): number[] =>
    Array.from({ length: count }, (_, k) => get(from + k * size));
  return {
    eip: get(layout.eip),
    flags: get(layout.flags),
    registers: list(layout.registers, 8),
    segments: list(layout.segments, layout.segmentCount).map((s) => s & 0xffff),
    ldt: get(layout.ldt) & 0xffff,
    cr3: layout.wide ? get(CR3_AT) : null,
    trap: layout.wide && (get(TRAP_AT) & 1) !== 0,
  };
}

function saveTask(cpu: Cpu, flags: number): void {
  const { base, access } = cpu.task;
  const layout = layoutOf(access);
  const size = layout.wide ? 4 : 2;
  const put = (at: number, value: number): void => cpu.storeSystem((base + at) | 0, size, value);
  put(layout.eip, cpu.words[EIP]!);
  put(layout.flags, flags);
  for (let r = 0; r < 8; r++) put(layout.registers + r * size, cpu.words[r]!);
  for (let s = 0; s < layout.segmentCount; s++)
    cpu.storeSystem((base + layout.segments + s * size) | 0, 2, cpu.selectors[s]!);
}

function markBusy(cpu: Cpu, selector: number, busy: boolean): void {
  const d = readDescriptor(cpu, selector, TS);
  setAccessByte(cpu, d, busy ? d.access | TSS_BUSY : d.access & ~TSS_BUSY);
}

/** Registers of the new task, then its segments: faults among those are faults of the new task. */
function enterTask(cpu: Cpu, task: Incoming, nested: boolean, ext: number): void {
  if (task.cr3 !== null && cpu.paging && task.cr3 !== cpu.cr3) {
    loadAddressSpace(cpu, task.cr3);
  }
  cpu.words[EIP] = task.eip;
  const flags = task.flags | (nested ? FLAG_NT : 0) | FLAG_RESERVED;
  setFlags(cpu, KNOWN_FLAGS, flags);
  for (let r = 0; r < 8; r++) {
    if (task.cr3 !== null) cpu.words[r] = task.registers[r]!;
    else cpu.halves[r << 1] = task.registers[r]!;
  }
  loadLdt(cpu, task.ldt, TS);
  cpu.virtual8086 = (flags & FLAG_VM) !== 0 && task.cr3 !== null;
  if (cpu.virtual8086) {
    cpu.setCpl(3);
    task.segments.forEach((selector, segment) => setParagraph(cpu, segment, selector));
    modeChanged(cpu);
    return;
  }
  loadTaskSegments(cpu, task.segments, ext);
  modeChanged(cpu);
}

function loadTaskSegments(cpu: Cpu, segments: readonly number[], ext: number): void {
  const cs = segments[CS]!;
  const code = isNull(cs) ? cpu.fault(TS, naming(cs, ext)) : readDescriptor(cpu, cs, TS, ext);
  const level = cs & 3;
  const dpl = dplOf(code.access);
  if (!isCode(code) || (isConforming(code) ? dpl > level : dpl !== level)) cpu.fault(TS, naming(cs, ext));
  if (!isPresent(code)) cpu.fault(NP, naming(cs, ext));
  const stack = checkedStack(cpu, segments[SS]!, level, TS, ext);
  cpu.setCpl(level);
  setFromDescriptor(cpu, SS, segments[SS]!, stack);
  setFromDescriptor(cpu, CS, cs, code);
  for (const segment of [ES, DS, FS, GS]) loadSegment(cpu, segment, segments[segment] ?? 0);
}
