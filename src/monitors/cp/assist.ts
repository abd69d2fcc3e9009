/**
 * CP's side of VM assist: the block, virtual PSW and virtual control registers that the microcode works on, kept in
 * CP's storage while the machine executes. GC20-1807, "Virtual Machine Assist Feature" and "Extended Control-Program
 * Support".
 */
import {
  ASSIST_ON,
  EXPANDED_ASSIST,
  MICBLOK_BYTES,
  MICCHAN,
  MICCREG,
  MICPEND,
  MICRSEG,
  MICSHAD,
  MICSWAP,
  MICTICK,
  MICTPND,
  MICVCKC,
  MICVPSW,
  MICVTMR,
  NO_SVC_ASSIST,
  storedPswWords,
  TIMER_ASSIST,
  VIRTUAL_PROBLEM_STATE,
} from '../../machines/s370/assist/block.ts';
import { unpackPsw } from '../../machines/s370/psw.ts';
import type { ControlProgram } from './control-program.ts';
import { AT_LOGON } from './messages.ts';
import type { VirtualMachine } from './virtual-machine.ts';

const PSW = MICBLOK_BYTES;
const CONTROLS = PSW + 8;
/** What CP had put at MICVTMR. */
const TIMER_BEFORE = CONTROLS + 64;
export const ASSIST_BYTES = TIMER_BEFORE + 8;
const CHANNELS = 16;

export class Assist {
  private readonly cp: ControlProgram;
  /** SET SASSIST: CP uses VM assist where its machine has it. */
  on = true;
  /** SET CPASSIST: CP uses the microcode that takes over paths of its own. */
  cpOn = true;

  constructor(cp: ControlProgram) {
    this.cp = cp;
  }

  get available(): boolean {
    return this.cp.system.assistLevel !== 'none';
  }
  get inUse(): boolean {
    return this.on && this.available;
  }
  get expandedAvailable(): boolean {
    return this.cp.system.assistLevel === 'ecps';
  }
  /** Whether ECPS:VM does those paths of CP that it names. */
  get pathsInMicrocode(): boolean {
    return this.cpOn && this.expandedAvailable;
  }

  /** What TRACE and ADSTOP are to see must trap. */
  private serves(vm: VirtualMachine): boolean {
    const { trace, addressStop, settings } = vm.state;
    return this.inUse && !vm.host && !trace && !addressStop && (settings ?? AT_LOGON).assist;
  }

  /** Control register 6 for the machine, which the microcode reads together with the block; 0 without assist. */
  prepare(vm: VirtualMachine): number {
    if (!this.serves(vm)) return 0;
    const { system } = this.cp;
    const { assistBlock: at, psw, cr, segmentTable, shadow, swapTable, intervalTick } = vm.state;
    const [high, low] = storedPswWords(psw);
    system.storeWord(at + MICRSEG, 0x0f00_0000 | segmentTable);
    system.storeWord(at + MICCREG, at + CONTROLS);
    system.storeWord(at + MICVPSW, at + PSW);
    system.storeWord(at + MICPEND, this.cp.dispatcher.somethingPends(vm) ? 1 : 0);
    system.storeWord(at + MICSWAP, swapTable);
    system.storeWord(at + MICSHAD, shadow?.origin ?? 0);
    system.storeWord(at + PSW, high);
    system.storeWord(at + PSW + 4, low);
    for (let register = 0; register < 16; register++)
      system.storeWord(at + CONTROLS + 4 * register, cr[register]!);
    if (this.expandedAvailable) {
      system.storeWord(at + MICTPND, 0);
      system.storeWord(at + MICTICK, intervalTick);
      system.storeWord(at + MICCHAN, this.channelCodes(vm));
    }
    const { assistSvc, assistTimer } = vm.state.settings ?? AT_LOGON;
    return (
      ASSIST_ON |
      (psw.problemState ? VIRTUAL_PROBLEM_STATE : 0) |
      (assistSvc ? 0 : NO_SVC_ASSIST) |
      (this.expandedAvailable ? EXPANDED_ASSIST : 0) |
      (this.expandedAvailable && assistTimer ? TIMER_ASSIST : 0) |
      at
    );
  }

  /** Condition codes of TCH, which stay as they are while the machine executes: two bits a channel. */
  private channelCodes(vm: VirtualMachine): number {
    let codes = 0;
    for (let channel = 0; channel < CHANNELS; channel++)
      codes = (codes << 2) | this.cp.virtualIo.testChannel(vm, channel << 8);
    return codes;
  }

  /** The virtual timers, beside the real CPU timer that has been set to `real`. */
  prepareTimers(vm: VirtualMachine, real: bigint): void {
    if (!this.expandedAvailable || !this.serves(vm)) return;
    const { assistBlock: at, comparator } = vm.state;
    const difference = this.cp.timers.cpuTimer(vm) - real;
    this.storeDoubleword(at + MICVTMR, difference);
    this.storeDoubleword(at + TIMER_BEFORE, difference);
    this.storeDoubleword(at + MICVCKC, comparator);
  }

  /** What the microcode has changed; the rest of the virtual PSW is in the real old one. */
  collect(vm: VirtualMachine): void {
    if (!this.serves(vm)) return;
    const { system } = this.cp;
    const { state } = vm;
    const at = state.assistBlock;
    this.cp.setPsw(vm, unpackPsw(system.fetchWord(at + PSW), system.fetchWord(at + PSW + 4)));
    if (!this.expandedAvailable) return;
    state.timerOffset += this.doubleword(at + MICVTMR) - this.doubleword(at + TIMER_BEFORE);
    state.comparator = BigInt.asUintN(64, this.doubleword(at + MICVCKC));
    state.intervalTick = system.fetchWord(at + MICTICK);
    if (system.fetchWord(at + MICTPND) !== 0) state.intervalPending = true;
  }

  save(): { readonly on: boolean; readonly cpOn: boolean } {
    return { on: this.on, cpOn: this.cpOn };
  }
  restore({ on, cpOn }: ReturnType<Assist['save']>): void {
    this.on = on;
    this.cpOn = cpOn;
  }

  private doubleword(at: number): bigint {
    const { system } = this.cp;
    return BigInt.asIntN(64, (BigInt(system.fetchWord(at)) << 32n) | BigInt(system.fetchWord(at + 4)));
  }
  private storeDoubleword(at: number, value: bigint): void {
    const { system } = this.cp;
    system.storeWord(at, Number(BigInt.asIntN(32, value >> 32n)));
    system.storeWord(at + 4, Number(BigInt.asIntN(32, value)));
  }
}
