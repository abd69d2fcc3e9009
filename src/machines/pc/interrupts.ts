/** Exceptions and interrupts: from a vector to the handler. SDM vol. 3A, chapter 6; vol. 2A, "INT n". */
import { account } from '../../accounting/vocabulary.ts';
import type { Cpu } from './cpu.ts';
import { recordDebug } from './debug.ts';
import type { InterruptKind } from './wiring.ts';
import { CS, DS, EIP, ES, ESP, FAULT, FS, GS, SS } from './registers.ts';
import { FLAG_AC, FLAG_IF, FLAG_NT, FLAG_RF, FLAG_TF, FLAG_VM } from './eflags.ts';
import { BP, DB, DF, doubles, EXT, GP, IDT, NMI, NP, OF, PF, VM_EXIT } from './exceptions.ts';
import { getFlags, setFlags } from './flags.ts';
import {
  INTERRUPT_GATE_16,
  INTERRUPT_GATE_32,
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
  setSegment,
  TASK_GATE,
  TRAP_GATE_16,
  TRAP_GATE_32,
  type Descriptor,
} from './segments.ts';
import { dplOf } from './segment-checks.ts';
import { commitFrame, currentFrame, innerFrame, pushTo, type StackFrame } from './stack-frame.ts';
import type { PcEvent, PcHost } from './system.ts';
import { switchTask } from './tasks.ts';
import { described, exceptionExits } from './vmx/events.ts';
import { completeExit, exitBetween, exitNow } from './vmx/exits.ts';
import { REASON } from './vmx/reasons.ts';
import { EVENT_TYPE, EVENT_VALID, type GuestMode, type Vectoring } from './vmx/unit.ts';

const TRAP = account('hardware', 'trap');

interface Gate {
  readonly selector: number;
  readonly offset: number;
  readonly type: number;
  readonly dpl: number;
}

/**
 * Delivers an exception of the current instruction or an interrupt; a fault on the way becomes a double fault, and a
 * fault while that is delivered shuts the processor down. SDM vol. 3A, section 6.15, "Interrupt 8".
 */
export function deliver(
  cpu: Cpu,
  vector: number,
  kind: InterruptKind,
  error = -1,
  injected: Vectoring | null = null,
): void {
  let [current, how, code] = [vector, kind, error];
  let event = injected;
  for (;;) {
    cpu.trail.deliver({
      vector: current,
      kind: how,
      error: code,
      selector: cpu.selectors[CS]!,
      eip: cpu.words[EIP]! >>> 0,
      cr2: cpu.cr2 >>> 0,
      instructions: cpu.instructions,
    });
    if (cpu.guest && !event && how === 'exception' && exceptionExit(cpu, cpu.guest, current, code)) return;
    try {
      interrupt(cpu, current, how, code);
      cpu.vmx.vectoring = null;
      return;
    } catch (fault) {
      if (fault !== FAULT) throw fault;
    }
    if (cpu.guest) {
      event ??= described(current, how, code);
      cpu.vmx.vectoring = event;
      // The instruction that the host had injected is not executed.
      cpu.words[EIP]! -= injected === event ? event.length : 0;
      event = null;
      if (cpu.faultVector === VM_EXIT) {
        completeExit(cpu);
        return;
      }
    }
    const second = cpu.faultVector;
    // The bitmap is asked before two exceptions make a double fault. SDM vol. 3C, section 27.2.4.
    if (cpu.guest && exceptionExit(cpu, cpu.guest, second, cpu.faultError)) return;
    if (current === DF && how === 'exception') {
      if (cpu.guest) {
        cpu.vmx.vectoring = null;
        exitBetween(cpu, REASON.TRIPLE_FAULT);
        return;
      }
      cpu.shutdown = `triple fault: vector ${second} while a double fault was delivered`;
      return;
    }
    const doubled = how === 'exception' && doubles(current, second);
    current = doubled ? DF : second;
    code = doubled ? 0 : cpu.faultError;
    how = 'exception';
  }
}

/** A guest's exception that exits; one that does not has its address in CR2 now. */
function exceptionExit(cpu: Cpu, guest: GuestMode, vector: number, error: number): boolean {
  if (!exceptionExits(guest, vector, error)) {
    if (vector === PF) cpu.cr2 = cpu.faultAddress;
    return false;
  }
  // A double fault that exits is an event of its own.
  if (vector === DF) cpu.vmx.vectoring = null;
  const { information: interruption } = described(vector, 'exception', error);
  const qualification = vector === PF ? cpu.faultAddress : vector === DB ? cpu.vmx.debugBits : 0;
  exitBetween(cpu, REASON.EXCEPTION_OR_NMI, { interruption, error: Math.max(0, error), qualification });
  return true;
}

