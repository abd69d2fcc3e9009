/**
 * A stack that is being filled by the processor itself: the current one, or that of an inner level. Nothing is
 * committed to SS and ESP before everything has been stored, so that a fault leaves the registers as they were.
 */
import type { Cpu } from './cpu.ts';
import { ESP, SS } from './registers.ts';
import { SS as STACK_FAULT, TS } from './exceptions.ts';
import { baseOf, checkedStack, limitOf, naming, setFromDescriptor, type Descriptor } from './segments.ts';
import { BIG, CODE, EXPAND_DOWN } from './segment-checks.ts';

export interface StackFrame {
  readonly selector: number;
  /** Null: the stack segment that is loaded already. */
  readonly descriptor: Descriptor | null;
  readonly base: number;
  readonly limit: number;
  readonly access: number;
  readonly mask: number;
  /** Stores are made with the rights of the level that the stack belongs to. */
  readonly supervisor: boolean;
  esp: number;
  /** Error code of a fault on this stack. */
  readonly error: number;
}

export const currentFrame = (cpu: Cpu): StackFrame => ({
  selector: cpu.selectors[SS]!,
  descriptor: null,
  base: cpu.bases[SS]!,
  limit: cpu.limits[SS]!,
  access: cpu.access[SS]!,
  mask: cpu.stackMask,
  supervisor: cpu.cpl !== 3,
  esp: cpu.words[ESP]!,
  error: 0,
});

/** Whether `size` bytes at an offset lie within a segment. */
function within(frame: StackFrame, offset: number, size: number): boolean {
  const first = offset >>> 0;
  const last = first + size - 1;
  if ((frame.access & (CODE | EXPAND_DOWN)) !== EXPAND_DOWN) return last <= frame.limit;
  return first > frame.limit && last <= ((frame.access & BIG) !== 0 ? 0xffffffff : 0xffff);
}

export function pushTo(cpu: Cpu, frame: StackFrame, size: 2 | 4, value: number): void {
  const offset = (frame.esp - size) & frame.mask;
  if (!within(frame, offset, size)) cpu.fault(STACK_FAULT, frame.error);
  const a = (frame.base + offset) | 0;
  if (frame.supervisor) cpu.storeSystem(a, size, value);
  else if (size === 4) cpu.store32(SS, offset, value);
  else cpu.store16(SS, offset, value);
  frame.esp = (frame.esp & ~frame.mask) | offset;
}

/** SS and ESP for an inner level as the TSS names them. SDM vol. 3A, section 5.8.5. */
export function innerFrame(cpu: Cpu, level: number, ext: number): StackFrame {
  const { task } = cpu;
  const wide = (task.access & 8) !== 0;
  const at = wide ? 4 + 8 * level : 2 + 4 * level;
  if (at + (wide ? 5 : 3) > task.limit) cpu.fault(TS, naming(task.selector, ext));
  const esp = wide ? cpu.system32((task.base + at) | 0) : cpu.system16((task.base + at) | 0);
  const selector = cpu.system16((task.base + at + (wide ? 4 : 2)) | 0);
  const d = checkedStack(cpu, selector, level, TS, ext);
  return {
    selector,
    descriptor: d,
    base: baseOf(d),
    limit: limitOf(d),
    access: d.access,
    mask: (d.access & BIG) !== 0 ? -1 : 0xffff,
    supervisor: true,
    esp,
    error: naming(selector, ext),
  };
}

/** Puts the frame into SS and ESP. The caller has set CPL. */
export function commitFrame(cpu: Cpu, frame: StackFrame): void {
  if (frame.descriptor) setFromDescriptor(cpu, SS, frame.selector, frame.descriptor);
  cpu.words[ESP] = frame.descriptor ? frame.esp : (cpu.words[ESP]! & ~frame.mask) | (frame.esp & frame.mask);
}
