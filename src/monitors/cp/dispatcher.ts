/**
 * The dispatcher (CP's module DMKDSP): gives the processor to the first virtual machine that can use it, with the
 * control registers, timer and PSW under which it executes; or waits.
 */
import { SPECIFICATION } from '../../machines/s370/assigned-storage.ts';
import { packPsw, psw as makePsw, type Psw } from '../../machines/s370/psw.ts';
import type { ControlProgram } from './control-program.ts';
import { Scheduler } from './scheduler.ts';
import { SEGMENTS_64K_PAGES_4K } from './shadow.ts';
import { VirtualMachine } from './virtual-machine.ts';

/** Bits of control register 0. */
const BLOCK_MULTIPLEXING = 0x8000_0000;
const CPU_TIMER_MASK = 0x400;

/** The machine whose interruption CP has served, and the clock when that began. */
interface Served {
  readonly vm: VirtualMachine;
  readonly began: number;
}

export interface DispatcherState {
  readonly order: readonly number[];
  readonly running: number;
  readonly lastRun: number;
  readonly loaded: readonly (readonly [number, number])[];
}

export class Dispatcher {
  private readonly cp: ControlProgram;
  readonly scheduler = new Scheduler();
  /** The machine that the processor executes at this moment, if any. */
  running: VirtualMachine | null = null;
  private lastRun = -1;
  /** Control registers as last loaded, so that they are loaded only when they change. */
  private loaded = new Map<number, number>();

  constructor(cp: ControlProgram) {
    this.cp = cp;
  }

  get cyclesPerMillisecond(): number {
    return 1e9 / this.cp.system.cyclePicoseconds;
  }

  endStay(vm: VirtualMachine): void {
    this.cp.charge('schedule');
    this.scheduler.stayEnded(vm);
  }

  /**
   * Gives the processor to the first machine that can use it, or waits. CP's time for the machine that it has just
   * served counts for that one's stay: a storm of privileged operations takes nobody else's turn.
   */
  dispatch(served: Served | null = null): void {
    for (const vm of this.cp.machines)
      if (typeof vm.state.command === 'string' && vm.state.waitPage < 0) this.cp.lines.runCommand(vm);
    for (const vm of this.cp.machines) if (vm.state.psw.wait) this.cp.timers.advanceInterval(vm);
    this.scheduler.admit(this.cp.machines, this.cp.paging.frameCount, this.cyclesPerMillisecond);
    const next = this.scheduler.first(this.cp.machines, this.readyTest);
    if (next && next === served?.vm) next.state.sliceLeft -= this.cp.system.clock - served.began;
    if (next) this.launch(next);
    else this.wait();
  }
  private readonly readyTest = (vm: VirtualMachine): boolean => this.ready(vm);

