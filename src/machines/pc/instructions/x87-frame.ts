/**
 * What all x87 instructions share: whether the unit may be used, which exception waits, and how results and their
 * exceptions reach the registers. SDM vol. 1, section 8.7; vol. 3A, sections 2.5 and 13.2.
 */
import type { Cpu } from '../cpu.ts';
import { MF, NM } from '../exceptions.ts';
import { CR0_EM, CR0_MP, CR0_NE, CR0_TS, CS } from '../registers.ts';
import { BEFORE, INDEFINITE, type Extended, type Outcome } from '../x87/extended.ts';
import type { Place } from '../x87/environment.ts';
import { C1 } from '../x87/unit.ts';
import { offsetOf } from './operands.ts';
import type { Decoded, Execute } from './row.ts';

/** EM: the program simulates the unit; TS: its registers belong to another task. */
function demandUnit(cpu: Cpu): void {
  if ((cpu.cr0 & (CR0_EM | CR0_TS)) !== 0) cpu.fault(NM);
}

/** An exception of an earlier instruction: #MF, or with NE = 0 the interrupt of the PC's coprocessor. */
function deliverPending(cpu: Cpu): void {
  const { x87 } = cpu;
  if (x87.pending && (cpu.cr0 & CR0_NE) !== 0) cpu.fault(MF);
  if (x87.pending === x87.ferr && !x87.ferr) return;
  x87.ferr = x87.pending;
  if (!cpu.coprocessorError(x87.ferr)) cpu.waitForInterrupt();
}

/** FNINIT, FNSTCW …: waits for no exception, and leaves the pointers alone. */
export const unwaiting =
  (execute: Execute): Execute =>
  (cpu, i) => {
    demandUnit(cpu);
    execute(cpu, i);
  };

/** A control instruction that waits: FLDCW, FRSTOR … */
export const control =
  (execute: Execute): Execute =>
  (cpu, i) => {
    demandUnit(cpu);
    deliverPending(cpu);
    execute(cpu, i);
  };

/** Any other instruction: it also leaves its own address, and that of its operand, in the pointers. */
export const waiting =
  (execute: Execute): Execute =>
  (cpu, i) => {
    demandUnit(cpu);
    deliverPending(cpu);
    execute(cpu, i);
    note(cpu, i);
  };

function note(cpu: Cpu, i: Decoded): void {
  const { pointers } = cpu.x87;
  cpu.x87.pointers = {
    opcode: i.immediate,
    instruction: cpu.currentEip(),
    codeSelector: cpu.selectors[CS]!,
    operand: i.register ? pointers.operand : offsetOf(cpu, i),
    dataSelector: i.register ? pointers.dataSelector : cpu.selectors[i.segment]!,
  };
}

/** WAIT asks for #NM by MP and TS together. */
export const wait: Execute = (cpu) => {
  if ((cpu.cr0 & CR0_MP) !== 0 && (cpu.cr0 & CR0_TS) !== 0) cpu.fault(NM);
  deliverPending(cpu);
};

export const place = (cpu: Cpu, i: Decoded): Place => ({
  segment: i.segment,
  offset: offsetOf(cpu, i),
  mask: i.addressMask,
});

/** Reports what an operation found; whether its result may be stored. */
export function settle(cpu: Cpu, { flags, up }: Omit<Outcome, 'value'>): boolean {
  const { x87 } = cpu;
  const refused = (flags & BEFORE & ~x87.mode.masks) !== 0;
  x87.conditions(C1, up && !refused ? C1 : 0);
  // What is found before anything is computed hides what would have been found after.
  x87.raise(refused ? flags & BEFORE : flags);
  return !refused;
}

/** ST(i) takes the result, unless an exception that is not masked forbids it. */
export function put(cpu: Cpu, i: number, outcome: Outcome): boolean {
  if (!settle(cpu, outcome)) return false;
  cpu.x87.set(i, outcome.value);
  return true;
}

/** Whether ST(i) are all there; else a stack underflow has been reported, and `masked` does what that asks for. */
export function present(cpu: Cpu, indices: readonly number[], masked: () => void): boolean {
  const { x87 } = cpu;
  if (!indices.some((i) => x87.isEmpty(i))) return true;
  if (!x87.stackFault(false)) masked();
  return false;
}

/** Pushes; without room a stack overflow is reported, and masked, the indefinite pushed. */
export function push(cpu: Cpu, value: Extended): boolean {
  const { x87 } = cpu;
  if (x87.isEmpty(7)) {
    x87.push(value);
    return true;
  }
  if (!x87.stackFault(true)) x87.push(INDEFINITE);
  return false;
}
