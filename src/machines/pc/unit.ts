/** One turn of a processor: instructions until a fault or until something is due, and the debug trap behind them. */
import type { Cpu } from './cpu.ts';
import { SINGLE_STEP } from './debug.ts';
import { RETRY, VM_EXIT } from './exceptions.ts';
import { deliver, deliverDebug } from './interrupts.ts';
import { FAULT } from './registers.ts';
import { completeExit } from './vmx/exits.ts';

/** `alone`: one instruction only; `trap`: EFLAGS.TF was set before it. */
export function executeUnit(cpu: Cpu, alone: boolean, trap: boolean): void {
  const before = cpu.deliveries;
  const { guest } = cpu;
  try {
    if (alone) cpu.executeOne();
    else cpu.execute();
  } catch (fault) {
    if (fault !== FAULT) throw fault;
    cpu.unwind();
    cpu.debugHits = 0;
    if (cpu.faultVector === RETRY) return;
    if (cpu.faultVector === VM_EXIT) completeExit(cpu);
    else deliver(cpu, cpu.faultVector, 'exception', cpu.faultError);
  }
  // Whoever came in by a VM entry or exit has not executed anything yet.
  if (cpu.guest === guest) debugTrap(cpu, trap && cpu.deliveries === before);
}

/**
 * The debug exception after an instruction: data and port breakpoints, task switch, single step. The step of an
 * instruction that went through a gate itself is lost with the flag; after a load of SS the trap waits for the next
 * instruction. SDM vol. 3B, sections 17.3.1.2 to 17.3.1.5; vol. 3A, section 6.8.3.
 */
function debugTrap(cpu: Cpu, step: boolean): void {
  if (cpu.trapShadow) {
    // Still there for a VM exit of the next instruction, which tells what held interrupts off.
    if (cpu.shadow) return;
    cpu.trapShadow = false;
  }
  const hits = cpu.debugHits | (step ? SINGLE_STEP : 0);
  if (hits === 0) return;
  cpu.debugHits = 0;
  deliverDebug(cpu, hits);
}
