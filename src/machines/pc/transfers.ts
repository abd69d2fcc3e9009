/** Far transfers of control: JMP, CALL, RET, IRET between segments, levels and tasks. SDM vol. 3A, section 5.8. */
import type { Cpu } from './cpu.ts';
import { CS, DS, EFLAGS, EIP, ES, ESP, FS, GS, SS } from './registers.ts';
import { FLAG_NT, FLAG_RF, FLAG_VM, KNOWN_FLAGS } from './eflags.ts';
import { GP, NP } from './exceptions.ts';
import { setFlags } from './flags.ts';
import { changeableFlags } from './instructions/stack.ts';
import {
  CALL_GATE_16,
  CALL_GATE_32,
  checkedStack,
  dropInnerSegments,
  isCode,
  isConforming,
  isNull,
  isPresent,
  limitOf,
  modeChanged,
  naming,
  readDescriptor,
  setFromDescriptor,
  setParagraph,
  systemType,
  TASK_GATE,
  TSS_16,
  TSS_32,
  type Descriptor,
} from './segments.ts';
import { dplOf } from './segment-checks.ts';
import { commitFrame, currentFrame, innerFrame, pushTo } from './stack-frame.ts';
import { switchTask } from './tasks.ts';

type Size = 2 | 4;
const cut = (offset: number, size: Size): number => (size === 4 ? offset : offset & 0xffff);
const paragraphs = (cpu: Cpu): boolean => !cpu.protectedMode || cpu.virtual8086;

function demandOffset(cpu: Cpu, offset: number, limit: number): void {
  if (offset >>> 0 > limit) cpu.fault(GP, 0);
}

/** A code segment that JMP or CALL names directly: only this level may be entered. */
function checkedCode(cpu: Cpu, d: Descriptor, selector: number): void {
  const dpl = dplOf(d.access);
  const good = isConforming(d) ? dpl <= cpu.cpl : dpl === cpu.cpl && (selector & 3) <= cpu.cpl;
  if (!good) cpu.fault(GP, naming(selector));
  if (!isPresent(d)) cpu.fault(NP, naming(selector));
}

function enterCode(cpu: Cpu, selector: number, d: Descriptor, offset: number): void {
  setFromDescriptor(cpu, CS, (selector & ~3) | cpu.cpl, d);
  cpu.words[EIP] = offset;
}

// ---------------------------------------------------------------- call gates

interface CallGate {
  readonly selector: number;
  readonly offset: number;
  readonly count: number;
  readonly size: Size;
}

/** Reads a call gate that the selector names, its privilege checked. Section 5.8.3. */
function readGate(cpu: Cpu, d: Descriptor, selector: number): CallGate {
  const dpl = dplOf(d.access);
  if (dpl < cpu.cpl || dpl < (selector & 3)) cpu.fault(GP, naming(selector));
  if (!isPresent(d)) cpu.fault(NP, naming(selector));
  const wide = systemType(d) === CALL_GATE_32;
  return {
    selector: d.low >>> 16,
    offset: wide ? (d.high & 0xffff0000) | (d.low & 0xffff) : d.low & 0xffff,
    count: d.high & 31,
    size: wide ? 4 : 2,
  };
}

function gateTarget(cpu: Cpu, gate: CallGate): Descriptor {
  if (isNull(gate.selector)) cpu.fault(GP, 0);
  const d = readDescriptor(cpu, gate.selector);
  if (!isCode(d) || dplOf(d.access) > cpu.cpl) cpu.fault(GP, naming(gate.selector));
  if (!isPresent(d)) cpu.fault(NP, naming(gate.selector));
  return d;
}

// ---------------------------------------------------------------- JMP, CALL

export function farJump(cpu: Cpu, selector: number, offset: number, size: Size): void {
  if (paragraphs(cpu)) {
    demandOffset(cpu, cut(offset, size), cpu.limits[CS]!);
    setParagraph(cpu, CS, selector);
    cpu.words[EIP] = cut(offset, size);
    return;
  }
  if (isNull(selector)) cpu.protection();
  const d = readDescriptor(cpu, selector);
  if (isCode(d)) {
    checkedCode(cpu, d, selector);
    demandOffset(cpu, cut(offset, size), limitOf(d));
    enterCode(cpu, selector, d, cut(offset, size));
    return;
  }
  const type = systemType(d);
  if (type === CALL_GATE_16 || type === CALL_GATE_32) {
    const gate = readGate(cpu, d, selector);
    const target = gateTarget(cpu, gate);
    if (!isConforming(target) && dplOf(target.access) !== cpu.cpl) cpu.fault(GP, naming(gate.selector));
    demandOffset(cpu, gate.offset, limitOf(target));
    enterCode(cpu, gate.selector, target, gate.offset);
  } else toTask(cpu, d, selector, 'jump');
}

