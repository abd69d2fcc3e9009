/** For tests: CP on a System/370, one user, and a program in that user's virtual machine. */
import { assembleS370 } from '../../assembler/s370/assemble.ts';
import { Console3215 } from '../../machines/s370/devices/console-3215.ts';
import { S370 } from '../../machines/s370/machine.ts';
import { NativeSystem } from '../../machines/s370/native-system.ts';
import type { System370 } from '../../machines/s370/system.ts';
import { ControlProgram } from './control-program.ts';
import type { VirtualDevice } from './state.ts';
import type { VirtualMachine } from './virtual-machine.ts';

export const TERMINAL = 0x009;

export const consoleDevice = (): VirtualDevice => ({
  type: 'console',
  address: TERMINAL,
  pending: null,
  busy: false,
  sense: [],
  waiting: null,
  typing: null,
});

export interface Rig {
  readonly machine: S370;
  readonly console: Console3215;
  readonly cp: ControlProgram;
  readonly vm: VirtualMachine;
}

/** CP of `levels` levels; the guest is the virtual machine of the topmost. Its storage is that of the program. */
export function underCp(source: string, levels = 1, storage = 0x20000): Rig {
  const nucleus = 0x10000;
  const machine = new S370({ storage: storage + levels * nucleus });
  const console = new Console3215();
  machine.channels.attach(TERMINAL, console);
  const stack: ControlProgram[] = [];
  let system: System370 = new NativeSystem(machine);
  for (let level = 0; level < levels; level++) {
    const cp: ControlProgram = new ControlProgram(system, { nucleus, paging: null, terminals: [TERMINAL] });
    system.attach(cp);
    stack.push(cp);
    const inner = storage + (levels - level - 1) * nucleus;
    system = cp.logon({
      name: `VM${level + 1}`,
      storage: inner,
      devices: [consoleDevice()],
      terminal: 0,
    });
  }
  const cp = stack.at(-1)!;
  const vm = cp.machines[0]!;
  const assembly = assembleS370(source);
  if (!assembly.ok) throw new Error(JSON.stringify(assembly.diagnostics));
  for (const segment of assembly.segments) vm.store(segment.address, segment.bytes);
  vm.state.psw = vm.fetchPsw(0);
  for (const each of stack) each.machines[0]!.state.stopped = false;
  for (const each of stack.toReversed()) each.start();
  return { machine, console, cp, vm };
}
