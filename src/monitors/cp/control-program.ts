/**
 * CP, the control program: makes virtual System/370s of one System/370 by trap-and-emulate.
 * It is entered by each interruption of the machine it runs on, serves it, and ends in the dispatcher, which loads the
 * PSW of a virtual machine in the problem state. It acts on its machine through `System370` alone, so it runs as well
 * in a virtual machine of another CP.
 */
import { account } from '../../accounting/vocabulary.ts';
import { clonePlain } from '../../base/clone.ts';
import {
  ADDRESSING,
  CPU_TIMER_CODE,
  EXTERNAL_NEW_PSW,
  EXTERNAL_OLD_PSW,
  IO_NEW_PSW,
  IO_OLD_PSW,
  MACHINE_CHECK_NEW_PSW,
  MONITOR_CLASS,
  MONITOR_CODE,
  MONITOR_EVENT,
  PAGE_TRANSLATION,
  PER_ADDRESS,
  PER_CODE,
  PER_EVENT,
  PRIVILEGED_OPERATION,
  PROGRAM_CODE,
  PROGRAM_NEW_PSW,
  PROGRAM_OLD_PSW,
  RESTART_NEW_PSW,
  RESTART_OLD_PSW,
  SEGMENT_TRANSLATION,
  SPECIFICATION,
  SVC_CODE,
  SVC_NEW_PSW,
  SVC_OLD_PSW,
  TRANSLATION_EXCEPTION_ADDRESS,
} from '../../machines/s370/assigned-storage.ts';
import { ATTENTION } from '../../machines/s370/channels/csw.ts';
import type { Host, Interruption } from '../../machines/s370/cpu.ts';
import { packPsw, psw as makePsw, unpackPsw, type Psw } from '../../machines/s370/psw.ts';
import type { System370 } from '../../machines/s370/system.ts';
import type { MonitorEvent } from '../contract.ts';
import { Assist, ASSIST_BYTES } from './assist.ts';
import { Diagnose } from './diagnose.ts';
import { FreeStorage } from './free-storage.ts';
import { GuestAccess, GuestFault } from './guest-access.ts';
import { Paging, type PagingDevice, type PagingState } from './paging.ts';
import { MICROCODE_RATIO, PATHS, type Path, type PathName } from './paths.ts';
import { Reflector } from './reflect.ts';
import { Loader } from './load.ts';
import { Scheduler } from './scheduler.ts';
import { SEGMENTS_64K_PAGES_4K, ShadowTables } from './shadow.ts';
import { Simulator } from './simulate.ts';
import { Spool, type SpoolState } from './spool.ts';
import { messageFor } from './messages.ts';
import type { Deferred, ProgramEvents, VirtualDevice, VirtualMachineState } from './state.ts';
import { Terminals } from './terminals.ts';
import { Timers } from './timers.ts';
import { VirtualIo } from './virtual-io.ts';
import { VirtualReal } from './virtual-real.ts';
import { newVirtualMachine, NO_STORAGE, PAGE_WAIT, TABLE_BYTES, VirtualMachine } from './virtual-machine.ts';

/** Entries of CP in its own storage, one for each class of interruption: where its new PSWs point. */
const ENTRIES = 0x600;
const FREE_STORAGE = 0x1000;
/** Bits of control register 0. */
const BLOCK_MULTIPLEXING = 0x8000_0000;
const CPU_TIMER_MASK = 0x400;
/** Reflections in a row from one place that are a loop. */
const LOOP = 16;
const MICROCODE = account('hardware', 'assist');