/** A TSS, or a task gate that leads to one; anything else is #GP. */
function toTask(cpu: Cpu, d: Descriptor, selector: number, how: 'jump' | 'call'): void {
  const type = systemType(d);
  if (type !== TASK_GATE && type !== TSS_16 && type !== TSS_32) cpu.fault(GP, naming(selector));
  const dpl = dplOf(d.access);
  if (dpl < cpu.cpl || dpl < (selector & 3)) cpu.fault(GP, naming(selector));
  if (!isPresent(d)) cpu.fault(NP, naming(selector));
  switchTask(cpu, type === TASK_GATE ? d.low >>> 16 : selector, how, 0);
}

export function farCall(cpu: Cpu, selector: number, offset: number, size: Size): void {
  if (paragraphs(cpu)) {
    demandOffset(cpu, cut(offset, size), cpu.limits[CS]!);
    pushReturn(cpu, size);
    setParagraph(cpu, CS, selector);
    cpu.words[EIP] = cut(offset, size);
    return;
  }
  if (isNull(selector)) cpu.protection();
  const d = readDescriptor(cpu, selector);
  if (isCode(d)) {
    checkedCode(cpu, d, selector);
    demandOffset(cpu, cut(offset, size), limitOf(d));
    pushReturn(cpu, size);
    enterCode(cpu, selector, d, cut(offset, size));
    return;
  }
  const type = systemType(d);
  if (type === CALL_GATE_16 || type === CALL_GATE_32) callGate(cpu, readGate(cpu, d, selector));
  else toTask(cpu, d, selector, 'call');
}

function pushReturn(cpu: Cpu, size: Size): void {
  const frame = currentFrame(cpu);
  pushTo(cpu, frame, size, cpu.selectors[CS]!);
  pushTo(cpu, frame, size, cpu.words[EIP]!);
  commitFrame(cpu, frame);
}

function callGate(cpu: Cpu, gate: CallGate): void {
  const target = gateTarget(cpu, gate);
  demandOffset(cpu, gate.offset, limitOf(target));
  const level = isConforming(target) ? cpu.cpl : dplOf(target.access);
  if (level === cpu.cpl) {
    pushReturn(cpu, gate.size);
    enterCode(cpu, gate.selector, target, gate.offset);
    return;
  }
  const frame = innerFrame(cpu, level, 0);
  const push = (value: number): void => pushTo(cpu, frame, gate.size, value);
  push(cpu.selectors[SS]!);
  push(cpu.words[ESP]!);
  const esp = cpu.words[ESP]!;
  for (let k = gate.count - 1; k >= 0; k--) {
    const at = (esp + k * gate.size) & cpu.stackMask;
    push(gate.size === 4 ? cpu.load32(SS, at) : cpu.load16(SS, at));
  }
  push(cpu.selectors[CS]!);
  push(cpu.words[EIP]!);
  cpu.setCpl(level);
  commitFrame(cpu, frame);
  enterCode(cpu, gate.selector, target, gate.offset);
  cpu.spend(cpu.costs.gate);
}

// ---------------------------------------------------------------- RET, IRET

/** Reads the stack without moving it. */
const peek =
  (cpu: Cpu, size: Size) =>
  (k: number): number => {
    const at = (cpu.words[ESP]! + k * size) & cpu.stackMask;
    return size === 4 ? cpu.load32(SS, at) : cpu.load16(SS, at);
  };

function dropStack(cpu: Cpu, bytes: number): void {
  const sp = cpu.words[ESP]!;
  cpu.words[ESP] = (sp & ~cpu.stackMask) | ((sp + bytes) & cpu.stackMask);
}

/** The code segment that RET or IRET goes back to: its own level or an outer one. */
function returnCode(cpu: Cpu, selector: number): Descriptor {
  if (isNull(selector)) cpu.protection();
  const d = readDescriptor(cpu, selector);
  const level = selector & 3;
  const dpl = dplOf(d.access);
  const good = isCode(d) && level >= cpu.cpl && (isConforming(d) ? dpl <= level : dpl === level);
  if (!good) cpu.fault(GP, naming(selector));
  if (!isPresent(d)) cpu.fault(NP, naming(selector));
  return d;
}

interface Return {
  readonly code: Descriptor;
  readonly selector: number;
  readonly eip: number;
  /** Index, in operands of `size`, of the outer ESP and SS on the stack. */
  readonly outerAt: number;
  /** Bytes of parameters that RET n removes from both stacks. */
  readonly parameters: number;
  readonly size: Size;
}

