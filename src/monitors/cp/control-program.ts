/**
 * CP, the control program: makes virtual System/370s of one System/370 by trap-and-emulate.
 * It is entered by each interruption of the machine it runs on, serves it, and ends in the dispatcher, which loads the
 * PSW of a virtual machine in the problem state. It acts on its machine through `System370` alone, so it runs as well
 * in a virtual machine of another CP.
 */
import { account } from '../../accounting/vocabulary.ts';
import { clonePlain } from '../../base/clone.ts';
import {
  EXTERNAL_NEW_PSW,
  IO_NEW_PSW,
  MACHINE_CHECK_NEW_PSW,
  PROGRAM_NEW_PSW,
  RESTART_NEW_PSW,
  SVC_NEW_PSW,
} from '../../machines/s370/assigned-storage.ts';
import type { Host, Interruption } from '../../machines/s370/cpu.ts';
import { packPsw, psw as makePsw, type Psw } from '../../machines/s370/psw.ts';
import type { System370 } from '../../machines/s370/system.ts';
import type { MonitorEvent } from '../contract.ts';
import { Assist, ASSIST_BYTES } from './assist.ts';
import { Diagnose } from './diagnose.ts';
import { Dispatcher, type DispatcherState } from './dispatcher.ts';
import { FirstLevel } from './first-level.ts';
import { FreeStorage } from './free-storage.ts';
import { GuestAccess } from './guest-access.ts';
import { Loader } from './load.ts';
import { messageFor } from './messages.ts';
import { Paging, type PagingDevice, type PagingState } from './paging.ts';
import { MICROCODE_RATIO, PATHS, type Path, type PathName } from './paths.ts';
import { Reflector } from './reflect.ts';
import { ShadowTables } from './shadow.ts';
import { Simulator } from './simulate.ts';
import { Spool, type SpoolState } from './spool.ts';
import type { VirtualDevice, VirtualMachineState } from './state.ts';
import { TerminalLines } from './terminal-lines.ts';
import { Terminals } from './terminals.ts';
import { Timers } from './timers.ts';
import { VirtualIo } from './virtual-io.ts';
import { newVirtualMachine, TABLE_BYTES, VirtualMachine } from './virtual-machine.ts';
import { VirtualReal } from './virtual-real.ts';

/** Entries of CP in its own storage, one for each class of interruption: where its new PSWs point. */
const ENTRIES = 0x600;
const FREE_STORAGE = 0x1000;
const MICROCODE = account('hardware', 'assist');

export interface CpOptions {
  /** Bytes of storage that CP keeps for itself: nucleus and free storage. */
  readonly nucleus: number;
  /** Bytes of the virtual=real area, a multiple of 4096; absent: none. They lie below CP's own. */
  readonly virtualReal?: number;
  readonly paging: PagingDevice | null;
  /** Real addresses of the users' terminals. */
  readonly terminals: readonly number[];
  /** Real addresses of the printer and punch that spool files are put out on. */
  readonly printer?: number;
  readonly punch?: number;
}

export interface LogonOptions {
  readonly name: string;
  /** Bytes of virtual storage, a multiple of 4096. */
  readonly storage: number;
  readonly devices: readonly VirtualDevice[];
  readonly terminal: number;
  /** In the virtual=real area, which must admit it. */
  readonly virtualReal?: boolean;
}

export interface CpState {
  readonly version: 1;
  readonly machines: readonly VirtualMachineState[];
  readonly paging: PagingState;
  readonly terminals: ReturnType<Terminals['save']>;
  readonly spool: SpoolState;
  readonly free: ReturnType<FreeStorage['save']>;
  readonly dispatcher: DispatcherState;
  readonly assist: ReturnType<Assist['save']>;
}

/** What TRACE and ADSTOP need to see. */
export interface Tracer {
  /** An SVC of the guest; true: it was CP's own, put there by ADSTOP. */
  supervisorCall(vm: VirtualMachine, code: number): boolean;
  /** A PER event that CP has asked for. */
  programEvent(vm: VirtualMachine, code: number, address: number): void;
  noted(
    kind: MonitorEvent['kind'],
    vm: VirtualMachine,
    detail: Readonly<Record<string, string | number>>,
  ): void;
  /** PER events that CP wants of this machine: control register 9, or 0. */
  wanted(vm: VirtualMachine): number;
}

