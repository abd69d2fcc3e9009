/** For tests: CP on a System/370, one user, and a program in that user's virtual machine. */
import { assembleS370 } from '../../assembler/s370/assemble.ts';
import { type CkdImage, formattedImage } from '../../machines/s370/devices/ckd-image.ts';
import { Console3215 } from '../../machines/s370/devices/console-3215.ts';
import { disk3330 } from '../../machines/s370/devices/disk-3330.ts';
import { drum2305, GEOMETRY_2305 } from '../../machines/s370/devices/drum-2305.ts';
import { Printer1403 } from '../../machines/s370/devices/printer-1403.ts';
import type { AssistLevel } from '../../machines/s370/assist/vm-assist.ts';
import { S370 } from '../../machines/s370/machine.ts';
import { NativeSystem } from '../../machines/s370/native-system.ts';
import type { System370 } from '../../machines/s370/system.ts';
import type { SavedSystem } from './commands/command.ts';
import { UNIT_RECORD, type Directory } from './commands/directory.ts';
import { installCommands } from './commands/install.ts';
import { ControlProgram } from './control-program.ts';
import { pagingDevice } from './paging-device.ts';
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

/** What stands round a CP with several users. */
export interface SystemOptions {
  readonly directory: Directory;
  readonly terminals?: readonly number[];
  /** Bytes for CP itself, and for pages of the users. */
  readonly nucleus?: number;
  readonly pageable?: number;
  readonly disks?: Readonly<Record<number, CkdImage>>;
  /** A 2305 at X'120' for paging. */
  readonly drum?: boolean;
  readonly printer?: boolean;
  readonly assist?: AssistLevel;
  /** Bytes of the virtual=real area. */
  readonly virtualReal?: number;
  readonly savedSystem?: (name: string) => SavedSystem | null;
}

export const PRINTER = 0x00e;
export const DRUM = 0x120;

/** A CP with its commands and users of a directory, none of them logged on. */
export class TestSystem {
  readonly machine: S370;
  readonly cp: ControlProgram;
  readonly consoles: readonly Console3215[];
  readonly printer = new Printer1403();
  private readonly seen: number[];

  constructor(options: SystemOptions) {
    const { terminals = [0x009, 0x01f], nucleus = 0x20000, pageable = 0x80000, virtualReal = 0 } = options;
    this.machine = new S370({ storage: virtualReal + nucleus + pageable, assist: options.assist ?? 'none' });
    const { channels } = this.machine;
    this.consoles = terminals.map((address) => {
      const console = new Console3215();
      channels.attach(address, console);
      return console;
    });
    this.seen = terminals.map(() => 0);
    for (const [address, image] of Object.entries(options.disks ?? {}))
      channels.attach(Number(address), disk3330(image));
    const drum = formattedImage(GEOMETRY_2305, 4096);
    if (options.drum) channels.attach(DRUM, drum2305(drum));
    if (options.printer) channels.attach(PRINTER, this.printer);
    const system = new NativeSystem(this.machine);
    this.cp = new ControlProgram(system, {
      nucleus,
      virtualReal,
      paging: options.drum ? pagingDevice(DRUM, drum) : null,
      terminals,
      ...(options.printer ? { printer: PRINTER } : {}),
    });
    system.attach(this.cp);
    installCommands(this.cp, {
      directory: options.directory,
      ...(options.savedSystem ? { savedSystem: options.savedSystem } : {}),
    });
    this.cp.start();
  }

  /** Runs for at most `budget` cycles, or until nothing moves any more. */
  run(budget = 40_000_000): void {
    this.machine.run(budget);
  }

  /** Types a line and runs; gives what the terminal has typed since it was last asked. */
  type(line: string, terminal = 0, budget?: number): string {
    this.consoles[terminal]!.type(line);
    this.run(budget);
    return this.output(terminal);
  }
  /** What CP and the guest have typed since the last time, without what the user typed. */
  output(terminal = 0): string {
    const { paper } = this.consoles[terminal]!;
    const fresh = paper.slice(this.seen[terminal]);
    this.seen[terminal] = paper.length;
    return fresh
      .filter((entry) => entry.from === 'program')
      .map((entry) => entry.text + (entry.ended ? '\n' : ''))
      .join('')
      .trimEnd();
  }