/** INT n: faults of the delivery are faults of the instruction, of `length` bytes. */
export function softwareInterrupt(cpu: Cpu, vector: number, length: number): void {
  const { guest } = cpu;
  if (guest) cpu.vmx.vectoring = described(vector, 'software', -1, length);
  interrupt(cpu, vector, 'software', -1);
  cpu.vmx.vectoring = null;
}

/** INT3, INTO: an exception of the program's, which a host may want to see. */
export function softwareException(cpu: Cpu, vector: number, length: number): void {
  demandException(cpu, vector, EVENT_TYPE.SOFTWARE_EXCEPTION, length);
  interrupt(cpu, vector, 'software', -1);
  cpu.vmx.vectoring = null;
}

function demandException(cpu: Cpu, vector: number, type: number, length: number): void {
  const { guest } = cpu;
  if (!guest) return;
  const interruption = EVENT_VALID | (type << 8) | vector;
  if (exceptionExits(guest, vector, -1))
    exitNow(cpu, REASON.EXCEPTION_OR_NMI, { interruption, length, qualification: 0 });
  cpu.vmx.vectoring = { information: interruption, error: 0, length };
}

/** Exceptions that are no faults: the flags pushed keep RF as it is. SDM vol. 3B, section 17.3.1.1. */
const TRAPS: ReadonlySet<number> = new Set([DB, NMI, BP, OF, DF]);
const resumeFlag = (vector: number, kind: InterruptKind): number =>
  kind === 'exception' && !TRAPS.has(vector) ? FLAG_RF : 0;

/** INT1 (ICEBP): a debug exception that asks no privilege and leaves DR6 alone. SDM vol. 2A, "INT n". */
export function debugTrap(cpu: Cpu, length: number): void {
  demandException(cpu, DB, EVENT_TYPE.PRIVILEGED, length);
  interrupt(cpu, DB, 'exception', -1);
  cpu.vmx.vectoring = null;
}

/** A debug exception with its reasons, bits of DR6: a host that wants to see it reads them there. */
export function deliverDebug(cpu: Cpu, bits: number): void {
  cpu.vmx.debugBits = bits;
  if (!cpu.guest || !exceptionExits(cpu.guest, DB, -1)) recordDebug(cpu, bits);
  deliver(cpu, DB, 'exception');
}

function interrupt(cpu: Cpu, vector: number, kind: InterruptKind, error: number): void {
  cpu.onInterrupt?.(vector, kind);
  cpu.deliveries++;
  const direct = kind === 'software' && cpu.host?.outerGates && leadsOutward(cpu, vector);
  if (cpu.host && !cpu.guest && !direct) {
    toHost(cpu, cpu.host, { vector, kind, error });
    return;
  }
  if (cpu.protectedMode) throughGate(cpu, vector, kind, error);
  else realMode(cpu, vector);
  cpu.halted = false;
  cpu.shadow = false;
  cpu.trapShadow = false;
  cpu.spend(cpu.costs.interruption);
  cpu.ledger.charge(TRAP, cpu.costs.interruption);
}

/** Whether a program may go through the gate in the table straight to a segment that is not the host software's. */
function leadsOutward(cpu: Cpu, vector: number): boolean {
  if (8 * vector + 7 > cpu.idtLimit) return false;
  const at = (cpu.idtBase + 8 * vector) | 0;
  const low = cpu.system32(at);
  const high = cpu.system32((at + 4) | 0);
  return (high & 0x8000) !== 0 && ((high >>> 13) & 3) >= cpu.cpl && ((low >>> 16) & 3) !== 0;
}

/** The table leads to host software: the processor passes to level 0 and its stack, whoever was interrupted. */
function toHost(cpu: Cpu, host: PcHost, event: PcEvent): void {
  cpu.halted = false;
  cpu.shadow = false;
  cpu.trapShadow = false;
  if (event.kind === 'software' && event.vector === host.callVector && cpu.cpl !== 3)
    cpu.spend(cpu.costs.call);
  else {
    const cycles = cpu.costs.interruption + cpu.costs.gate;
    cpu.spend(cycles);
    cpu.ledger.charge(TRAP, cycles);
  }
  host.interrupt(event);
}

/** Real-address mode: the vector table holds far pointers. SDM vol. 3B, section 21.1.4. */
function realMode(cpu: Cpu, vector: number): void {
  if (4 * vector + 3 > cpu.idtLimit) cpu.fault(GP, 0);
  const pointer = cpu.system32((cpu.idtBase + 4 * vector) | 0);
  const frame = currentFrame(cpu);
  pushTo(cpu, frame, 2, getFlags(cpu));
  pushTo(cpu, frame, 2, cpu.selectors[CS]!);
  pushTo(cpu, frame, 2, cpu.words[EIP]!);
  commitFrame(cpu, frame);
  setParagraph(cpu, CS, pointer >>> 16);
  cpu.words[EIP] = pointer & 0xffff;
  setFlags(cpu, FLAG_IF | FLAG_TF | FLAG_AC | FLAG_RF, 0);
}

