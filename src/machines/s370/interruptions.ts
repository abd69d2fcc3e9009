/**
 * Interruptions: the old PSW and its code are stored, the new PSW is fetched. GA22-7000, "Interruptions".
 * With host software installed the host then has control, as the program to which the new PSW leads.
 */
import { account } from '../../accounting/vocabulary.ts';
import type { Cpu, Interruption } from './cpu.ts';
import {
  EXTERNAL_CODE,
  EXTERNAL_NEW_PSW,
  EXTERNAL_OLD_PSW,
  IO_ADDRESS,
  IO_NEW_PSW,
  IO_OLD_PSW,
  MACHINE_CHECK_NEW_PSW,
  MACHINE_CHECK_OLD_PSW,
  PAGE_TRANSLATION,
  PROGRAM_CODE,
  PROGRAM_NEW_PSW,
  PROGRAM_OLD_PSW,
  RESTART_NEW_PSW,
  RESTART_OLD_PSW,
  SEGMENT_TRANSLATION,
  SVC_CODE,
  SVC_NEW_PSW,
  SVC_OLD_PSW,
  TRANSLATION_EXCEPTION_ADDRESS,
} from './assigned-storage.ts';
import { unpackPsw } from './psw.ts';

const TRAP = account('hardware', 'trap');

/** Swaps PSWs; the caller has stored what the class stores beside the old PSW. */
function swap(cpu: Cpu, oldAt: number, newAt: number, interruption: Interruption): void {
  // Old PSW first: loading the new one destroys the only copy of the interrupted address.
  const [high, low] = cpu.pswWords(interruption.code);
  cpu.storeReal4(oldAt, high);
  cpu.storeReal4(oldAt + 4, low);
  cpu.spend(cpu.costs.interruption);
  cpu.ledger.charge(TRAP, cpu.costs.interruption);
  cpu.onInterruption?.(interruption, high, low);
  cpu.setPsw(unpackPsw(cpu.fetchReal(newAt, 4), cpu.fetchReal(newAt + 4, 4)));
  if (cpu.pswInvalid) cpu.instructionBytes = 0;
  if (cpu.host) {
    cpu.hostCall = interruption;
    cpu.leaveLoop();
  } else cpu.openAccount();
}

/**
 * Program interruption `code` of the current instruction. Translation exceptions nullify: the old PSW points at the
 * instruction; all others leave it behind the instruction, as suppression, termination and completion do.
 */
export function programInterruption(cpu: Cpu, code: number, perCode = 0, perAddress = 0): void {
  const plain = code & 0x7f;
  const nullified = plain === SEGMENT_TRANSLATION || plain === PAGE_TRANSLATION;
  if (nullified) cpu.ia = cpu.instructionAddress;
  if (cpu.extendedControl) cpu.storeReal4(PROGRAM_CODE, (cpu.instructionBytes << 16) | code);
  if (nullified) cpu.storeReal4(TRANSLATION_EXCEPTION_ADDRESS, cpu.faultAddress);
  if (perCode !== 0) cpu.storePerCode(perCode, perAddress);
  swap(cpu, PROGRAM_OLD_PSW, PROGRAM_NEW_PSW, { class: 'program', code });
}

/** SVC with immediate byte `code`. */
export function supervisorCall(cpu: Cpu, code: number): void {
  if (cpu.extendedControl) cpu.storeReal4(SVC_CODE, (cpu.instructionBytes << 16) | code);
  swap(cpu, SVC_OLD_PSW, SVC_NEW_PSW, { class: 'svc', code });
}

/** External interruption with `code`; taken between instructions. */
export function externalInterruption(cpu: Cpu, code: number): void {
  if (cpu.extendedControl) cpu.storeReal4(EXTERNAL_CODE, code);
  cpu.instructionBytes = 0;
  swap(cpu, EXTERNAL_OLD_PSW, EXTERNAL_NEW_PSW, { class: 'external', code });
}

/** Input/output interruption from `address`; the channel has stored the CSW. */
export function ioInterruption(cpu: Cpu, address: number): void {
  if (cpu.extendedControl) cpu.storeReal4(IO_ADDRESS, address);
  cpu.instructionBytes = 0;
  swap(cpu, IO_OLD_PSW, IO_NEW_PSW, { class: 'io', code: address });
}

/** Restart, from the operator's key. */
export function restartInterruption(cpu: Cpu): void {
  cpu.instructionBytes = 0;
  swap(cpu, RESTART_OLD_PSW, RESTART_NEW_PSW, { class: 'restart', code: 0 });
}

/** Machine check; what failed has been logged out. Taken between instructions, as nothing was left half done. */
export function machineCheckInterruption(cpu: Cpu): void {
  cpu.instructionBytes = 0;
  swap(cpu, MACHINE_CHECK_OLD_PSW, MACHINE_CHECK_NEW_PSW, { class: 'machine-check', code: 0 });
}
