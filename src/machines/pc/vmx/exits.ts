/** VM exits: from the decision, which ends the instruction, to the host's first instruction. SDM vol. 3C, chapter 27. */
import { account } from '../../../accounting/vocabulary.ts';
import type { Cpu } from '../cpu.ts';
import { VM_EXIT } from '../exceptions.ts';
import { loadHost, saveGuest } from './context.ts';
import { EXIT, TIMER_SHIFT } from './controls.ts';
import { loadMsrs, storeMsrs } from './msr-lists.ts';
import { ENTRY_FAILURE, type ExitReason } from './reasons.ts';
import { enterSpace } from './spaces.ts';
import { HOST_RULES } from './rules-host.ts';
import { broken } from './rules.ts';
import { EVENT_VALID, type GuestMode, type PendingExit, type Vectoring } from './unit.ts';
import { ABORT_CORRUPTED, ABORT_HOST_PDPTE, ABORT_MSR_LOAD, Vmcs } from './vmcs.ts';

const SWITCH = account('hardware', 'trap');

const NOTHING: Omit<PendingExit, 'reason'> = {
  qualification: 0,
  length: 0,
  instructionInformation: 0,
  linear: null,
  physical: null,
  interruption: 0,
  error: 0,
};

/** Decides on a VM exit and ends the instruction in execution, without effect. */
export function exitNow(cpu: Cpu, reason: ExitReason, what: Partial<PendingExit> = {}): never {
  cpu.vmx.pending = { ...NOTHING, ...what, reason };
  return cpu.fault(VM_EXIT);
}

/** Between instructions: exits at once. */
export function exitBetween(cpu: Cpu, reason: ExitReason, what: Partial<PendingExit> = {}): void {
  cpu.vmx.pending = { ...NOTHING, ...what, reason };
  completeExit(cpu);
}

/** The exit that was decided on; the instruction has been taken back. */
export function completeExit(cpu: Cpu): void {
  const { vmx, guest } = cpu;
  const pending = vmx.pending;
  if (!pending || !guest) return;
  vmx.listener?.exited(pending.reason);
  const vmcs = new Vmcs(cpu, guest.at);
  saveGuest(cpu, vmcs, guest);
  if ((guest.exit & EXIT.SAVE_TIMER) !== 0 && guest.deadline < Infinity)
    vmcs.set(
      'PREEMPTION_TIMER',
      Math.max(0, Math.floor((guest.deadline - cpu.clock) / 2 ** TIMER_SHIFT)) | 0,
    );
  record(vmcs, pending, vmx.vectoring);
  vmx.pending = null;
  vmx.vectoring = null;
  // The event of this entry has been injected: the next one injects nothing. SDM vol. 3C, section 27.2.
  vmcs.set('ENTRY_INTERRUPTION', vmcs.get('ENTRY_INTERRUPTION') & ~EVENT_VALID);
  if (!storeMsrs(cpu, vmcs)) {
    abort(cpu, vmcs, 1);
    return;
  }
  toHost(cpu, vmcs, guest);
}

/** VM-entry failures after the checks of controls and host state: the guest's state stays as it is. */
export function failEntry(
  cpu: Cpu,
  vmcs: Vmcs,
  mode: GuestMode,
  { reason, qualification }: { readonly reason: ExitReason; readonly qualification: number },
): void {
  cpu.vmx.listener?.exited(reason);
  vmcs.set('EXIT_REASON', reason | ENTRY_FAILURE);
  vmcs.set('EXIT_QUALIFICATION', qualification);
  toHost(cpu, vmcs, mode);
}

function record(vmcs: Vmcs, pending: PendingExit, vectoring: Vectoring | null): void {
  vmcs.set('EXIT_REASON', pending.reason);
  vmcs.set('EXIT_QUALIFICATION', pending.qualification);
  vmcs.set('EXIT_INTERRUPTION', pending.interruption);
  vmcs.set('EXIT_ERROR_CODE', pending.error);
  vmcs.set('IDT_VECTORING', vectoring?.information ?? 0);
  vmcs.set('IDT_VECTORING_ERROR', vectoring?.error ?? 0);
  vmcs.set('EXIT_INSTRUCTION_LENGTH', vectoring?.length ? vectoring.length : pending.length);
  vmcs.set('EXIT_INSTRUCTION_INFORMATION', pending.instructionInformation);
  if (pending.linear !== null) vmcs.set('GUEST_LINEAR_ADDRESS', pending.linear);
  if (pending.physical === null) return;
  vmcs.set('GUEST_PHYSICAL_ADDRESS', pending.physical);
  vmcs.setHigh('GUEST_PHYSICAL_ADDRESS', 0);
}

function toHost(cpu: Cpu, vmcs: Vmcs, mode: GuestMode): void {
  cpu.guest = null;
  if (broken(HOST_RULES, { cpu, vmcs, mode })) {
    abort(cpu, vmcs, ABORT_CORRUPTED);
    return;
  }
  const good = loadHost(cpu, vmcs, mode);
  enterSpace(cpu, 0, -1, mode.vpid === 0);
  const cycles = cpu.model.vmx!.exit.cycles;
  cpu.spend(cycles);
  cpu.ledger.charge(SWITCH, cycles);
  cpu.leaveLoop();
  if (!good) abort(cpu, vmcs, ABORT_HOST_PDPTE);
  else if (loadMsrs(cpu, vmcs, 'EXIT_MSR_LOAD') !== 0) abort(cpu, vmcs, ABORT_MSR_LOAD);
  else cpu.host?.exited?.();
}

/** A VMX abort: the processor shuts down. */
function abort(cpu: Cpu, vmcs: Vmcs, code: number): void {
  vmcs.abort = code;
  cpu.shutdown = `VMX abort ${code} while a VM exit was completed`;
}