  /** Brings the machine to where it can execute an instruction, if it can. */
  private ready(vm: VirtualMachine): boolean {
    const { state } = vm;
    if (state.stopped || state.waitPage >= 0) return false;
    this.cp.virtualIo.simulated.resume(vm);
    if (state.deferred) this.cp.firstLevel.attempt(vm, state.deferred);
    if (state.deferred || state.stopped) return false;
    this.deliverPending(vm);
    if (state.waitPage >= 0 || state.stopped) return false;
    const { psw } = state;
    if (!psw.valid) return this.refusePsw(vm) && this.ready(vm);
    if (psw.wait && !this.canInterrupt(vm)) {
      const [high, low] = packPsw(psw);
      const words = [high, low].map((w) => w.toString(16).toUpperCase().padStart(8, '0')).join(' ');
      this.cp.enterCp(vm, `DISABLED WAIT PSW '${words}'`);
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
    this.cp.firstLevel.attempt(vm, { kind: 'program', code: SPECIFICATION, address: 0 });
    if (vm.state.deferred) return false;
    if (!vm.state.psw.valid) this.cp.enterCp(vm, 'INVALID PSW', 'DMKDSP451W');
    return !vm.state.stopped;
  }

  private accountForWait(vm: VirtualMachine): void {
    const { state } = vm;
    const { clock } = this.cp.system;
    if (state.waitingSince >= 0) state.virtualCycles += clock - state.waitingSince;
    state.waitingSince = state.psw.wait ? clock : -1;
  }

  /** Whether a virtual interruption waits for its mask to be opened. */
  somethingPends(vm: VirtualMachine): boolean {
    const { state } = vm;
    return this.cp.timers.pending(vm) !== 0 || state.devices.some((d) => d.pending ?? d.held);
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
    this.cp.firstLevel.guarded(vm, () => {
      const external = (vm.state.psw.systemMask & 0x01) !== 0 ? this.cp.timers.pending(vm) : 0;
      if (external !== 0) {
        this.cp.reflector.external(vm, external);
        this.cp.timers.accept(vm, external);
        // A condition that stays, and a new PSW that lets it through again: no instruction would ever be executed.
        const enabled = (vm.state.psw.systemMask & 0x01) !== 0;
        if (enabled && this.cp.timers.pending(vm) === external && !vm.host)
          this.cp.enterCp(vm, 'EXTERNAL INTERRUPT LOOP', 'DMKDSP452W');
      }
      const device = this.cp.virtualIo.pending(vm);
      if (!device) return;
      vm.locate(0); // page 0 first: the CSW must not be stored twice
      this.cp.virtualIo.accept(vm, device);
      this.cp.reflector.io(vm, device.address);
      delivered = true;
    });
    // A machine that waits again at once, as CP in it does after its own SENSE, may have more pending already.
    if (delivered && vm.state.psw.wait) this.deliverPending(vm);
  }

  /** Loads what the real processor needs to execute the machine, and its PSW. */
  private launch(vm: VirtualMachine): void {
    const { state } = vm;
    this.cp.charge('dispatch');
    if (vm.index !== this.lastRun) this.cp.note('dispatch', vm, { queue: state.queue });
    this.lastRun = vm.index;
    this.cp.system.gr.set(state.gr);
    this.cp.system.fpr.set(state.fpr);
    this.loadTranslation(vm);
    const armed = this.cp.timers.arm(
      Math.min(Math.max(1, state.sliceLeft), this.cp.timers.cyclesToVirtualEvent(vm), this.nextWake(vm)),
    );
    this.cp.assist.prepareTimers(vm, armed);
    this.running = vm;
    state.dispatchedAt = this.cp.system.clock;
    this.cp.system.enter(vm.directAccount, vm.guestAccounts);
    this.cp.system.loadPsw(this.realPsw(state.psw, this.cp.firstLevel.tracesEvents(vm)));
  }

  /** Cycles until a timer ends the wait of another machine, which is then dispatched in its turn. */
  private nextWake(running: VirtualMachine): number {
    let cycles = Infinity;
    for (const vm of this.cp.machines) {
      const { stopped, psw } = vm.state;
      if (vm !== running && !stopped && psw.wait && (psw.systemMask & 1) !== 0)
        cycles = Math.min(cycles, this.cp.timers.cyclesToRealEvent(vm));
    }
    return cycles;
  }

  private loadTranslation(vm: VirtualMachine): void {
    const shadow = vm.translating ? this.cp.shadows.controlFor(vm) : null;
    const format = shadow?.format ?? SEGMENTS_64K_PAGES_4K;
    const origin = shadow?.origin ?? vm.state.segmentTable;
    this.loadControl(0, BLOCK_MULTIPLEXING | format | CPU_TIMER_MASK);
    this.loadControl(1, 0x0f00_0000 | origin);
    // Monitor calls and program-event recording are the guest's own.
    if (this.cp.assist.inUse) {
      // The assist itself changes register 6: what was loaded last says nothing.
      this.loaded.delete(6);
      this.loadControl(6, this.cp.assist.prepare(vm));
    }
    this.loadControl(8, vm.state.cr[8]!);
    const traced = this.cp.firstLevel.tracesEvents(vm) ? this.cp.tracer!.wanted(vm) : 0;
    const [events, from, to] =
      traced === 0 ? [vm.state.cr[9]!, vm.state.cr[10]!, vm.state.cr[11]!] : [traced, 0, 0xffffff];
    this.loadControl(9, events);
    this.loadControl(10, from);
    this.loadControl(11, to);
  }
  loadControl(register: number, value: number): void {
    if (this.loaded.get(register) === (value | 0)) return;
    this.loaded.set(register, value | 0);
    this.cp.system.loadControl(register, [value | 0]);
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
      ...this.cp.machines
        .filter((vm) => !vm.state.stopped && vm.state.psw.wait && (vm.state.psw.systemMask & 1) !== 0)
        .map((vm) => this.cp.timers.cyclesToVirtualEvent(vm)),
    );
    this.loadControl(
      0,
      BLOCK_MULTIPLEXING | SEGMENTS_64K_PAGES_4K | (next === Infinity ? 0 : CPU_TIMER_MASK),
    );
    if (next !== Infinity) this.cp.timers.arm(next);
    this.cp.system.loadPsw(
      makePsw({ extendedControl: true, systemMask: 0x03, machineCheckMask: true, wait: true }),
    );
  }

  // ---------------------------------------------------------------- state

  save(): DispatcherState {
    return {
      order: [...this.scheduler.order],
      running: this.running?.index ?? -1,
      lastRun: this.lastRun,
      loaded: [...this.loaded],
    };
  }
  restore(state: DispatcherState): void {
    this.scheduler.order = [...state.order];
    this.running = this.cp.machines[state.running] ?? null;
    this.lastRun = state.lastRun;
    this.loaded = new Map(state.loaded);
  }
}
