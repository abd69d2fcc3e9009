/** Reflection: the guest takes an interruption as its own machine would, by a swap of PSWs in its own page 0. */
import {
  EXTERNAL_CODE,
  EXTERNAL_NEW_PSW,
  EXTERNAL_OLD_PSW,
  IO_ADDRESS,
  IO_NEW_PSW,
  IO_OLD_PSW,
  MONITOR_CLASS,
  MONITOR_CODE,
  PAGE_TRANSLATION,
  PER_ADDRESS,
  PER_CODE,
  PROGRAM_CODE,
  PROGRAM_NEW_PSW,
  PROGRAM_OLD_PSW,
  SEGMENT_TRANSLATION,
  SVC_CODE,
  SVC_NEW_PSW,
  SVC_OLD_PSW,
  TRANSLATION_EXCEPTION_ADDRESS,
} from '../../machines/s370/assigned-storage.ts';
import type { Interruption } from '../../machines/s370/cpu.ts';
import { packPsw } from '../../machines/s370/psw.ts';
import type { ControlProgram } from './control-program.ts';
import type { ProgramEvents } from './state.ts';
import type { VirtualMachine } from './virtual-machine.ts';

export class Reflector {
  private readonly cp: ControlProgram;

  constructor(cp: ControlProgram) {
    this.cp = cp;
  }

  /** Swaps the virtual PSWs. Everything is fetched before anything is stored: a PAGE_WAIT leaves nothing half done. */
  private swap(
    vm: VirtualMachine,
    oldAt: number,
    newAt: number,
    interruption: Interruption,
    storeCodes: () => void,
  ): void {
    const next = vm.fetchPsw(newAt);
    const { psw } = vm.state;
    const [high, low] = packPsw(
      psw.extendedControl
        ? psw
        : {
            ...psw,
            interruptionCode: interruption.code,
            instructionLengthCode: vm.state.instructionBytes >> 1,
          },
    );
    this.cp.charge('reflect');
    if (psw.extendedControl) storeCodes();
    vm.storeWord(oldAt, high);
    vm.storeWord(oldAt + 4, low);
    this.cp.note('reflect', vm, {
      class: interruption.class,
      code: interruption.code,
      target: next.instructionAddress,
    });
    if (!next.valid) vm.state.instructionBytes = 0;
    this.cp.loadVirtualPsw(vm, next);
    this.cp.hostOf(vm, interruption);
  }

  program(vm: VirtualMachine, code: number, address: number, events: ProgramEvents = {}): void {
    const { state } = vm;
    const plain = code & 0x7f;
    const translation = plain === SEGMENT_TRANSLATION || plain === PAGE_TRANSLATION;
    if (translation) this.cp.setPsw(vm, { instructionAddress: state.instructionAddress });
    vm.locate(0); // page 0 first: nothing may be stored twice
    if (events.monitor) {
      vm.storeHalf(MONITOR_CLASS, events.monitor[0]);
      vm.storeWord(MONITOR_CODE, events.monitor[1]);
    }
    if (events.per) {
      vm.storeHalf(PER_CODE, events.per[0]);
      vm.storeWord(PER_ADDRESS, events.per[1]);
    }
    this.swap(vm, PROGRAM_OLD_PSW, PROGRAM_NEW_PSW, { class: 'program', code }, () => {
      vm.storeWord(PROGRAM_CODE, (state.instructionBytes << 16) | code);
      if (translation) vm.storeWord(TRANSLATION_EXCEPTION_ADDRESS, address);
    });
  }

  svc(vm: VirtualMachine, code: number): void {
    this.swap(vm, SVC_OLD_PSW, SVC_NEW_PSW, { class: 'svc', code }, () => {
      vm.storeWord(SVC_CODE, (vm.state.instructionBytes << 16) | code);
    });
  }

  /** Reflects the external condition `code`; false where the guest's masks hold it back. */
  external(vm: VirtualMachine, code: number): void {
    vm.state.instructionBytes = 0;
    this.swap(vm, EXTERNAL_OLD_PSW, EXTERNAL_NEW_PSW, { class: 'external', code }, () => {
      vm.storeWord(EXTERNAL_CODE, code);
    });
  }

  io(vm: VirtualMachine, address: number): void {
    vm.state.instructionBytes = 0;
    this.swap(vm, IO_OLD_PSW, IO_NEW_PSW, { class: 'io', code: address }, () => {
      vm.storeWord(IO_ADDRESS, address);
    });
  }
}
