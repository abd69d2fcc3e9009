/**
 * A System/370 as host software sees it: the operations that a control program has, named by their instructions.
 * The real machine and a virtual machine under CP both offer it, so that a control program runs on either.
 * Every privileged operation costs what it costs there: on a virtual machine it traps to the level below.
 */
import type { Account } from '../../accounting/vocabulary.ts';
import type { AssistLevel } from './assist/vm-assist.ts';
import type { Host } from './cpu.ts';
import type { Psw } from './psw.ts';

export interface System370 {
  /** Monitors beneath this machine: 0 for the real one. */
  readonly level: number;
  /** Bytes of what this machine takes for real storage. */
  readonly storageSize: number;
  /** Cycles of the real machine's clock. */
  readonly clock: number;
  readonly cyclePicoseconds: number;
  /** Cycles of an average instruction of system code: what a path length is multiplied with. */
  readonly cyclesPerInstruction: number;
  /** What STIDP stores as the model number. */
  readonly modelNumber: number;
  /** General and floating-point registers, as the interrupted program left them. */
  readonly gr: Int32Array;
  readonly fpr: Uint32Array;

  // Real storage, as the host's own instructions reach it with key 0 and translation off. Addresses must exist.
  fetch(real: number, length: number): Uint8Array;
  fetchWord(real: number): number;
  fetchHalf(real: number): number;
  store(real: number, bytes: ArrayLike<number>): void;
  storeWord(real: number, value: number): void;
  storeHalf(real: number, value: number): void;

  /** LPSW: what the host does last; the program it names runs next. */
  loadPsw(psw: Psw): void;
  /** LCTL of the registers from `first` on. */
  loadControl(first: number, values: readonly number[]): void;
  /** SSK of the 2 K block at `real`. */
  setStorageKey(real: number, key: number): void;
  /** ISK in EC mode: the key with reference and change bits. */
  insertStorageKey(real: number): number;
  /** RRB; gives the condition code (2 = was referenced, 1 = was changed). */
  resetReferenceBit(real: number): number;
  /** PTLB. */
  purgeTlb(): void;
  /** SIO of the channel program that the CAW at X'48' names; gives the condition code. */
  startIo(address: number): number;
  testIo(address: number): number;
  haltDevice(address: number): number;
  /** STCK: the time-of-day clock. */
  storeClock(): bigint;
  /** SCKC and SPT. */
  setClockComparator(value: bigint): void;
  setCpuTimer(value: bigint): void;

  /** Installs host software as the program to which this machine's new PSWs lead. */
  attach(host: Host): void;
  /** Books `cycles` of the host's own instructions, as one occurrence, to `account`. */
  work(account: Account, cycles: number): void;
  /**
   * Account for the cycles that pass from here on; `user` is the one to change to when the assist takes the guest from
   * its kernel to its user's program, and back.
   */
  enter(account: Account, guest?: { readonly kernel: Account; readonly user: Account }): void;
  /** VM assist as far as the machine has it; control register 6 then switches it on. */
  readonly assistLevel: AssistLevel;
  /** Cycles of an interruption into this machine's host software and of the way back, when no PSW is really swapped. */
  trapAndReturn(): void;
}
