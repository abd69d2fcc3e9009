/**
 * The PC as a whole: processor, chipset, and the loop that alternates between what is due (device events, interrupts,
 * halts) and executing instructions.
 */
import { account } from '../../accounting/vocabulary.ts';
import { hex } from '../../base/bits.ts';
import type { LedgerState } from '../../accounting/ledger.ts';
import type { Machine, Stop } from '../contract.ts';
import { Chipset, type ChipsetState, type ChipsetWiring, type Peripherals } from './chipset.ts';
import { dmaOf } from './dma.ts';
import { restoreCpu, saveCpu, setA20, type CpuState } from './cpu-state.ts';
import { Cpu } from './cpu.ts';
import { CS, EFLAGS } from './registers.ts';
import { FLAG_IF, FLAG_RF, FLAG_TF } from './eflags.ts';
import { instructionHits } from './debug.ts';
import { NMI } from './exceptions.ts';
import { deliver, deliverDebug } from './interrupts.ts';
import { PhysicalMemory, type MemoryState } from './memory.ts';
import { DEFAULT_MODEL } from './models.ts';
import type { Model } from './models/classes.ts';
import { storePhysical } from './physical.ts';
import { resetCpu, type ResetKind } from './reset.ts';
import { blocking } from './vmx/context.ts';
import { exitsBetween, externalExits, nmiExits, windowAsked } from './vmx/events.ts';
import type { Rest } from './system.ts';
import { executeUnit } from './unit.ts';

/** The code segment of firmware. */
const FIRMWARE = 0xf000;
const IDLE = account('hardware', 'idle');

export interface PcOptions extends Peripherals {
  readonly model?: Model;
  /** Bytes of memory. */
  readonly memory?: number;
  /** Bytes at its top that firmware and loaders do not tell of: a monitor's. */
  readonly reserved?: number;
  /** How often the program may reset the machine; the next time ends the run. */
  readonly resetLimit?: number;
  /** The processor with its memory, where these are a part of another machine's. */
  readonly processor?: Cpu;
}

/** Host software whose virtual machine a PC is: its processor is not run by itself. */
export interface PcOwner {
  /** The chipset switches line A20. */
  a20(enabled: boolean): void;
  /** The program has ended the run. */
  ended(stop: Stop): void;
}

/** A program that resets the machine again and again shall end. */
const RESET_LIMIT = 10;

/** What comes into the machine from outside, whenever it starts anew. */
export interface Outside {
  /** Puts read-only memory in its place: the processor is about to fetch its first instruction. */
  placeFirmware(): void;
  /** Brings the program in where firmware has set the machine up and waits; null: firmware finds it on a medium. */
  readonly bringIn: (() => void) | null;
}

/** Everything that a PC remembers. */
export interface PcState {
  readonly version: 1;
  readonly model: string;
  readonly memory: MemoryState;
  readonly cpu: CpuState;
  readonly chipset: ChipsetState;
  readonly ledger: LedgerState;
  readonly ended: Stop | null;
  readonly resets: number;
}

export class Pc implements Machine<PcState> {
  readonly cpu: Cpu;
  readonly chipset: Chipset;
  /** Bytes of memory that the guest is told of. */
  readonly toldMemory: number;
  outside: Outside | null = null;
  /** Null: the PC runs itself. */
  owner: PcOwner | null = null;
  /** Hears of a reset, and by which port it was asked for. */
  onReset: ((port: number) => void) | null = null;
  private resets = 0;
  private readonly resetLimit: number;
  /** A reset that the instruction in execution has asked for. */
  private asked: { readonly port: number; readonly kind: ResetKind } | null = null;
  /** How the program ended the run for good: exit port, shutdown of the processor, one reset too many. */
  private ended: Stop | null = null;
  /** Why the run shall come back after this unit, though it could go on. */
  private pausing: Stop | null = null;