export class ControlProgram implements Host {
  readonly system: System370;
  readonly machines: VirtualMachine[] = [];
  readonly shadows: ShadowTables;
  readonly simulator: Simulator;
  readonly timers: Timers;
  readonly assist: Assist;
  readonly virtualIo: VirtualIo;
  readonly paging: Paging;
  readonly terminals: Terminals;
  readonly spool: Spool;
  readonly loader: Loader;
  readonly virtualReal: VirtualReal;
  readonly diagnose: Diagnose;
  readonly access: GuestAccess;
  /** Hears what CP does, while somebody looks. */
  observer: ((event: MonitorEvent) => void) | null = null;
  /** Carries out a line typed in CP mode or after `#CP`; gives CP's answer. */
  command: (vm: VirtualMachine, line: string) => string = () => '';
  /** Told when a machine is stopped because it can never go on by itself: its guest has ended, well or not. */
  onGuestEnd: ((vm: VirtualMachine, why: string) => void) | null = null;
  /** Number of the error message that the last command ended in, or 0: what DIAGNOSE X'08' gives back. */
  returnCode = 0;
  /** Answers a line typed at a terminal where nobody is logged on. */
  noUser: (terminal: number, line: string) => string = () => '';
  /** Sees each interruption that CP reflects or each instruction it simulates, for TRACE; set with the commands. */
  tracer: Tracer | null = null;
  readonly reflector: Reflector;
  readonly dispatcher: Dispatcher;
  readonly lines: TerminalLines;
  readonly firstLevel: FirstLevel;
  private readonly free: FreeStorage;

  constructor(system: System370, options: CpOptions) {
    this.system = system;
    this.virtualReal = new VirtualReal(this, options.virtualReal ?? 0);
    this.free = new FreeStorage(this.virtualReal.end + FREE_STORAGE, options.nucleus - FREE_STORAGE);
    this.access = new GuestAccess(this);
    this.shadows = new ShadowTables(this);
    this.simulator = new Simulator(this, this.access);
    this.timers = new Timers(this);
    this.assist = new Assist(this);
    this.virtualIo = new VirtualIo(this);
    this.reflector = new Reflector(this);
    this.dispatcher = new Dispatcher(this);
    this.lines = new TerminalLines(this);
    this.firstLevel = new FirstLevel(this);
    this.spool = new Spool(this, options.printer, options.punch);
    this.loader = new Loader(this);
    this.diagnose = new Diagnose(this, this.access);
    this.paging = new Paging(
      {
        system,
        machine: (index) => this.machines[index]!,
        charge: (path) => this.charge(path),
        clearFixed: (vm, page) => this.virtualReal.clear(vm, page),
        note: (kind, vm, detail) => this.note(kind, vm, detail),
      },
      this.virtualReal.end + options.nucleus,
      options.paging,
      this.free,
    );
    this.terminals = new Terminals(
      {
        system,
        charge: (path) => this.charge(path),
        guestWriteTyped: (terminal) => {
          const vm = this.machines.find((m) => m.state.terminal === terminal);
          const console = vm?.state.devices.find((d) => d.type === 'console');
          if (vm && console) this.virtualIo.simulated.typed(vm, console);
        },
        lineTyped: (terminal, line) => this.lines.lineTyped(terminal, line),
      },
      options.terminals,
      this.free,
    );
    this.pagingAddress = options.paging?.address ?? -1;
  }
  readonly pagingAddress: number;

  // ---------------------------------------------------------------- start and users

  /** Puts CP's new PSWs in place and gives the processor to the first virtual machine that can run. */
  start(): void {
    this.system.enter(account('monitor', 'emulation', this.system.level));
    [
      RESTART_NEW_PSW,
      EXTERNAL_NEW_PSW,
      SVC_NEW_PSW,
      PROGRAM_NEW_PSW,
      MACHINE_CHECK_NEW_PSW,
      IO_NEW_PSW,
    ].forEach((at, i) => {
      const [high, low] = packPsw(makePsw({ extendedControl: true, instructionAddress: ENTRIES + 16 * i }));
      this.system.storeWord(at, high);
      this.system.storeWord(at + 4, low);
    });
    // All channels may interrupt.
    this.dispatcher.loadControl(2, -1);
    this.dispatcher.dispatch();
  }

