/** VM assist for what changes the virtual PSW: LPSW, SSM, STNSM, STOSM, IPK, SPKA and SVC. GA22-7074. */
import { SVC_CODE, SVC_NEW_PSW, SVC_OLD_PSW } from '../assigned-storage.ts';
import { packPsw, PSW_DAT, PSW_PER, unpackPsw, type Psw } from '../psw.ts';
import { MICPEND, VIRTUAL_PROBLEM_STATE, type AssistBlock } from './block.ts';

/** SVC 76 is how programs record errors; VM/370 wants to see it. */
const ERROR_RECORDING = 76;
const INTERRUPTION_MASKS = 0xff;
const SSM_SUPPRESSION = 0x4000_0000;
/** Bits of byte 0 of an EC-mode PSW that must be zero. */
const UNASSIGNED = 0xb8;

/** Whether the microcode may put `next` in force itself. */
function acceptable(block: AssistBlock, now: Psw, next: Psw): boolean {
  if (!next.valid || next.wait || now.extendedControl !== next.extendedControl) return false;
  const modes = now.extendedControl ? PSW_DAT | PSW_PER : 0;
  if (((now.systemMask ^ next.systemMask) & modes) !== 0) return false;
  const opens = (next.systemMask & ~now.systemMask & INTERRUPTION_MASKS & ~modes) !== 0;
  return !opens || block.word(MICPEND) === 0;
}

function enter(block: AssistBlock, next: Psw): void {
  const { cpu } = block;
  block.storedPsw = next;
  cpu.cr[6] = next.problemState ? cpu.cr[6]! | VIRTUAL_PROBLEM_STATE : cpu.cr[6]! & ~VIRTUAL_PROBLEM_STATE;
  cpu.cc = next.conditionCode;
  cpu.programMask = next.programMask;
  cpu.ia = next.instructionAddress;
  if (cpu.key !== next.key) {
    cpu.key = next.key;
    cpu.regimeChanged();
  }
  cpu.ledger.enter(block.accounts[next.problemState ? 1 : 0]);
}

export function loadPsw(block: AssistBlock, word: number): boolean {
  const { cpu } = block;
  const at = cpu.based(word & 0xffff);
  if ((at & 7) !== 0) return false;
  const next = unpackPsw(cpu.fetch4(at), cpu.fetch4(at + 4));
  if (!acceptable(block, block.storedPsw, next)) return false;
  enter(block, next);
  return true;
}

function replaceMask(block: AssistBlock, now: Psw, systemMask: number): boolean {
  const valid = !now.extendedControl || (systemMask & UNASSIGNED) === 0;
  const next = { ...now, systemMask, valid };
  if (!acceptable(block, now, next)) return false;
  block.storedPsw = next;
  return true;
}

export function setSystemMask(block: AssistBlock, word: number): boolean {
  const systemMask = block.cpu.fetch1(block.cpu.based(word & 0xffff));
  // SSM suppression of the guest is for the control program to honour.
  if ((block.virtualControl(0) & SSM_SUPPRESSION) !== 0) return false;
  return replaceMask(block, block.presentPsw, systemMask);
}

function storeThen(block: AssistBlock, word: number, mask: number, now: Psw): boolean {
  // The store may fault; nothing has changed by then, and the control program finds the instruction untouched.
  if (!acceptable(block, now, { ...now, systemMask: mask })) return false;
  block.cpu.store1(block.cpu.based(word & 0xffff), now.systemMask);
  return replaceMask(block, now, mask);
}
export function storeThenAnd(block: AssistBlock, word: number): boolean {
  const now = block.presentPsw;
  return storeThen(block, word, now.systemMask & (word >>> 16), now);
}
export function storeThenOr(block: AssistBlock, word: number): boolean {
  const now = block.presentPsw;
  return storeThen(block, word, (now.systemMask | (word >>> 16)) & 0xff, now);
}

export function insertPswKey({ cpu }: AssistBlock): boolean {
  cpu.gr[2] = (cpu.gr[2]! & ~0xff) | (cpu.key << 4);
  return true;
}
export function setPswKey(block: AssistBlock, word: number): boolean {
  enter(block, { ...block.presentPsw, key: (block.cpu.based(word & 0xffff) >> 4) & 15 });
  return true;
}

/** SVC: swaps the virtual PSWs in the virtual machine's own page 0, as its own machine would. */
export function supervisorCall(block: AssistBlock, word: number): boolean {
  const { cpu } = block;
  const code = (word >>> 16) & 0xff;
  if (code === ERROR_RECORDING) return false;
  const page = block.guestReal(0);
  if (page < 0) return false;
  const now = block.presentPsw;
  const next = unpackPsw(cpu.fetchReal(page + SVC_NEW_PSW, 4), cpu.fetchReal(page + SVC_NEW_PSW + 4, 4));
  if (!acceptable(block, now, next)) return false;
  const old = now.extendedControl
    ? now
    : { ...now, interruptionCode: code, instructionLengthCode: cpu.instructionBytes >> 1 };
  const [high, low] = packPsw(old);
  if (now.extendedControl) cpu.storeReal4(page + SVC_CODE, (cpu.instructionBytes << 16) | code);
  cpu.storeReal4(page + SVC_OLD_PSW, high);
  cpu.storeReal4(page + SVC_OLD_PSW + 4, low);
  enter(block, next);
  return true;
}