  user(name: string): VirtualMachine {
    const vm = this.cp.machineOf(name);
    if (!vm) throw new Error(`${name} is not logged on`);
    return vm;
  }

  /** Puts a program into a user's storage, with the PSW that it has at 0. */
  load(name: string, source: string): VirtualMachine {
    const vm = this.user(name);
    for (const { address, bytes } of assembled(source)) vm.store(address, bytes);
    vm.state.psw = vm.fetchPsw(0);
    return vm;
  }
}

export function assembled(
  source: string,
): readonly { readonly address: number; readonly bytes: Uint8Array }[] {
  const assembly = assembleS370(source);
  if (!assembly.ok) throw new Error(JSON.stringify(assembly.diagnostics));
  return assembly.segments;
}

/** Two ordinary users and an operator; ALICE and BOB have minidisks on X'130'. */
export const DIRECTORY: Directory = [
  {
    name: 'OPERATOR',
    password: 'OPER',
    storage: 0x10000,
    classes: 'ABCDEG',
    devices: UNIT_RECORD,
  },
  {
    name: 'ALICE',
    password: '',
    storage: 0x20000,
    mostStorage: 0x40000,
    devices: [
      ...UNIT_RECORD,
      {
        type: 'disk',
        address: 0x191,
        real: 0x130,
        start: 10,
        cylinders: 5,
        readPassword: 'ALL',
        writePassword: 'SECRET',
        multiPassword: 'SECRET',
      },
    ],
  },
  {
    name: 'BOB',
    password: '',
    storage: 0x20000,
    devices: [...UNIT_RECORD, { type: 'disk', address: 0x191, real: 0x130, start: 20, cylinders: 5 }],
  },
];

/**
 * A guest that starts the channel program `ccws` (label CCWS, assembler source) on `device` and ends in a disabled wait
 * at X'0C0n' for condition code n of SIO other than 0, else at X'0E0D' after unit check or device end.
 */
export const ioProgram = (device: number, ccws: string): string => `
P     START 0
      USING P,0
      DC    X'00000000',A(GO)
      ORG   P+X'50'
      DC    X'7FFFFF00'
      ORG   P+X'68'
      DC    X'00020000',A(X'BAD')
      ORG   P+X'78'
      DC    X'00000000',A(ENDED)
      ORG   P+X'100'
GO    LA    1,CCWS
      ST    1,X'48'
      TIO   X'${device.toString(16).toUpperCase()}'
      SIO   X'${device.toString(16).toUpperCase()}'
      BC    4,ONE
      BC    2,TWO
      BC    1,THREE
AGAIN LPSW  WAIT
ENDED TM    X'44',X'06'
      BC    8,AGAIN
      LPSW  END
ONE   LPSW  CC1
TWO   LPSW  CC2
THREE LPSW  CC3
      DS    0D
WAIT  DC    X'FE020000',A(0)
END   DC    X'00020000',A(X'E0D')
CC1   DC    X'00020000',A(X'C01')
CC2   DC    X'00020000',A(X'C02')
CC3   DC    X'00020000',A(X'C03')
CCWS  DS    0D
${ccws}
      END
`;

/** A guest that executes DIAGNOSE `code` with R1 = register 2 and R3 = register 4 after `setup`, then stops at X'0E0D'. */
export const diagnoseProgram = (code: number, setup: string, data = ''): string => `
P     START 0
      USING P,0
      DC    X'00000000',A(GO)
      ORG   P+X'50'
      DC    X'7FFFFF00'
      ORG   P+X'68'
      DC    X'00020000',A(X'BAD')
      ORG   P+X'100'
GO    EQU   *
${setup}
      DC    X'8324${code.toString(16).toUpperCase().padStart(4, '0')}'
      BALR  6,0
      LPSW  END
      DS    0D
END   DC    X'00020000',A(X'E0D')
${data}
      END
`;
