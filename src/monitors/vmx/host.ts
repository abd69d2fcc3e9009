/**
 * Several guests, each with a virtual machine and a hypervisor's `VmxMonitor` of its own: processes of the host, which
 * shares processor time out among them. What a guest has done for it, exits and devices included, is its own time.
 */
import { account } from '../../accounting/vocabulary.ts';
import type { Stop } from '../../machines/contract.ts';
import type { Chipset, ChipsetState } from '../../machines/pc/chipset.ts';
import type { Cpu } from '../../machines/pc/cpu.ts';
import { FLAG_RESERVED } from '../../machines/pc/eflags.ts';
import type { PcEvent, PcHost, SystemPc } from '../../machines/pc/system.ts';
import { FairScheduler, USUAL_WEIGHT, type Task } from './fair.ts';
import { GENERAL_REGISTERS } from './emulator.ts';
import { HostTimer } from './host-timer.ts';
import { VMCS_REGION, VMXON_REGION } from './layout.ts';
import type { VmxMonitor, VmxMonitorState } from './monitor.ts';
import { accountsAt, SWITCH } from './paths.ts';
import { hostRegisters } from './setup.ts';

const SCHEDULING = account('host', 'scheduling');
/**
 * The timers of a guest that sleeps do not come closer than this while another one runs, or they would take its time: in
 * seconds (KVM's `min_timer_period_us`, from memory).
 */
const CLOSEST = 0.0005;

/** Registers of the processor that no control structure holds. */
interface Registers {
  readonly general: Int32Array;
  readonly debug: Int32Array;
  readonly cr2: number;
  readonly timeStampOffset: number;
  readonly msr: readonly (readonly [number, readonly [low: number, high: number]])[];
  readonly float: ReturnType<SystemPc['saveFloat']>;
}

export type GuestEnd = Stop | { readonly kind: 'halt' };

export interface HostedGuest {
  readonly name: string;
  readonly weight?: number;
  readonly monitor: VmxMonitor;
  /** Its processor, for what the real one leaves to the hypervisor, and its devices. */
  readonly virtual: Cpu;
  readonly chipset: Chipset;
}

class Process implements Task {
  runnable = true;
  ran = 0;
  virtual = 0;
  end: GuestEnd | null = null;
  registers: Registers;
  readonly weight: number;
  readonly guest: HostedGuest;

  constructor(guest: HostedGuest, registers: Registers) {
    this.guest = guest;
    this.weight = guest.weight ?? USUAL_WEIGHT;
    this.registers = registers;
  }
}

interface ProcessState {
  readonly runnable: boolean;
  readonly ran: number;
  readonly virtual: number;
  readonly end: GuestEnd | null;
  readonly registers: Registers;
  readonly monitor: VmxMonitorState;
  readonly chipset: ChipsetState;
}

export interface VmxHostState {
  readonly processes: readonly ProcessState[];
  /** Whose registers are in the processor, −1: nobody's; and since when the time is that one's. */
  readonly loaded: number;
  readonly since: number;
  readonly running: boolean;
  readonly floor: number;
  readonly turn: number;
  readonly deadline: number;
  readonly switches: number;
}

const copied = (cpu: Cpu, float: Registers['float']): Registers => ({
  general: cpu.words.slice(0, GENERAL_REGISTERS),
  debug: cpu.dr.slice(0, 7),
  cr2: cpu.cr2,
  timeStampOffset: cpu.timeStampOffset,
  msr: [...cpu.msr],
  float,
});

export class VmxHost implements PcHost {
  readonly processes: Process[] = [];
  private readonly system: SystemPc;
  private readonly real: Cpu;
  private readonly scheduler: FairScheduler;
  private readonly timer: HostTimer;
  private readonly closest: number;
  private loaded: Process | null = null;
  /** The clock passes for the one that is loaded; else nobody wants the processor. */
  private running = false;
  private since = 0;
  switches = 0;

  constructor(system: SystemPc, real: Cpu) {
    const { frequency } = real.model;
    this.system = system;
    this.real = real;
    this.scheduler = new FairScheduler(this.processes, frequency);
    this.timer = new HostTimer(system, frequency);
    this.closest = CLOSEST * frequency;
  }

  /** A virtual machine that its loader has readied; it and the processor share the floating-point unit. */
  add(guest: HostedGuest): void {
    guest.monitor.ready(guest.virtual);
    this.processes.push(new Process(guest, copied(guest.virtual, this.real.x87.save())));
  }
  /** The guest has ended its run by itself. */
  ended(guest: number, end: GuestEnd): void {
    this.processes[guest]!.end ??= end;
  }

  start(): void {
    const { system, processes, timer } = this;
    const { base } = processes[0]!.guest.monitor.place;
    const { cr0, cr3, cr4 } = hostRegisters(base);
    system.attach(this, accountsAt(0).own);
    system.flags = FLAG_RESERVED;
    system.loadCr3(cr3);
    system.loadCr4(cr4);
    system.loadCr0(cr0);
    timer.start();
    if (!system.vmx.on(base + VMXON_REGION)) throw new Error('VMXON was refused');
    for (const { guest } of processes) system.vmx.clear(guest.monitor.place.base + VMCS_REGION);
    this.goOn();
  }

  /** Nobody interrupts the host: it runs with interrupts off. */
  interrupt(event: PcEvent): void {
    throw new Error(`vector ${event.vector} in the host`);
  }