function readGate(cpu: Cpu, vector: number, kind: InterruptKind): Gate {
  const ext = kind === 'software' ? 0 : EXT;
  const error = (vector << 3) | IDT | ext;
  if (8 * vector + 7 > cpu.idtLimit) cpu.fault(GP, error);
  const at = (cpu.idtBase + 8 * vector) | 0;
  const low = cpu.system32(at);
  const high = cpu.system32((at + 4) | 0);
  const type = (high >>> 8) & 0x1f;
  const known =
    type === TASK_GATE ||
    type === INTERRUPT_GATE_16 ||
    type === TRAP_GATE_16 ||
    type === INTERRUPT_GATE_32 ||
    type === TRAP_GATE_32;
  if (!known) cpu.fault(GP, error);
  const dpl = (high >>> 13) & 3;
  if (kind === 'software' && dpl < cpu.cpl) cpu.fault(GP, error);
  if ((high & 0x8000) === 0) cpu.fault(NP, error);
  const wide = type >= INTERRUPT_GATE_32;
  const offset = wide ? (high & 0xffff0000) | (low & 0xffff) : low & 0xffff;
  return { selector: low >>> 16, offset, type, dpl };
}

function throughGate(cpu: Cpu, vector: number, kind: InterruptKind, error: number): void {
  const gate = readGate(cpu, vector, kind);
  const ext = kind === 'software' ? 0 : EXT;
  if (gate.type === TASK_GATE) {
    switchTask(cpu, gate.selector, 'call', ext, resumeFlag(vector, kind));
    if (error >= 0) pushErrorOfTask(cpu, error);
    return;
  }
  const target = checkedTarget(cpu, gate, ext);
  const level = isConforming(target) ? cpu.cpl : dplOf(target.access);
  const inner = level < cpu.cpl;
  const frame = inner ? innerFrame(cpu, level, ext) : currentFrame(cpu);
  const size = gate.type >= INTERRUPT_GATE_32 ? 4 : 2;
  fill(cpu, frame, size, inner, error, resumeFlag(vector, kind));
  if (gate.offset >>> 0 > limitOf(target)) cpu.fault(GP, 0);
  enter(cpu, gate, target, level, frame);
  if (inner) {
    cpu.spend(cpu.costs.gate);
    cpu.ledger.charge(TRAP, cpu.costs.gate, 0);
  }
}

function pushErrorOfTask(cpu: Cpu, error: number): void {
  if ((cpu.task.access & 8) !== 0) cpu.push32(error);
  else cpu.push16(error);
}

/** The code segment that the gate names; from virtual-8086 mode only level 0 will do. */
function checkedTarget(cpu: Cpu, gate: Gate, ext: number): Descriptor {
  if (isNull(gate.selector)) cpu.fault(GP, ext);
  const d = readDescriptor(cpu, gate.selector, GP, ext);
  const error = naming(gate.selector, ext);
  if (!isCode(d) || dplOf(d.access) > cpu.cpl) cpu.fault(GP, error);
  if (!isPresent(d)) cpu.fault(NP, error);
  if (cpu.virtual8086 && (isConforming(d) || dplOf(d.access) !== 0)) cpu.fault(GP, error);
  return d;
}

function fill(cpu: Cpu, frame: StackFrame, size: 2 | 4, inner: boolean, error: number, resume: number): void {
  const push = (value: number): void => pushTo(cpu, frame, size, value);
  const { selectors } = cpu;
  if (cpu.virtual8086) for (const segment of [GS, FS, DS, ES]) push(selectors[segment]!);
  if (inner) {
    push(selectors[SS]!);
    push(cpu.words[ESP]!);
  }
  push(getFlags(cpu) | resume);
  push(selectors[CS]!);
  push(cpu.words[EIP]!);
  if (error >= 0) push(error);
}

/** Everything is stored: from here on nothing faults. */
function enter(cpu: Cpu, gate: Gate, target: Descriptor, level: number, frame: StackFrame): void {
  const wasVirtual = cpu.virtual8086;
  const interruptGate = gate.type === INTERRUPT_GATE_16 || gate.type === INTERRUPT_GATE_32;
  setFlags(cpu, FLAG_TF | FLAG_NT | FLAG_VM | FLAG_RF | (interruptGate ? FLAG_IF : 0), 0);
  cpu.virtual8086 = false;
  cpu.setCpl(level);
  commitFrame(cpu, frame);
  setFromDescriptor(cpu, CS, (gate.selector & ~3) | level, target);
  cpu.words[EIP] = gate.offset;
  if (!wasVirtual) return;
  for (const segment of [ES, DS, FS, GS]) setSegment(cpu, segment, 0, 0, 0, 0);
  modeChanged(cpu);
}
