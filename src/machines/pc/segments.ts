/** Descriptors and the loading of segment registers. SDM vol. 3A, chapters 3 and 5. */
import type { Cpu } from './cpu.ts';
import { CS, NO_SEGMENT, SS, type SystemSegment } from './registers.ts';
import { GP, NP, SS as STACK_FAULT, TS } from './exceptions.ts';
import {
  ACCESSED,
  BIG,
  CODE,
  CONFORMING,
  dplOf,
  noteReach,
  GRANULAR,
  NOT_SYSTEM,
  PRESENT,
  READABLE,
  WRITABLE,
} from './segment-checks.ts';

/** A descriptor as it stands in its table. */
export interface Descriptor {
  readonly selector: number;
  /** Linear address of its eight bytes. */
  readonly at: number;
  readonly low: number;
  readonly high: number;
  /** Access byte, and D/B and G in bits 14 and 15. */
  readonly access: number;
}

/** Type field of system segments and gates. SDM vol. 3A, table 3-2. */
export const TSS_16 = 1;
export const LDT = 2;
export const CALL_GATE_16 = 4;
export const TASK_GATE = 5;
export const INTERRUPT_GATE_16 = 6;
export const TRAP_GATE_16 = 7;
export const TSS_32 = 9;
export const CALL_GATE_32 = 12;
export const INTERRUPT_GATE_32 = 14;
export const TRAP_GATE_32 = 15;
/** Added to the type of a TSS that is in use. */
export const TSS_BUSY = 2;

/** Selector bit that chooses the local table. */
const LOCAL = 4;
const ACCESS_BYTE = 5;

/** Error code that names a selector. */
export const naming = (selector: number, ext = 0): number => (selector & 0xfffc) | ext;
export const isNull = (selector: number): boolean => (selector & 0xfffc) === 0;

export const systemType = (d: Descriptor): number => ((d.access & NOT_SYSTEM) !== 0 ? -1 : d.access & 0xf);
export const isCode = (d: Descriptor): boolean => (d.access & (NOT_SYSTEM | CODE)) === (NOT_SYSTEM | CODE);
export const isConforming = (d: Descriptor): boolean => (d.access & CONFORMING) !== 0;
export const isPresent = (d: Descriptor): boolean => (d.access & PRESENT) !== 0;
export const isWritableData = (d: Descriptor): boolean =>
  (d.access & (NOT_SYSTEM | CODE | WRITABLE)) === (NOT_SYSTEM | WRITABLE);

export const baseOf = ({ low, high }: Descriptor): number =>
  (low >>> 16) | ((high & 0xff) << 16) | (high & 0xff000000);

/** Limit in bytes. */
export function limitOf({ low, high, access }: Descriptor): number {
  const limit = (low & 0xffff) | (high & 0xf0000);
  return (access & GRANULAR) !== 0 ? ((limit << 12) | 0xfff) >>> 0 : limit;
}

/** Linear address of a selector's descriptor, or null beyond the table's limit. */
function locate(cpu: Cpu, selector: number): number | null {
  const local = (selector & LOCAL) !== 0;
  const limit = local ? (cpu.ldt.access === 0 ? -1 : cpu.ldt.limit) : cpu.gdtLimit;
  if ((selector | 7) > limit) return null;
  return ((local ? cpu.ldt.base : cpu.gdtBase) + (selector & 0xfff8)) | 0;
}

function readAt(cpu: Cpu, selector: number, at: number): Descriptor {
  const low = cpu.system32(at);
  const high = cpu.system32((at + 4) | 0);
  return { selector, at, low, high, access: (high >>> 8) & 0xf0ff };
}

/** The descriptor, or `vector` with the selector as error code if there is none. */
export function readDescriptor(cpu: Cpu, selector: number, vector = GP, ext = 0): Descriptor {
  const at = locate(cpu, selector);
  if (at === null) return cpu.fault(vector, naming(selector, ext));
  return readAt(cpu, selector, at);
}

/** The descriptor for instructions that only ask: null where a load would fault. */
export function findDescriptor(cpu: Cpu, selector: number): Descriptor | null {
  if (isNull(selector)) return null;
  const at = locate(cpu, selector);
  return at === null ? null : readAt(cpu, selector, at);
}

/** Replaces the access byte in the table: accessed and busy bits. */
export function setAccessByte(cpu: Cpu, d: Descriptor, access: number): void {
  cpu.storeSystem((d.at + ACCESS_BYTE) | 0, 1, access & 0xff);
}

// ---------------------------------------------------------------- segment registers

/** Lets follow what depends on a segment's limit and access. */
export function segmentChanged(cpu: Cpu, segment: number): void {
  noteReach(cpu, segment);
  const big = (cpu.access[segment]! & BIG) !== 0;
  if (segment === SS) cpu.stackMask = big ? -1 : 0xffff;
  if (segment === CS) cpu.code32 = big;
}

/** After a change of mode all segments are checked differently. */
export function modeChanged(cpu: Cpu): void {
  for (let segment = 0; segment < 6; segment++) segmentChanged(cpu, segment);
}

export function setSegment(
  cpu: Cpu,
  segment: number,
  selector: number,
  base: number,
  limit: number,
  access: number,
): void {
  cpu.selectors[segment] = selector;
  cpu.bases[segment] = base;
  cpu.limits[segment] = limit;
  cpu.access[segment] = access;
  segmentChanged(cpu, segment);
}