  /** Makes a virtual machine, reset and stopped. */
  logon(options: LogonOptions): VirtualMachine {
    if (options.storage % 4096 !== 0 || options.storage > 0x1000000)
      throw new Error(`virtual storage of ${options.storage} bytes`);
    if (options.virtualReal && !this.virtualReal.admits(options.storage))
      throw new Error(`no virtual=real area for ${options.storage} bytes`);
    const segmentTable = this.takeStorage(TABLE_BYTES, 64);
    const state = newVirtualMachine(
      options.name,
      options.storage,
      segmentTable,
      this.takeStorage(ASSIST_BYTES, 8),
      options.terminal,
      options.virtualReal ?? false,
    );
    state.devices.push(...options.devices.map((device) => clonePlain(device)));
    // The place of a user who has left is taken again.
    const left = this.machines.findIndex((m) => m.state.segmentTable < 0);
    const index = left >= 0 ? left : this.machines.length;
    const vm = new VirtualMachine(this, index, state);
    vm.buildTables();
    if (state.virtualReal) this.virtualReal.place(vm);
    this.machines[index] = vm;
    this.dispatcher.scheduler.add(vm);
    this.resetMachine(vm);
    return vm;
  }

  /** System reset of a virtual machine: registers, masks and pending conditions; storage stays. */
  resetMachine(vm: VirtualMachine): void {
    const { state } = vm;
    state.psw = makePsw();
    state.gr.fill(0);
    state.fpr.fill(0);
    state.cr.fill(0);
    state.cr[0] = 0xe0;
    state.cr[2] = -1;
    state.cr[14] = 0xc200_0000 | 0;
    state.cr[15] = 512;
    state.deferred = null;
    state.intervalPending = false;
    state.keyPending = false;
    state.intervalTick = this.timers.intervalTick;
    state.comparator = BigInt.asUintN(64, -1n);
    state.sameInterruption = 0;
    state.lines = [];
    this.timers.setCpuTimer(vm, 0n);
    this.virtualIo.reset(vm);
    this.virtualReal.reset(vm);
    this.shadows.purge(vm);
  }

  /** The user leaves; what real devices still do for the machine ends first. */
  logoff(vm: VirtualMachine): void {
    const { state } = vm;
    state.stopped = true;
    state.loggedOn = false;
    state.queue = 0;
    state.command = null;
    this.virtualIo.reset(vm);
    this.dispatcher.scheduler.remove(vm);
    this.releaseMachine(vm);
  }

  /** Gives back what a machine that has been logged off held, as soon as no channel uses it any more. */
  releaseMachine(vm: VirtualMachine): void {
    const { state } = vm;
    this.paging.releaseAll(vm);
    if (state.segmentTable < 0 || state.devices.some((d) => d.type === 'disk' && d.program)) return;
    this.shadows.discard(vm);
    this.releaseStorage(state.segmentTable, TABLE_BYTES);
    this.releaseStorage(state.assistBlock, ASSIST_BYTES);
    state.segmentTable = -1;
  }

  /** Whether there is free storage for the control blocks of one more machine. */
  hasRoomFor(): boolean {
    const at = this.free.take(TABLE_BYTES + ASSIST_BYTES + 256, 64);
    if (at !== null) this.free.release(at, TABLE_BYTES + ASSIST_BYTES + 256);
    return at !== null;
  }
  /** Whether a real device is CP's own: paging, a terminal, or a spooling device. */
  ownsDevice(address: number): boolean {
    return address === this.pagingAddress || this.terminals.find(address) >= 0 || this.spool.owns(address);
  }
  /** The logged-on machine of that name. */
  machineOf(name: string): VirtualMachine | undefined {
    return this.machines.find((vm) => vm.state.loggedOn && vm.name === name);
  }

  // ---------------------------------------------------------------- services to CP's parts