  // ---------------------------------------------------------------- what guests leave to the host

  exited(): void {
    const process = this.loaded!;
    process.guest.monitor.exit();
    this.sleepIfHalted(process);
    this.goOn();
  }

  goesOn(): void {
    const { loaded, running, system } = this;
    system.enter(SCHEDULING);
    if (loaded && running) {
      loaded.guest.monitor.interpret();
      this.sleepIfHalted(loaded);
    }
    this.goOn();
  }

  /** HLT leaves the processor to others; with interrupts off it is for ever. */
  private sleepIfHalted(process: Process): void {
    const { monitor } = process.guest;
    const { failure } = monitor;
    if (failure !== '') process.end ??= { kind: 'shutdown', reason: failure };
    else if (monitor.waits === 'for ever') process.end ??= { kind: 'halt' };
    process.runnable = process.end === null && monitor.waits === '';
  }

  // ---------------------------------------------------------------- sharing the processor out

  private goOn(): void {
    const { timer, scheduler, system } = this;
    for (;;) {
      timer.take();
      this.settle();
      for (const process of this.processes) this.advance(process);
      const next = scheduler.choose(this.running ? this.loaded : null) as Process | null;
      this.running = next !== null;
      if (!next) {
        this.idle();
        return;
      }
      if (next !== this.loaded) this.load(next);
      timer.arm(this.deadline(next));
      const { monitor } = next.guest;
      if (monitor.interprets) {
        monitor.take(this);
        system.rest('turn');
        return;
      }
      monitor.resume();
      if (monitor.failure === '') return;
      this.sleepIfHalted(next);
    }
  }

  /** Books the time since the last look to whom it belongs. */
  private settle(): void {
    const { clock } = this.system;
    if (this.running) this.scheduler.spent(this.loaded!, clock - this.since);
    this.since = clock;
  }

  /** Lets the devices of one that runs, or waits for them, do what is due. */
  private advance(process: Process): void {
    const { guest, runnable, end } = process;
    if (end !== null || (runnable && process !== this.loaded)) return;
    guest.monitor.synchronize();
    guest.chipset.advance(this.system.clock);
    if (!runnable && guest.virtual.interruptWaits()) this.scheduler.woken(process);
  }

  /** When the host has to look again while this one runs. */
  private deadline(next: Process): number {
    const { since } = this;
    const own = Math.min(since + this.scheduler.left(next), this.due(next));
    return this.sleepers.reduce(
      (soonest, sleeper) => Math.min(soonest, Math.max(this.due(sleeper), since + this.closest)),
      own,
    );
  }

  /** When a guest's devices have to be looked at. What is over waits for the guest, which need not exit for that. */
  private due({ guest }: Process): number {
    const next = guest.chipset.nextEvent();
    return next > this.since ? next : this.since + this.closest;
  }

  private get sleepers(): readonly Process[] {
    return this.processes.filter(({ runnable, end }) => !runnable && end === null);
  }

  private idle(): void {
    const { system, timer, sleepers } = this;
    if (sleepers.length === 0) {
      system.halt();
      return;
    }
    timer.arm(Math.min(...sleepers.map((sleeper) => this.due(sleeper))));
    system.rest('interrupt');
  }

  private load(next: Process): void {
    const { system, real, loaded } = this;
    this.switches++;
    system.work(SCHEDULING, SWITCH);
    if (loaded) loaded.registers = copied(real, system.saveFloat());
    const { general, debug, cr2, timeStampOffset, msr, float } = next.registers;
    real.words.set(general);
    for (const k of [0, 1, 2, 3, 6]) real.dr[k] = debug[k]!;
    real.cr2 = cr2;
    real.timeStampOffset = timeStampOffset;
    real.msr.clear();
    for (const [register, value] of msr) real.msr.set(register, value);
    system.loadFloat(float);
    system.vmx.loadPointer(next.guest.monitor.place.base + VMCS_REGION);
    this.loaded = next;
    // A guest that comes up again finds its devices as they are by now.
    this.advance(next);
  }

  /** All guests have ended. */
  get finished(): boolean {
    return this.processes.every(({ end }) => end !== null);
  }

  // ---------------------------------------------------------------- state

  save(): VmxHostState {
    const { processes, loaded, running, since, switches, timer, scheduler } = this;
    return {
      processes: processes.map(({ runnable, ran, virtual, end, registers, guest }) => ({
        ...{ runnable, ran, virtual, end, registers },
        monitor: guest.monitor.save(),
        chipset: guest.chipset.save(),
      })),
      loaded: loaded ? processes.indexOf(loaded) : -1,
      ...{ running, since, switches, deadline: timer.deadline, floor: scheduler.floor, turn: scheduler.turn },
    };
  }
  /** The machine has been restored before. */
  restore(state: VmxHostState): void {
    state.processes.forEach(({ monitor, chipset, ...fields }, k) => {
      const process = this.processes[k]!;
      Object.assign(process, fields);
      process.guest.monitor.restore(monitor);
      process.guest.chipset.restore(chipset);
      process.guest.monitor.synchronize();
    });
    this.loaded = this.processes[state.loaded] ?? null;
    [this.running, this.since, this.switches] = [state.running, state.since, state.switches];
    [this.scheduler.floor, this.scheduler.turn] = [state.floor, state.turn];
    this.timer.deadline = state.deadline;
    this.loaded?.guest.monitor.take(this);
  }
}