  constructor(options: PcOptions = {}) {
    this.cpu =
      options.processor ??
      new Cpu(options.model ?? DEFAULT_MODEL, new PhysicalMemory(options.memory ?? 64 << 20));
    const { cpu } = this;
    const { memory } = cpu;
    this.toldMemory = memory.size - (options.reserved ?? 0);
    resetCpu(cpu, 'RESET');
    this.resetLimit = options.resetLimit ?? RESET_LIMIT;
    const wiring: ChipsetWiring = {
      get clock() {
        return cpu.clock;
      },
      frequency: cpu.model.frequency,
      memoryBytes: this.toldMemory,
      memory: dmaOf(cpu, this.toldMemory),
      hasApic: cpu.features.has('apic'),
      attention: () => cpu.leaveLoop(),
      a20: (enabled) => {
        if (this.owner) this.owner.a20(enabled);
        else if (cpu.host?.a20) cpu.host.a20(enabled);
        else setA20(cpu, enabled);
      },
      writable: (from, to, open) => {
        memory.open(from, to, open);
        cpu.dataTlb.forgetMaps([cpu.writeSupervisor, cpu.writeUser]);
      },
      nmi: () => {
        cpu.nmiWaits = true;
        cpu.leaveLoop();
      },
      reset: (port, kind) => this.askReset(port, kind),
      exit: (code) => this.end({ kind: 'exit', code }),
    };
    this.chipset = new Chipset(wiring, options);
    cpu.ports = this.chipset.bus;
    cpu.bus = this.chipset.mapped;
    cpu.apic = this.chipset.localApic;
    cpu.interruptWaits = () => this.chipset.pending || windowAsked(cpu.guest);
    cpu.acknowledge = () => this.chipset.acknowledge();
    cpu.coprocessorError = (high) => this.chipset.coprocessorError.ferr(high);
  }

  get clock(): number {
    return this.cpu.clock;
  }
  get instructions(): number {
    return this.cpu.instructions;
  }
  get ledger() {
    return this.cpu.ledger;
  }

  private end(stop: Stop): void {
    if (this.owner) this.owner.ended(stop);
    else this.ended = stop;
    this.cpu.leaveLoop();
  }

  /** Makes the run come back once, after the instruction in execution. */
  pause(reason: string): void {
    this.pausing = { kind: 'breakpoint', reason };
    this.cpu.leaveLoop();
  }

  // ---------------------------------------------------------------- reset

  /** Under a monitor a reset ends the run: the monitor would be gone, too. */
  private askReset(port: number, kind: ResetKind): void {
    const reason = `reset by port ${hex(port, 2)}`;
    if (this.owner || this.cpu.host) this.end({ kind: 'shutdown', reason });
    else if (this.resets >= this.resetLimit)
      this.end({ kind: 'shutdown', reason: `${reason}, after ${this.resets} resets` });
    else {
      this.asked = { port, kind };
      this.cpu.leaveLoop();
    }
  }

  private reset({ port, kind }: { readonly port: number; readonly kind: ResetKind }): void {
    const { cpu, chipset } = this;
    this.onReset?.(port);
    this.resets++;
    resetCpu(cpu, kind);
    chipset.reset(kind);
    chipset.keyboard.enableA20();
    if (kind === 'RESET') this.outside?.placeFirmware();
  }

  // ---------------------------------------------------------------- running

  run(budget: number): Stop {
    const end = this.clock + budget;
    while (this.clock < end) {
      const stop = this.unit(end, false);
      if (stop) return stop;
    }
    return { kind: 'budget' };
  }

  step(until = Infinity): Stop {
    return this.unit(until, true) ?? { kind: 'budget' };
  }

  /** One turn: what is due first, else instructions until something is. Null = nothing to report. */
  private unit(end: number, single: boolean): Stop | null {
    const { cpu, chipset } = this;
    if (this.ended) return this.ended;
    chipset.advance(cpu.clock);
    cpu.blocking = 0;
    if (cpu.guest && exitsBetween(cpu, cpu.guest, chipset)) return this.afterwards();
    if (cpu.resting) return this.rest(cpu.resting, end);
    const flags = cpu.words[EFLAGS]!;
    const waits = !cpu.shadow && (flags & FLAG_IF) !== 0 && chipset.pending;
    const answer = waits ? (cpu.host?.interruptWaits?.() ?? 'take') : 'hold';
    if (answer === 'take') {
      deliver(cpu, chipset.acknowledge(), 'external');
      return this.afterwards();
    }
    if (cpu.nmiWaits && !cpu.nmiBlocked && !cpu.shadow && !cpu.host) {
      cpu.nmiWaits = false;
      const exits = cpu.guest !== null && nmiExits(cpu, cpu.guest);
      cpu.nmiBlocked = true;
      if (!exits) deliver(cpu, NMI, 'external');
      return this.afterwards();
    }
    if (cpu.halted) return this.idle(end);
    const hits = instructionHits(cpu);
    if (hits !== 0) {
      deliverDebug(cpu, hits);
      return this.afterwards();
    }
    cpu.eventAt = this.nextEvent();
    const next = single ? cpu.clock + 1 : Math.min(end, cpu.eventAt);
    this.setHorizon(Math.max(next, cpu.clock + 1));
    const alone =
      single ||
      answer === 'step' ||
      cpu.shadow ||
      (flags & (FLAG_TF | FLAG_RF)) !== 0 ||
      cpu.breakpoints.instructions !== 0;
    cpu.blocking = blocking(cpu);
    cpu.shadow = false;
    // RF lasts for one instruction.
    cpu.words[EFLAGS] = flags & ~FLAG_RF;
    executeUnit(cpu, alone, (flags & FLAG_TF) !== 0);
    return this.afterwards();
  }

