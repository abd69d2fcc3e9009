/**
 * First-level interruption handling: what the machine has stored about an interruption is taken from low storage, the
 * interrupted virtual machine is saved, and the interruption is served or prepared for reflection (CP's modules DMKPRG,
 * DMKPSA and DMKIOT). Invariant: it ends in the dispatcher, whatever it was.
 */
import { account } from '../../accounting/vocabulary.ts';
import {
  ADDRESSING,
  CPU_TIMER_CODE,
  EXTERNAL_OLD_PSW,
  IO_OLD_PSW,
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
  RESTART_OLD_PSW,
  SEGMENT_TRANSLATION,
  SVC_CODE,
  SVC_OLD_PSW,
  TRANSLATION_EXCEPTION_ADDRESS,
} from '../../machines/s370/assigned-storage.ts';
import type { Interruption } from '../../machines/s370/cpu.ts';
import { unpackPsw } from '../../machines/s370/psw.ts';
import type { ControlProgram } from './control-program.ts';
import { machineCheck } from './machine-check.ts';
import { GuestFault } from './guest-access.ts';
import type { Deferred, ProgramEvents } from './state.ts';
import { NO_STORAGE, PAGE_WAIT, VirtualMachine } from './virtual-machine.ts';

/** Reflections in a row from one place that are a loop. */
const LOOP = 16;

const OLD_PSW: Readonly<Record<Interruption['class'], number>> = {
  program: PROGRAM_OLD_PSW,
  svc: SVC_OLD_PSW,
  external: EXTERNAL_OLD_PSW,
  io: IO_OLD_PSW,
  restart: RESTART_OLD_PSW,
  'machine-check': 0x30,
};

export class FirstLevel {
  private readonly cp: ControlProgram;

  constructor(cp: ControlProgram) {
    this.cp = cp;
  }

  interruption(told: Interruption): void {
    this.cp.system.enter(account('monitor', 'emulation', this.cp.system.level));
    const began = this.cp.system.clock;
    this.cp.charge('entry');
    const vm = this.cp.dispatcher.running;
    const interruption = this.beneath(told);
    const events = told.class === 'program' ? this.programEvents(told.code) : {};
    if (vm) this.saveGuest(vm, interruption);
    this.cp.dispatcher.running = null;
    switch (interruption.class) {
      case 'program':
        if (!vm) throw new Error(`program interruption ${interruption.code.toString(16)} in CP itself`);
        this.programInterruption(vm, interruption.code, events);
        break;
      case 'svc':
        this.supervisorCall(vm!, interruption.code, events);
        break;
      case 'external':
        if (vm && interruption.code === CPU_TIMER_CODE && vm.state.sliceLeft <= 0)
          this.cp.dispatcher.endStay(vm);
        break;
      case 'io':
        this.ioInterruption(interruption.code);
        break;
      case 'machine-check':
        if (!machineCheck(this.cp, vm)) return;
        break;
      case 'restart':
        break;
    }
    this.cp.dispatcher.dispatch(vm && { vm, began });
  }

  /** The SVC beneath a PER event: both interrupt, the SVC first, so that the old program PSW is CP's own. */
  private beneath(told: Interruption): Interruption {
    if (told.class !== 'program' || (told.code & PER_EVENT) === 0) return told;
    const old = unpackPsw(
      this.cp.system.fetchWord(PROGRAM_OLD_PSW),
      this.cp.system.fetchWord(PROGRAM_OLD_PSW + 4),
    );
    return old.problemState ? told : { class: 'svc', code: this.cp.system.fetchWord(SVC_CODE) & 0xff };
  }

  /** What stands beside the code in CP's low storage, before another interruption writes over it. */
  private programEvents(code: number): ProgramEvents {
    const { system } = this.cp;
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
    this.cp.tracer?.programEvent(vm, ...events.per);
    const { per: _, ...others } = events;
    return others;
  }
  tracesEvents(vm: VirtualMachine): boolean {
    const { psw } = vm.state;
    const own = psw.extendedControl && (psw.systemMask & 0x40) !== 0;
    return !own && this.cp.tracer !== null && this.cp.tracer.wanted(vm) !== 0;
  }

  private supervisorCall(vm: VirtualMachine, code: number, seen: ProgramEvents): void {
    const events = this.ownEvents(vm, seen);
    if (this.cp.tracer?.supervisorCall(vm, code) === true) return;
    this.attempt(vm, { kind: 'svc', code, events });
  }