/** Goes back to an outer level: its stack comes from this one, its data segments lose what it may not see. */
function returnOutward(cpu: Cpu, to: Return): void {
  const get = peek(cpu, to.size);
  const level = to.selector & 3;
  const outer = to.outerAt + to.parameters / to.size;
  const esp = get(outer);
  const ss = get(outer + 1) & 0xffff;
  if (isNull(ss)) cpu.protection();
  const stack = checkedStack(cpu, ss, level, GP, 0);
  cpu.setCpl(level);
  setFromDescriptor(cpu, CS, to.selector, to.code);
  setFromDescriptor(cpu, SS, ss, stack);
  cpu.words[EIP] = to.eip;
  setStackPointer(cpu, esp, to.size);
  dropStack(cpu, to.parameters);
  dropInnerSegments(cpu);
}

/** A 16-bit stack, or a 16-bit return, leaves the upper half of ESP as it was. */
function setStackPointer(cpu: Cpu, esp: number, size: Size): void {
  if (size === 4 && cpu.stackMask === -1) cpu.words[ESP] = esp;
  else cpu.halves[ESP << 1] = esp;
}

export function farReturn(cpu: Cpu, parameters: number, size: Size): void {
  const get = peek(cpu, size);
  const eip = cut(get(0), size);
  const selector = get(1) & 0xffff;
  if (paragraphs(cpu)) {
    demandOffset(cpu, eip, cpu.limits[CS]!);
    dropStack(cpu, 2 * size + parameters);
    setParagraph(cpu, CS, selector);
    cpu.words[EIP] = eip;
    return;
  }
  const code = returnCode(cpu, selector);
  demandOffset(cpu, eip, limitOf(code));
  if ((selector & 3) > cpu.cpl) {
    returnOutward(cpu, { code, selector, eip, outerAt: 2, parameters, size });
    return;
  }
  dropStack(cpu, 2 * size + parameters);
  enterCode(cpu, selector, code, eip);
}

/** IRET. SDM vol. 2A, "IRET/IRETD". */
export function interruptReturn(cpu: Cpu, size: Size): void {
  // Even an IRET that faults lets the next non-maskable interrupt in. SDM vol. 3A, section 6.7.1.
  cpu.nmiBlocked = false;
  if (cpu.nmiWaits) cpu.leaveLoop();
  if (cpu.protectedMode && !cpu.virtual8086 && (cpu.words[EFLAGS]! & FLAG_NT) !== 0) {
    const back = cpu.system16(cpu.task.base);
    switchTask(cpu, back, 'return', 0);
    return;
  }
  const get = peek(cpu, size);
  const eip = cut(get(0), size);
  const selector = get(1) & 0xffff;
  const flags = get(2);
  if (paragraphs(cpu)) {
    demandOffset(cpu, eip, cpu.limits[CS]!);
    dropStack(cpu, 3 * size);
    setParagraph(cpu, CS, selector);
    cpu.words[EIP] = eip;
    returnFlags(cpu, flags, size, changeableFlags(cpu));
    return;
  }
  if (size === 4 && (flags & FLAG_VM) !== 0 && cpu.cpl === 0) returnToVirtual8086(cpu, get);
  else returnProtected(cpu, size, eip, selector, flags);
}

function returnProtected(cpu: Cpu, size: Size, eip: number, selector: number, flags: number): void {
  const code = returnCode(cpu, selector);
  demandOffset(cpu, eip, limitOf(code));
  // What may change is decided by the level that executes IRET, not by the one it goes to.
  const mask = changeableFlags(cpu);
  if ((selector & 3) > cpu.cpl) returnOutward(cpu, { code, selector, eip, outerAt: 3, parameters: 0, size });
  else {
    dropStack(cpu, 3 * size);
    enterCode(cpu, selector, code, eip);
  }
  returnFlags(cpu, flags, size, mask);
}

function returnFlags(cpu: Cpu, flags: number, size: Size, mask: number): void {
  setFlags(cpu, size === 4 ? mask | FLAG_RF : mask & 0xffff, flags);
  cpu.flagsLoaded();
}

/** All of EFLAGS, and all six segments, from the stack. SDM vol. 3B, section 21.2.5. */
function returnToVirtual8086(cpu: Cpu, get: (k: number) => number): void {
  const values = [0, 1, 2, 3, 4, 5, 6, 7, 8].map(get);
  const [eip, cs, flags, esp, ss, es, ds, fs, gs] = values as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number, // prettier-ignore
  ];
  setFlags(cpu, KNOWN_FLAGS, flags);
  cpu.virtual8086 = true;
  cpu.setCpl(3);
  const segments: readonly (readonly [number, number])[] = [
    [ES, es],
    [CS, cs],
    [SS, ss],
    [DS, ds],
    [FS, fs],
    [GS, gs],
  ];
  for (const [segment, selector] of segments) setParagraph(cpu, segment, selector & 0xffff);
  modeChanged(cpu);
  cpu.words[EIP] = eip & 0xffff;
  cpu.words[ESP] = esp;
  cpu.flagsLoaded();
}
