/**
 * What CP does when the real processor fails: damage that struck while a virtual machine executed costs that machine
 * its run and nobody else; damage beyond it stops CP. In the manner of module DMKMCH of VM/370; its message numbers
 * are recalled.
 */
import { MACHINE_CHECK_CODE } from '../../machines/s370/assigned-storage.ts';
import { DAMAGES } from '../../machines/s370/machine-check.ts';
import { psw as makePsw } from '../../machines/s370/psw.ts';
import type { ControlProgram } from './control-program.ts';
import type { VirtualMachine } from './virtual-machine.ts';

/** Wait-state code of a system that a machine check has ended. */
const SYSTEM_DOWN = 0x001;
const OPERATOR = 'OPERATOR';

/** Acts on the interruption while `vm` executed, or nobody. False if CP has stopped the processor for good. */
export function machineCheck(cp: ControlProgram, vm: VirtualMachine | null): boolean {
  const code = cp.system.fetchWord(MACHINE_CHECK_CODE);
  const tell = (text: string): void => {
    const operator = cp.machineOf(OPERATOR);
    if (operator) cp.say(operator, text);
  };
  if ((code & DAMAGES.system.bit) !== 0 || ((code & DAMAGES['instruction-processing'].bit) !== 0 && !vm)) {
    cp.system.loadPsw(makePsw({ extendedControl: true, wait: true, instructionAddress: SYSTEM_DOWN }));
    return false;
  }
  if ((code & DAMAGES['instruction-processing'].bit) !== 0 && vm) {
    const text = `MACHINE CHECK; USER ${vm.name} TERMINATED`;
    cp.resetMachine(vm);
    cp.stopMachine(vm, text, 'DMKMCH616I', text);
    if (vm.name !== OPERATOR) tell(`DMKMCH616I ${text}`);
    return true;
  }
  tell('DMKMCH612I MACHINE CHECK; NO VIRTUAL MACHINE DAMAGED');
  return true;
}