  /** Registers and PSW of the interrupted machine into its VMBLOK. */
  private saveGuest(vm: VirtualMachine, { class: kind, code }: Interruption): void {
    const { state } = vm;
    const elapsed = this.cp.system.clock - state.dispatchedAt;
    state.virtualCycles += elapsed;
    state.sliceLeft -= elapsed;
    state.gr.set(this.cp.system.gr);
    state.fpr.set(this.cp.system.fpr);
    this.cp.assist.collect(vm);
    const at = OLD_PSW[kind];
    const old = unpackPsw(this.cp.system.fetchWord(at), this.cp.system.fetchWord(at + 4));
    state.psw = {
      ...state.psw,
      conditionCode: old.conditionCode,
      programMask: old.programMask,
      instructionAddress: old.instructionAddress,
    };
    const length = kind === 'program' ? PROGRAM_CODE : kind === 'svc' ? SVC_CODE : 0;
    state.instructionBytes = length === 0 ? 0 : (this.cp.system.fetchWord(length) >>> 16) & 6;
    const plain = code & 0x7f;
    const nullified = kind === 'program' && (plain === SEGMENT_TRANSLATION || plain === PAGE_TRANSLATION);
    state.instructionAddress = nullified
      ? old.instructionAddress
      : (old.instructionAddress - state.instructionBytes) & 0xffffff;
    this.cp.timers.advanceInterval(vm);
  }

  private programInterruption(vm: VirtualMachine, told: number, seen: ProgramEvents): void {
    const plain = told & 0x7f;
    if (this.cp.shadows.handles(plain)) {
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
    const address = this.cp.system.fetchWord(TRANSLATION_EXCEPTION_ADDRESS) & 0xffffff;
    if (vm.translating) {
      this.guarded(vm, () => {
        const own = this.cp.shadows.fault(vm, address);
        if (own === 0) return;
        if (!this.cp.shadows.handles(own)) this.suppress(vm);
        const per = this.tracesEvents(vm) ? 0 : code & PER_EVENT;
        this.attempt(vm, { kind: 'program', code: own | per, address, ...(per ? { events } : {}) });
      });
      return;
    }
    if (address < vm.storageSize) {
      this.cp.paging.ensure(vm, address >>> 12);
      return;
    }
    this.suppress(vm);
    this.attempt(vm, { kind: 'program', code: ADDRESSING, address });
  }

  /** The guest's own exception leaves the instruction behind, where the translation exception had nullified it. */
  private suppress(vm: VirtualMachine): void {
    const { instructionAddress, instructionBytes } = vm.state;
    this.cp.setPsw(vm, { instructionAddress: (instructionAddress + instructionBytes) & 0xffffff });
  }

  /** Does what is to be done for the machine, now or when its pages have come. */
  attempt(vm: VirtualMachine, deferred: Deferred): void {
    vm.state.deferred = deferred;
    this.guarded(vm, () => {
      let more = 0;
      switch (deferred.kind) {
        case 'simulate':
          more = this.cp.simulator.simulate(vm);
          break;
        case 'program':
          this.watchForLoop(vm);
          this.cp.reflector.program(vm, deferred.code, deferred.address, deferred.events ?? {});
          break;
        case 'svc':
          this.cp.reflector.svc(vm, deferred.code);
          break;
        // These stay deferred until their device has come to an end.
        case 'synchronous':
          this.cp.diagnose.proceed(vm, deferred.io);
          return;
        case 'load':
          this.cp.loader.proceed(vm, deferred);
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
  guarded(vm: VirtualMachine, action: () => void): void {
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
    if (state.sameInterruption >= LOOP) this.cp.enterCp(vm, 'PROGRAM INTERRUPT LOOP', 'DMKDSP453W');
  }

  private ioInterruption(address: number): void {
    const terminal = this.cp.terminals.find(address);
    if (address === this.cp.pagingAddress) this.cp.paging.interruption();
    else if (terminal >= 0) this.cp.terminals.interruption(terminal);
    else if (this.cp.spool.owns(address)) this.cp.spool.interruption(address);
    else this.cp.virtualIo.interruption(address);
    // What found a channel or device busy may find it free now.
    this.cp.paging.retry();
    this.cp.virtualIo.disks.retry();
    this.cp.terminals.retry();
    this.cp.spool.startOutput();
  }
}