  charge(path: PathName, times = 1): void {
    const { instructions, reason, microcode }: Path = PATHS[path];
    const cycles = instructions * times * this.system.cyclesPerInstruction;
    if (microcode && this.assist.pathsInMicrocode)
      this.system.work(MICROCODE, Math.ceil(cycles / MICROCODE_RATIO));
    else this.system.work(account('monitor', reason, this.system.level), cycles);
  }
  note(
    kind: MonitorEvent['kind'],
    vm: VirtualMachine,
    detail: Readonly<Record<string, string | number>>,
  ): void {
    this.tracer?.noted(kind, vm, detail);
    this.observer?.({
      clock: this.system.clock,
      kind,
      level: this.system.level,
      subject: vm.name,
      address: vm.state.instructionAddress,
      detail,
    });
  }
  countSimulated(vm: VirtualMachine, mnemonic: string): void {
    vm.state.simulated[mnemonic] = (vm.state.simulated[mnemonic] ?? 0) + 1;
  }
  takeStorage(length: number, alignment: number): number {
    const at = this.free.take(length, alignment);
    if (at === null) throw new Error(`CP has no ${length} bytes of free storage left`);
    return at;
  }
  /** As `takeStorage`, but null when there is none: what a guest asks for may be too much. */
  tryTakeStorage(length: number, alignment: number): number | null {
    return this.free.take(length, alignment);
  }
  releaseStorage(at: number, length: number): void {
    this.free.release(at, length);
  }
  /** Changes some fields of the virtual PSW. */
  setPsw(vm: VirtualMachine, fields: Partial<Psw>): void {
    vm.state.psw = { ...vm.state.psw, ...fields };
  }
  /** Puts a whole new virtual PSW in force. */
  loadVirtualPsw(vm: VirtualMachine, psw: Psw): void {
    vm.state.psw = psw;
  }
  /** Cycles that count for the virtual CPU timer: executed by the machine, or spent in its wait state. */
  virtualCycles(vm: VirtualMachine): number {
    const since = vm === this.dispatcher.running ? vm.state.dispatchedAt : vm.state.waitingSince;
    return vm.state.virtualCycles + (since >= 0 ? this.system.clock - since : 0);
  }
  /** Lets host software in the machine act on an interruption that has been reflected to it. */
  hostOf(vm: VirtualMachine, interruption: Interruption): void {
    if (!vm.host) return;
    vm.host.interruption(interruption);
    this.system.enter(account('monitor', 'emulation', this.system.level));
  }
  /** The machine that the processor executes at this moment, if any. */
  get executing(): VirtualMachine | null {
    return this.dispatcher.running;
  }

  interruption(told: Interruption): void {
    this.firstLevel.interruption(told);
  }

  /** Stops the machine and tells its user why, in the manner of CP's dispatcher messages. */
  enterCp(vm: VirtualMachine, why: string, code = 'DMKDSP450W'): void {
    this.stopMachine(vm, why, code, `CP ENTERED; ${why}`);
  }

  /** Stops the machine, whose user reads `text`. */
  stopMachine(vm: VirtualMachine, why: string, code: string, text: string): void {
    vm.state.stopped = true;
    vm.state.sameInterruption = 0;
    this.onGuestEnd?.(vm, why);
    this.say(vm, messageFor(vm.state.settings, code, text));
  }

  /** Types a message of CP at the user's terminal. */
  say(vm: VirtualMachine, text: string): void {
    this.lines.say(vm, text);
  }

  // ---------------------------------------------------------------- state

  save(): CpState {
    return {
      version: 1,
      machines: this.machines.map((vm) => clonePlain(vm.state)),
      paging: this.paging.save(),
      terminals: clonePlain(this.terminals.save()),
      spool: this.spool.save(),
      free: this.free.save(),
      dispatcher: this.dispatcher.save(),
      assist: this.assist.save(),
    };
  }
  restore(state: CpState): void {
    state.machines.forEach((saved, i) => {
      const copy = clonePlain(saved);
      if (this.machines[i]) this.machines[i].state = copy;
      else this.machines[i] = new VirtualMachine(this, i, copy);
    });
    this.machines.length = state.machines.length;
    this.paging.restore(state.paging);
    this.terminals.restore(clonePlain(state.terminals));
    this.spool.restore(state.spool);
    this.free.restore(state.free);
    this.dispatcher.restore(state.dispatcher);
    this.assist.restore(state.assist);
  }
}
