/**
 * CP's side of VM assist: the block, virtual PSW and virtual control registers that the microcode works on, kept in
 * CP's storage while the machine executes. GC20-1807, "Virtual Machine Assist Feature".
 */
import { packPsw, unpackPsw } from '../../machines/s370/psw.ts';
import {
  ASSIST_ON,
  MICBLOK_BYTES,
  MICCREG,
  MICPEND,
  MICRSEG,
  MICVPSW,
  NO_KEY_ASSIST,
  NO_SHADOW_ASSIST,
  VIRTUAL_PROBLEM_STATE,
} from '../../machines/s370/vm-assist.ts';
import type { ControlProgram } from './control-program.ts';
import type { VirtualMachine } from './virtual-machine.ts';

const PSW = MICBLOK_BYTES;
const CONTROLS = PSW + 8;
/** The block, the virtual PSW and sixteen control registers. */
export const ASSIST_BYTES = CONTROLS + 64;

export class Assist {
  private readonly cp: ControlProgram;
  /** SET ASSIST: CP uses the feature where its machine has it. */
  on = true;

  constructor(cp: ControlProgram) {
    this.cp = cp;
  }

  get inUse(): boolean {
    return this.on && this.cp.system.hasAssist;
  }

  /** What TRACE and ADSTOP are to see must trap. */
  private serves(vm: VirtualMachine): boolean {
    return this.inUse && !vm.host && !vm.state.trace && !vm.state.addressStop;
  }

  /** Control register 6 for the machine, which the microcode reads together with the block; 0 without assist. */
  prepare(vm: VirtualMachine): number {
    if (!this.serves(vm)) return 0;
    const { system } = this.cp;
    const { assistBlock: at, psw, cr, segmentTable } = vm.state;
    const [high, low] = packPsw({ ...psw, interruptionCode: 0, instructionLengthCode: 0 });
    system.storeWord(at + MICRSEG, 0x0f00_0000 | segmentTable);
    system.storeWord(at + MICCREG, at + CONTROLS);
    system.storeWord(at + MICVPSW, at + PSW);
    system.storeWord(at + MICPEND, this.cp.somethingPends(vm) ? 1 : 0);
    system.storeWord(at + PSW, high);
    system.storeWord(at + PSW + 4, low);
    for (let register = 0; register < 16; register++)
      system.storeWord(at + CONTROLS + 4 * register, cr[register]!);
    const state = psw.problemState ? VIRTUAL_PROBLEM_STATE : 0;
    return ASSIST_ON | state | NO_KEY_ASSIST | NO_SHADOW_ASSIST | at;
  }

  /** The virtual PSW as the microcode left it; CP adds what the real old PSW says. */
  collect(vm: VirtualMachine): void {
    if (!this.serves(vm)) return;
    const { system } = this.cp;
    const at = vm.state.assistBlock + PSW;
    this.cp.setPsw(vm, unpackPsw(system.fetchWord(at), system.fetchWord(at + 4)));
  }
}