  /** Host software goes on, unless it waits for an interrupt and none is there. */
  private rest(how: Rest, end: number): Stop | null {
    const { cpu, chipset } = this;
    if (how === 'interrupt' && !chipset.pending) return this.idle(end);
    cpu.resting = null;
    cpu.eventAt = this.nextEvent();
    this.setHorizon(Math.max(Math.min(end, cpu.eventAt), cpu.clock + 1));
    cpu.lookedAt();
    cpu.host!.goesOn!();
    return this.afterwards();
  }

  /** When something happens by itself: in a device, or to a guest. */
  private nextEvent(): number {
    return Math.min(this.chipset.nextEvent(), this.cpu.guest?.deadline ?? Infinity);
  }

  /** Moves the clock's horizon without moving the clock. */
  private setHorizon(horizon: number): void {
    const { cpu } = this;
    cpu.left = horizon - cpu.clock;
    cpu.horizon = horizon;
  }

  private afterwards(): Stop | null {
    if (this.asked) {
      const { asked } = this;
      this.asked = null;
      this.reset(asked);
    }
    if (this.cpu.shutdown !== '') this.ended ??= { kind: 'shutdown', reason: this.cpu.shutdown };
    const stop = this.ended ?? this.pausing;
    this.pausing = null;
    return stop;
  }

  /** Passes idle time until the next event or `end`; what ends early does not count as an occurrence. */
  private idle(end: number): Stop | null {
    const { cpu, chipset } = this;
    const next = this.nextEvent();
    const deaf =
      !cpu.resting && (cpu.words[EFLAGS]! & FLAG_IF) === 0 && !chipset.routesNmi && !externalExits(cpu.guest);
    if (next === Infinity || (deaf && next !== cpu.guest?.deadline)) return this.bringIn();
    const wake = Math.max(cpu.clock + 1, next);
    const until = Math.min(wake, Math.max(end, cpu.clock + 1));
    const cycles = until - cpu.clock;
    cpu.spend(cycles);
    cpu.performance.haltedCycles += cycles;
    cpu.ledger.charge(IDLE, cycles, until === wake ? 1 : 0);
    return null;
  }

  /** A wait that nothing ends: for good, unless it is firmware that has set the machine up for a program from outside. */
  private bringIn(): Stop | null {
    const { cpu, outside } = this;
    if (!outside?.bringIn || cpu.protectedMode || cpu.selectors[CS] !== FIRMWARE) return { kind: 'wait' };
    outside.bringIn();
    return null;
  }

  // ---------------------------------------------------------------- the operator

  /** Puts `bytes` into physical memory as a loader does. */
  load(at: number, bytes: ArrayLike<number>): void {
    this.cpu.memory.write(at, bytes);
    this.cpu.blocks.clear();
  }

  /** Puts a word into physical memory. */
  loadWord(at: number, value: number): void {
    storePhysical(this.cpu, at, 4, value);
  }

  // ---------------------------------------------------------------- state

  save(): PcState {
    const { cpu } = this;
    cpu.ledger.settle();
    const memory = cpu.memory.save();
    // Clean pages must be seen again at the next store.
    cpu.dataTlb.forgetMaps([cpu.writeSupervisor, cpu.writeUser]);
    return {
      version: 1,
      model: cpu.model.id,
      memory,
      cpu: saveCpu(cpu),
      chipset: this.chipset.save(),
      ledger: cpu.ledger.save(),
      ended: this.ended,
      resets: this.resets,
    };
  }

  restore(state: PcState): void {
    const { cpu } = this;
    if (state.model !== cpu.model.id)
      throw new Error(`a state of model ${state.model} does not fit ${cpu.model.id}`);
    cpu.memory.restore(state.memory);
    restoreCpu(cpu, state.cpu);
    this.chipset.restore(state.chipset);
    this.ended = state.ended;
    this.resets = state.resets;
    cpu.ledger.restore(state.ledger);
  }
}