const OLD_PSW: Readonly<Record<Interruption['class'], number>> = {
  program: PROGRAM_OLD_PSW,
  svc: SVC_OLD_PSW,
  external: EXTERNAL_OLD_PSW,
  io: IO_OLD_PSW,
  restart: RESTART_OLD_PSW,
  'machine-check': 0x30,
};

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
  readonly order: readonly number[];
  readonly running: number;
  readonly lastRun: number;
  readonly loaded: readonly (readonly [number, number])[];
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
  private readonly scheduler = new Scheduler();
  private readonly free: FreeStorage;
  private running: VirtualMachine | null = null;
  private lastRun = -1;
  /** Control registers as last loaded, so that they are loaded only when they change. */
  private loaded = new Map<number, number>();

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
        lineTyped: (terminal, line) => this.lineTyped(terminal, line),
      },
      options.terminals,
      this.free,
    );
    this.pagingAddress = options.paging?.address ?? -1;
  }
  private readonly pagingAddress: number;

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
    this.loadControl(2, -1);
    this.dispatch();
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
    this.scheduler.add(vm);
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
    this.scheduler.remove(vm);
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
    const since = vm === this.running ? vm.state.dispatchedAt : vm.state.waitingSince;
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
    return this.running;
  }
  private get cyclesPerMillisecond(): number {
    return 1e9 / this.system.cyclePicoseconds;
  }

  // ---------------------------------------------------------------- interruptions

  interruption(told: Interruption): void {
    this.system.enter(account('monitor', 'emulation', this.system.level));
    this.charge('entry');
    const vm = this.running;
    const interruption = this.beneath(told);
    const events = told.class === 'program' ? this.programEvents(told.code) : {};
    if (vm) this.saveGuest(vm, interruption);
    this.running = null;
    switch (interruption.class) {
      case 'program':
        if (!vm) throw new Error(`program interruption ${interruption.code.toString(16)} in CP itself`);
        this.programInterruption(vm, interruption.code, events);
        break;
      case 'svc':
        this.supervisorCall(vm!, interruption.code, events);
        break;
      case 'external':
        if (vm && interruption.code === CPU_TIMER_CODE && vm.state.sliceLeft <= 0) this.endStay(vm);
        break;
      case 'io':
        this.ioInterruption(interruption.code);
        break;
      case 'restart':
      case 'machine-check':
        break;
    }
    this.dispatch();
  }

  /** The SVC beneath a PER event: both interrupt, the SVC first, so that the old program PSW is CP's own. */
  private beneath(told: Interruption): Interruption {
    if (told.class !== 'program' || (told.code & PER_EVENT) === 0) return told;
    const old = unpackPsw(this.system.fetchWord(PROGRAM_OLD_PSW), this.system.fetchWord(PROGRAM_OLD_PSW + 4));
    return old.problemState ? told : { class: 'svc', code: this.system.fetchWord(SVC_CODE) & 0xff };
  }

  /** What stands beside the code in CP's low storage, before another interruption writes over it. */
  private programEvents(code: number): ProgramEvents {
    const { system } = this;
    return {
      ...((code & PER_EVENT) === 0
        ? {}
        : { per: [system.fetchHalf(PER_CODE), system.fetchWord(PER_ADDRESS)] as const }),
      ...((code & 0x7f) === MONITOR_EVENT
        ? { monitor: [system.fetchHalf(MONITOR_CLASS), system.fetchWord(MONITOR_CODE)] as const }
        : {}),
    };
  }

  /** PER events that only CP has asked for are told to TRACE, and not to the guest. */
  private ownEvents(vm: VirtualMachine, events: ProgramEvents): ProgramEvents {
    if (!events.per || !this.tracesEvents(vm)) return events;
    this.tracer?.programEvent(vm, ...events.per);
    const { per: _, ...others } = events;
    return others;
  }
  private tracesEvents(vm: VirtualMachine): boolean {
    const { psw } = vm.state;
    const own = psw.extendedControl && (psw.systemMask & 0x40) !== 0;
    return !own && this.tracer !== null && this.tracer.wanted(vm) !== 0;
  }

  private supervisorCall(vm: VirtualMachine, code: number, seen: ProgramEvents): void {
    const events = this.ownEvents(vm, seen);
    if (this.tracer?.supervisorCall(vm, code) === true) return;
    this.attempt(vm, { kind: 'svc', code, events });
  }

  /** Registers and PSW of the interrupted machine into its VMBLOK. */
  private saveGuest(vm: VirtualMachine, { class: kind, code }: Interruption): void {
    const { state } = vm;
    const elapsed = this.system.clock - state.dispatchedAt;
    state.virtualCycles += elapsed;
    state.sliceLeft -= elapsed;
    state.gr.set(this.system.gr);
    state.fpr.set(this.system.fpr);
    this.assist.collect(vm);
    const at = OLD_PSW[kind];
    const old = unpackPsw(this.system.fetchWord(at), this.system.fetchWord(at + 4));
    state.psw = {
      ...state.psw,
      conditionCode: old.conditionCode,
      programMask: old.programMask,
      instructionAddress: old.instructionAddress,
    };
    const length = kind === 'program' ? PROGRAM_CODE : kind === 'svc' ? SVC_CODE : 0;
    state.instructionBytes = length === 0 ? 0 : (this.system.fetchWord(length) >>> 16) & 6;
    const plain = code & 0x7f;
    const nullified = kind === 'program' && (plain === SEGMENT_TRANSLATION || plain === PAGE_TRANSLATION);
    state.instructionAddress = nullified
      ? old.instructionAddress
      : (old.instructionAddress - state.instructionBytes) & 0xffffff;
    this.timers.advanceInterval(vm);
  }

  private programInterruption(vm: VirtualMachine, told: number, seen: ProgramEvents): void {
    const plain = told & 0x7f;
    if (this.shadows.handles(plain)) {
      this.translationFault(vm, told, seen);
      return;
    }
    const events = this.ownEvents(vm, seen);
    const code = events.per ? told : plain;
    if (code === 0) return;
    // In the virtual supervisor state a privileged operation is for CP to simulate.
    if (plain === PRIVILEGED_OPERATION && !vm.state.psw.problemState)
      this.attempt(vm, { kind: 'simulate', events });
    else this.attempt(vm, { kind: 'program', code, address: 0, events });
  }

  private translationFault(vm: VirtualMachine, code: number, events: ProgramEvents): void {
    const address = this.system.fetchWord(TRANSLATION_EXCEPTION_ADDRESS) & 0xffffff;
    if (vm.translating) {
      this.guarded(vm, () => {
        const own = this.shadows.fault(vm, address);
        if (own === 0) return;
        if (!this.shadows.handles(own)) this.suppress(vm);
        const per = this.tracesEvents(vm) ? 0 : code & PER_EVENT;
        this.attempt(vm, { kind: 'program', code: own | per, address, ...(per ? { events } : {}) });
      });
      return;
    }
    if (address < vm.storageSize) {
      this.paging.ensure(vm, address >>> 12);
      return;
    }
    this.suppress(vm);
    this.attempt(vm, { kind: 'program', code: ADDRESSING, address });
  }

  /** The guest's own exception leaves the instruction behind, where the translation exception had nullified it. */
  private suppress(vm: VirtualMachine): void {
    const { instructionAddress, instructionBytes } = vm.state;
    this.setPsw(vm, { instructionAddress: (instructionAddress + instructionBytes) & 0xffffff });
  }

  /** Does what is to be done for the machine, now or when its pages have come. */
  private attempt(vm: VirtualMachine, deferred: Deferred): void {
    vm.state.deferred = deferred;
    this.guarded(vm, () => {
      let more = 0;
      switch (deferred.kind) {
        case 'simulate':
          more = this.simulator.simulate(vm);
          break;
        case 'program':
          this.watchForLoop(vm);
          this.reflector.program(vm, deferred.code, deferred.address, deferred.events ?? {});
          break;
        case 'svc':
          this.reflector.svc(vm, deferred.code);
          break;
        // These stay deferred until their device has come to an end.
        case 'synchronous':
          this.diagnose.proceed(vm, deferred.io);
          return;
        case 'load':
          this.loader.proceed(vm, deferred);
          return;
      }
      // DIAGNOSE may have left something that is to be waited for.
      if (vm.state.deferred === deferred) vm.state.deferred = null;
      if (deferred.kind === 'program') return;
      const [fetching, address] = deferred.events?.per ?? [0, vm.state.instructionAddress];
      const per = fetching | (more << 8);
      if (per !== 0)
        this.attempt(vm, { kind: 'program', code: PER_EVENT, address: 0, events: { per: [per, address] } });
    });
  }

  /** Runs `action`; a wait for a page leaves the machine waiting, a fault of the guest is reflected to it. */
  private guarded(vm: VirtualMachine, action: () => void): void {
    try {
      action();
    } catch (thrown) {
      if (thrown === PAGE_WAIT) return;
      const { deferred } = vm.state;
      vm.state.deferred = null;
      // A fetching event that trapped together with the operation now goes with its exception.
      const per = deferred?.kind === 'simulate' ? deferred.events?.per : undefined;
      const events = per ? { events: { per } } : {};
      const event = per ? PER_EVENT : 0;
      if (thrown instanceof GuestFault) {
        this.attempt(vm, { kind: 'program', code: thrown.code | event, address: thrown.address, ...events });
      } else if (thrown === NO_STORAGE) {
        this.attempt(vm, { kind: 'program', code: ADDRESSING | event, address: 0, ...events });
      } else throw thrown;
    }
  }

  private watchForLoop(vm: VirtualMachine): void {
    const { state } = vm;
    const target = vm.fetchPsw(PROGRAM_NEW_PSW);
    const same = target.instructionAddress === state.instructionAddress;
    state.sameInterruption = same ? state.sameInterruption + 1 : 0;
    if (state.sameInterruption >= LOOP) this.enterCp(vm, 'PROGRAM INTERRUPT LOOP', 'DMKDSP453W');
  }

  /** Stops the machine and tells its user why, in the manner of CP's dispatcher messages. */
  enterCp(vm: VirtualMachine, why: string, code = 'DMKDSP450W'): void {
    vm.state.stopped = true;
    vm.state.sameInterruption = 0;
    this.onGuestEnd?.(vm, why);
    this.say(vm, messageFor(vm.state.settings, code, `CP ENTERED; ${why}`));
  }

  private ioInterruption(address: number): void {
    const terminal = this.terminals.find(address);
    if (address === this.pagingAddress) this.paging.interruption();
    else if (terminal >= 0) this.terminals.interruption(terminal);
    else if (this.spool.owns(address)) this.spool.interruption(address);
    else this.virtualIo.interruption(address);
    // What found a channel or device busy may find it free now.
    this.paging.retry();
    this.virtualIo.disks.retry();
    this.terminals.retry();
    this.spool.startOutput();
  }

  // ---------------------------------------------------------------- terminals

  /** Types a message of CP at the user's terminal. */
  say(vm: VirtualMachine, text: string): void {
    if (text !== '') this.terminals.write(vm.state.terminal, text);
  }
  guestOutput(vm: VirtualMachine, text: string, ended: boolean): void {
    this.terminals.write(vm.state.terminal, text, ended, true);
    this.note('console', vm, { text });
  }
  /** The guest's console waits for a line. */
  wantLine(vm: VirtualMachine): void {
    this.terminals.read(vm.state.terminal);
  }

  private lineTyped(terminal: number, line: string): void {
    const text = line.trimEnd();
    const vm = this.machines.find((m) => m.state.terminal === terminal && m.state.loggedOn);
    if (!vm) {
      this.charge('command');
      const answer = this.noUser(terminal, text);
      if (answer !== '') this.terminals.write(terminal, answer);
      return;
    }
    const escaped = /^#cp\b\s*(.*)$/i.exec(text);
    if (escaped || vm.state.stopped) {
      this.charge('command');
      this.note('command', vm, { text });
      vm.state.command = escaped ? escaped[1]! : text;
      this.runCommand(vm);
      return;
    }
    this.scheduler.interacted(vm, this.cyclesPerMillisecond);
    this.giveLine(vm, text);
  }

  /** Carries out the user's command, unless it must wait for a page first. */
  private runCommand(vm: VirtualMachine): void {
    let answer: string;
    try {
      answer = this.command(vm, vm.state.command ?? '');
    } catch (thrown) {
      if (thrown === PAGE_WAIT) return;
      throw thrown;
    }
    vm.state.command = null;
    this.say(vm, answer);
    const console = vm.state.devices.find((d) => d.type === 'console');
    if (vm.state.loggedOn && !vm.state.stopped && console?.waiting) this.wantLine(vm);
  }

  /** Gives a typed line to the console's read, or keeps it and calls the guest's attention. */
  private giveLine(vm: VirtualMachine, line: string): void {
    const console = vm.state.devices.find((d) => d.type === 'console');
    if (!console) return;
    vm.state.lines.push(line);
    if (console.waiting) {
      const program = console.waiting;
      console.waiting = null;
      this.virtualIo.simulated.run(vm, console, program);
    } else this.virtualIo.present(console, ATTENTION);
  }

  // ---------------------------------------------------------------- dispatcher

  private endStay(vm: VirtualMachine): void {
    this.charge('schedule');
    this.scheduler.stayEnded(vm);
  }

  /** Gives the processor to the first machine that can use it, or waits. */
  dispatch(): void {
    for (const vm of this.machines)
      if (typeof vm.state.command === 'string' && vm.state.waitPage < 0) this.runCommand(vm);
    for (const vm of this.machines) if (vm.state.psw.wait) this.timers.advanceInterval(vm);
    this.scheduler.admit(this.machines, this.paging.frameCount, this.cyclesPerMillisecond);
    const next = this.scheduler.first(this.machines, this.readyTest);
    if (next) this.launch(next);
    else this.wait();
  }
  private readonly readyTest = (vm: VirtualMachine): boolean => this.ready(vm);

  /** Brings the machine to where it can execute an instruction, if it can. */
  private ready(vm: VirtualMachine): boolean {
    const { state } = vm;
    if (state.stopped || state.waitPage >= 0) return false;
    this.virtualIo.simulated.resume(vm);
    if (state.deferred) this.attempt(vm, state.deferred);
    if (state.deferred || state.stopped) return false;
    this.deliverPending(vm);
    if (state.waitPage >= 0 || state.stopped) return false;
    const { psw } = state;
    if (!psw.valid) return this.refusePsw(vm) && this.ready(vm);
    if (psw.wait && !this.canInterrupt(vm)) {
      const [high, low] = packPsw(psw);
      const words = [high, low].map((w) => w.toString(16).toUpperCase().padStart(8, '0')).join(' ');
      this.enterCp(vm, `DISABLED WAIT PSW '${words}'`);
    }
    if (state.stopped) return false;
    this.accountForWait(vm);
    return !psw.wait;
  }

  /**
   * A PSW with unassigned bits: an early specification exception, as on the machine. Where the guest's program-new PSW
   * is no better the machine would be interrupted for ever: its user is told. False when it cannot go on now.
   */
  private refusePsw(vm: VirtualMachine): boolean {
    this.attempt(vm, { kind: 'program', code: SPECIFICATION, address: 0 });
    if (vm.state.deferred) return false;
    if (!vm.state.psw.valid) this.enterCp(vm, 'INVALID PSW', 'DMKDSP451W');
    return !vm.state.stopped;
  }

  private accountForWait(vm: VirtualMachine): void {
    const { state } = vm;
    const { clock } = this.system;
    if (state.waitingSince >= 0) state.virtualCycles += clock - state.waitingSince;
    state.waitingSince = state.psw.wait ? clock : -1;
  }

  /** Whether a virtual interruption waits for its mask to be opened. */
  somethingPends(vm: VirtualMachine): boolean {
    const { state } = vm;
    return this.timers.pending(vm) !== 0 || state.devices.some((d) => d.pending ?? d.held);
  }

  private canInterrupt(vm: VirtualMachine): boolean {
    const { psw, cr } = vm.state;
    const io = psw.extendedControl
      ? (psw.systemMask & 0x02) !== 0 && cr[2] !== 0
      : (psw.systemMask & 0xfe) !== 0;
    return io || ((psw.systemMask & 0x01) !== 0 && (cr[0]! & 0xcf0) !== 0);
  }

  /** Reflects the external and I/O conditions that the guest's masks let through. */
  private deliverPending(vm: VirtualMachine): void {
    let delivered = false;
    this.guarded(vm, () => {
      const external = (vm.state.psw.systemMask & 0x01) !== 0 ? this.timers.pending(vm) : 0;
      if (external !== 0) {
        this.reflector.external(vm, external);
        this.timers.accept(vm, external);
        // A condition that stays, and a new PSW that lets it through again: no instruction would ever be executed.
        const enabled = (vm.state.psw.systemMask & 0x01) !== 0;
        if (enabled && this.timers.pending(vm) === external && !vm.host)
          this.enterCp(vm, 'EXTERNAL INTERRUPT LOOP', 'DMKDSP452W');
      }
      const device = this.virtualIo.pending(vm);
      if (!device) return;
      vm.locate(0); // page 0 first: the CSW must not be stored twice
      this.virtualIo.accept(vm, device);
      this.reflector.io(vm, device.address);
      delivered = true;
    });
    // A machine that waits again at once, as CP in it does after its own SENSE, may have more pending already.
    if (delivered && vm.state.psw.wait) this.deliverPending(vm);
  }

  /** Loads what the real processor needs to execute the machine, and its PSW. */
  private launch(vm: VirtualMachine): void {
    const { state } = vm;
    this.charge('dispatch');
    if (vm.index !== this.lastRun) this.note('dispatch', vm, { queue: state.queue });
    this.lastRun = vm.index;
    this.system.gr.set(state.gr);
    this.system.fpr.set(state.fpr);
    this.loadTranslation(vm);
    const armed = this.timers.arm(
      Math.min(Math.max(1, state.sliceLeft), this.timers.cyclesToVirtualEvent(vm), this.nextWake(vm)),
    );
    this.assist.prepareTimers(vm, armed);
    this.running = vm;
    state.dispatchedAt = this.system.clock;
    this.system.enter(vm.directAccount, vm.guestAccounts);
    this.system.loadPsw(this.realPsw(state.psw, this.tracesEvents(vm)));
  }

  /** Cycles until a timer ends the wait of another machine, which is then dispatched in its turn. */
  private nextWake(running: VirtualMachine): number {
    let cycles = Infinity;
    for (const vm of this.machines) {
      const { stopped, psw } = vm.state;
      if (vm !== running && !stopped && psw.wait && (psw.systemMask & 1) !== 0)
        cycles = Math.min(cycles, this.timers.cyclesToRealEvent(vm));
    }
    return cycles;
  }

  private loadTranslation(vm: VirtualMachine): void {
    const shadow = vm.translating ? this.shadows.controlFor(vm) : null;
    const format = shadow?.format ?? SEGMENTS_64K_PAGES_4K;
    const origin = shadow?.origin ?? vm.state.segmentTable;
    this.loadControl(0, BLOCK_MULTIPLEXING | format | CPU_TIMER_MASK);
    this.loadControl(1, 0x0f00_0000 | origin);
    // Monitor calls and program-event recording are the guest's own.
    if (this.assist.inUse) {
      // The assist itself changes register 6: what was loaded last says nothing.
      this.loaded.delete(6);
      this.loadControl(6, this.assist.prepare(vm));
    }
    this.loadControl(8, vm.state.cr[8]!);
    const traced = this.tracesEvents(vm) ? this.tracer!.wanted(vm) : 0;
    const [events, from, to] =
      traced === 0 ? [vm.state.cr[9]!, vm.state.cr[10]!, vm.state.cr[11]!] : [traced, 0, 0xffffff];
    this.loadControl(9, events);
    this.loadControl(10, from);
    this.loadControl(11, to);
  }
  private loadControl(register: number, value: number): void {
    if (this.loaded.get(register) === (value | 0)) return;
    this.loaded.set(register, value | 0);
    this.system.loadControl(register, [value | 0]);
  }

  /** The PSW under which the real processor executes the guest: problem state, translation on, CP's own masks. */
  private realPsw(psw: Psw, traced: boolean): Psw {
    const per = traced ? 0x40 : psw.extendedControl ? psw.systemMask & 0x40 : 0;
    return makePsw({
      extendedControl: true,
      systemMask: 0x07 | per,
      machineCheckMask: true,
      problemState: true,
      key: psw.key,
      conditionCode: psw.conditionCode,
      programMask: psw.programMask,
      instructionAddress: psw.instructionAddress,
    });
  }

  /** Nobody can run: an enabled wait, ended by a device or by the first timer of a waiting machine. */
  private wait(): void {
    const next = Math.min(
      Infinity,
      ...this.machines
        .filter((vm) => !vm.state.stopped && vm.state.psw.wait && (vm.state.psw.systemMask & 1) !== 0)
        .map((vm) => this.timers.cyclesToVirtualEvent(vm)),
    );
    this.loadControl(
      0,
      BLOCK_MULTIPLEXING | SEGMENTS_64K_PAGES_4K | (next === Infinity ? 0 : CPU_TIMER_MASK),
    );
    if (next !== Infinity) this.timers.arm(next);
    this.system.loadPsw(makePsw({ extendedControl: true, systemMask: 0x03, wait: true }));
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
      order: [...this.scheduler.order],
      running: this.running?.index ?? -1,
      lastRun: this.lastRun,
      loaded: [...this.loaded],
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
    this.scheduler.order = [...state.order];
    this.running = this.machines[state.running] ?? null;
    this.lastRun = state.lastRun;
    this.loaded = new Map(state.loaded);
    this.assist.restore(state.assist);
  }
}
