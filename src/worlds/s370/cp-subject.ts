/** A virtual machine under CP as panels look at it: registers, storage through every level of paging, CP's tables. */
import type { S370 } from '../../machines/s370/machine.ts';
import type { Psw } from '../../machines/s370/psw.ts';
import { VirtualMachine } from '../../monitors/cp/virtual-machine.ts';
import { machineSubject, type Subject } from './subject.ts';
import { tableOf } from './tables.ts';

/** The machine that `vm` gives at the moment; `executes` says whether the processor holds its registers. */
export function virtualSubject(vm: () => VirtualMachine, machine: S370, executes: () => boolean): Subject {
  const { cpu } = machine;
  return {
    name: vm().name,
    // While it executes, the real processor holds what the VMBLOK will be told at the next interruption.
    get psw(): Psw {
      const { psw } = vm().state;
      if (!executes()) return psw;
      const { conditionCode, programMask, instructionAddress } = cpu.psw;
      return { ...psw, conditionCode, programMask, instructionAddress };
    },
    get gr() {
      return executes() ? cpu.gr : vm().state.gr;
    },
    get fpr() {
      return executes() ? cpu.fpr : vm().state.fpr;
    },
    get cr() {
      return vm().state.cr;
    },
    size: vm().storageSize,
    peek: (real) => peek(vm(), machine, real),
  };
}

/** A byte of what `vm` takes for real storage; −1 while its page is away. */
function peek(vm: VirtualMachine, machine: S370, real: number): number {
  if (real >= vm.storageSize) return -1;
  const page = vm.state.pages[real >>> 12]!;
  if (page.frame < 0 || page.arriving) return -1;
  const below = page.frame | (real & 0xfff);
  const under = vm.cp.system;
  return under instanceof VirtualMachine
    ? peek(under, machine, below)
    : machine.cpu.bytes[machine.cpu.absolute(below)]!;
}

/** The tables that stand for the machine in the one beneath it: shadow table, if it translates, and page table. */
export function shadowTables(vm: VirtualMachine, machine: S370) {
  const under = vm.cp.system;
  const below =
    under instanceof VirtualMachine
      ? virtualSubject(
          () => under,
          machine,
          () => false,
        )
      : machineSubject(machine);
  const through = (title: string, format: number, origin: number) =>
    tableOf({ ...below, cr: [format, 0x0f00_0000 | origin] }, title);
  const { cr, segmentTable, shadow } = vm.state;
  const format = (cr[0]! & 0x00c0_0000) === 0x0040_0000 ? 0x0040_0000 : 0x0080_0000;
  return [
    shadow ? through('shadow', format, shadow.origin) : null,
    through('CP', 0x0080_0000, segmentTable),
  ].filter((table) => table !== null);
}