/** Puts a checked descriptor into a segment register and marks it accessed in its table. */
export function setFromDescriptor(cpu: Cpu, segment: number, selector: number, d: Descriptor): void {
  if ((d.access & ACCESSED) === 0) setAccessByte(cpu, d, d.access | ACCESSED);
  setSegment(cpu, segment, selector, baseOf(d), limitOf(d), d.access | ACCESSED);
}

export const REAL_ACCESS = PRESENT | NOT_SYSTEM | WRITABLE | ACCESSED;
const DPL_3 = 0x60;

/** Real-address and virtual-8086 mode: the base is the selector times 16; only the latter sets the limit anew. */
export function setParagraph(cpu: Cpu, segment: number, selector: number): void {
  if (cpu.virtual8086) setSegment(cpu, segment, selector, selector << 4, 0xffff, REAL_ACCESS | DPL_3);
  else setSegment(cpu, segment, selector, selector << 4, cpu.limits[segment]!, REAL_ACCESS);
}

/** MOV, POP and far-pointer loads of a segment register other than CS. SDM vol. 2B, "MOV". */
export function loadSegment(cpu: Cpu, segment: number, selector: number): void {
  if (!cpu.protectedMode || cpu.virtual8086) {
    setParagraph(cpu, segment, selector);
    return;
  }
  if (segment === SS) loadStackSegment(cpu, selector, cpu.cpl);
  else if (isNull(selector)) setSegment(cpu, segment, selector, 0, 0, 0);
  else loadDataSegment(cpu, segment, selector);
}

function loadDataSegment(cpu: Cpu, segment: number, selector: number): void {
  const d = readDescriptor(cpu, selector);
  const readable = (d.access & NOT_SYSTEM) !== 0 && (d.access & (CODE | READABLE)) !== CODE;
  if (!readable) cpu.fault(GP, naming(selector));
  const dpl = dplOf(d.access);
  const bound = !isCode(d) || !isConforming(d);
  if (bound && ((selector & 3) > dpl || cpu.cpl > dpl)) cpu.fault(GP, naming(selector));
  if (!isPresent(d)) cpu.fault(NP, naming(selector));
  setFromDescriptor(cpu, segment, selector, d);
}

function loadStackSegment(cpu: Cpu, selector: number, cpl: number): void {
  if (isNull(selector)) cpu.protection();
  const d = checkedStack(cpu, selector, cpl, GP, 0);
  setFromDescriptor(cpu, SS, selector, d);
}

/** A stack segment for level `cpl`; its violations are #GP in programs, #TS where a TSS or gate names it. */
export function checkedStack(
  cpu: Cpu,
  selector: number,
  cpl: number,
  vector: typeof GP | typeof TS,
  ext: number,
): Descriptor {
  if (isNull(selector)) return cpu.fault(vector, naming(selector, ext));
  const d = readDescriptor(cpu, selector, vector, ext);
  if ((selector & 3) !== cpl || dplOf(d.access) !== cpl || !isWritableData(d))
    cpu.fault(vector, naming(selector, ext));
  if (!isPresent(d)) cpu.fault(STACK_FAULT, naming(selector, ext));
  return d;
}

/** After a return to an outer level: data segments that this level may not use become null. SDM vol. 2A, "IRET". */
export function dropInnerSegments(cpu: Cpu): void {
  for (let segment = 0; segment < 6; segment++) {
    if (segment === CS || segment === SS) continue;
    const access = cpu.access[segment]!;
    const conforming = (access & (CODE | CONFORMING)) === (CODE | CONFORMING);
    if (access !== 0 && !conforming && dplOf(access) < cpu.cpl) setSegment(cpu, segment, 0, 0, 0, 0);
  }
}

/** The next instruction comes before any interrupt: after STI and loads of SS. SDM vol. 3A, section 6.8.3. */
export function shadowNext(cpu: Cpu, trap = false): void {
  cpu.shadow = true;
  cpu.trapShadow = trap;
  cpu.leaveLoop();
}

// ---------------------------------------------------------------- LDTR and TR

export const systemSegment = (selector: number, d: Descriptor): SystemSegment => ({
  selector,
  base: baseOf(d),
  limit: limitOf(d),
  access: d.access & 0xff,
});

/** LLDT, and task switches (which report #TS). */
export function loadLdt(cpu: Cpu, selector: number, vector: typeof GP | typeof TS = GP): void {
  if (isNull(selector)) {
    cpu.ldt = { ...NO_SEGMENT, selector };
    return;
  }
  if ((selector & LOCAL) !== 0) cpu.fault(vector, naming(selector));
  const d = readDescriptor(cpu, selector, vector);
  if (systemType(d) !== LDT) cpu.fault(vector, naming(selector));
  if (!isPresent(d)) cpu.fault(vector === GP ? NP : TS, naming(selector));
  cpu.ldt = systemSegment(selector, d);
}

/** LTR: the TSS becomes busy. */
export function loadTaskRegister(cpu: Cpu, selector: number): void {
  if (isNull(selector)) cpu.protection();
  if ((selector & LOCAL) !== 0) cpu.fault(GP, naming(selector));
  const d = readDescriptor(cpu, selector);
  const type = systemType(d);
  if (type !== TSS_16 && type !== TSS_32) cpu.fault(GP, naming(selector));
  if (!isPresent(d)) cpu.fault(NP, naming(selector));
  setAccessByte(cpu, d, d.access | TSS_BUSY);
  cpu.task = systemSegment(selector, { ...d, access: d.access | TSS_BUSY });
}
