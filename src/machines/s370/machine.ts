/**
 * The System/370 as a whole: processor, clocks, channels, and the operator's view of them.
 * `run` alternates between what is due (device and timer events, interruptions, waits) and executing instructions.
 */
import { account } from '../../accounting/vocabulary.ts';
import type { LedgerState } from '../../accounting/ledger.ts';
import type { Machine, Stop } from '../contract.ts';
import { IO_ADDRESS, SPECIFICATION } from './assigned-storage.ts';
import { ChannelSubsystem, type ChannelsState } from './channels/channels.ts';
import type { ClocksState } from './clocks.ts';
import { Cpu, type Host } from './cpu.ts';
import { FAULT } from './storage-access.ts';
import {
  externalInterruption,
  ioInterruption,
  machineCheckInterruption,
  programInterruption,
  restartInterruption,
} from './interruptions.ts';
import { MachineChecks, type Failure, type MachineChecksState } from './machine-check.ts';
import { MODEL_145, type Model } from './models.ts';
import { executeWithPer } from './per.ts';
import { VmAssist, type AssistLevel } from './assist/vm-assist.ts';
import { packPsw, PSW_EXTERNAL, PSW_IO, unpackPsw, type Psw } from './psw.ts';
import { Storage, type StorageState } from './storage.ts';
import type { BufferEntry } from './translation.ts';

/** Bit 0 of control register 0: block-multiplexer channels may leave a waiting device. */
const BLOCK_MULTIPLEXING = 0x8000_0000;
const IDLE = account('hardware', 'idle');
/** Program interruptions in a row without one completed instruction that count as a processor stuck in a loop. */
const STUCK = 64;

export interface S370Options {
  readonly model?: Model;
  /** Bytes of main storage. */
  readonly storage?: number;
  /** VM assist as far as it is installed; absent: none. */
  readonly assist?: AssistLevel;
}

/** Everything that a System/370 remembers, apart from what the host software above it remembers. */
export interface S370State {
  readonly version: 1;
  readonly model: string;
  readonly storage: StorageState;
  readonly clock: number;
  readonly instructions: number;
  readonly psw: readonly [number, number];
  readonly gr: Int32Array;
  readonly fpr: Uint32Array;
  readonly cr: Int32Array;
  readonly prefix: number;
  readonly stopped: boolean;
  readonly clocks: ClocksState;
  readonly channels: ChannelsState;
  readonly buffer: { readonly entries: readonly BufferEntry[]; readonly next: number };
  readonly ledger: LedgerState;
  readonly restartPending: boolean;
  readonly machineChecks: MachineChecksState;
  readonly interruptionsInARow: number;
  readonly instructionsAtInterruption: number;
}

export class S370 implements Machine<S370State> {
  readonly cpu: Cpu;
  readonly channels: ChannelSubsystem;
  /** The operator has pressed STOP, or nothing was ever started. */
  stopped = false;
  private restartPending = false;
  private readonly machineChecks = new MachineChecks();
  private interruptionsInARow = 0;
  private instructionsAtInterruption = -1;

  constructor(options: S370Options = {}) {
    const storage = new Storage(options.storage ?? 0x100000);
    this.cpu = new Cpu(options.model ?? MODEL_145, storage);
    const { cpu } = this;
    const assist = options.assist ?? 'none';
    if (assist !== 'none') cpu.assist = new VmAssist(cpu, assist);
    this.channels = new ChannelSubsystem({
      storage,
      absolute: (real) => cpu.absolute(real),
      get clock() {
        return cpu.clock;
      },
      cyclePicoseconds: cpu.model.cyclePicoseconds,
      get blockMultiplexing() {
        return (cpu.cr[0]! & BLOCK_MULTIPLEXING) !== 0;
      },
      ioPending: () => {
        cpu.leaveLoop();
      },
    });
    cpu.channels = this.channels;
    cpu.masksChanged = () => {
      const pending = this.pendingExternal() !== 0 || this.channels.pending(this.enabledChannels());
      if (pending || this.machineChecks.due(cpu).length > 0) cpu.leaveLoop();
    };
    // What a system reset leaves in the control registers: GA22-7000, "Resets".
    cpu.cr[0] = 0xe0;
    cpu.cr[2] = -1;
    cpu.cr[14] = 0xc200_0000 | 0;
    cpu.cr[15] = 512;
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
  get psw(): Psw {
    return this.cpu.psw;
  }

  /** Installs host software: from now on interruptions reach it instead of the programs of this machine. */
  attach(host: Host): void {
    this.cpu.host = host;
  }

  // ---------------------------------------------------------------- running

  run(budget: number): Stop {
    const end = this.clock + budget;
    this.processDue();
    while (this.clock < end) {
      const stop = this.unit(end, false);
      if (stop) return stop;
    }
    return { kind: 'budget' };
  }

  step(until = Infinity): Stop {
    this.processDue();
    return this.unit(until, true) ?? { kind: 'budget' };
  }

  /** One turn; then what became due meanwhile, so that a boundary is the same whoever looks at it. Null = go on. */
  private unit(end: number, single: boolean): Stop | null {
    if (this.stopped) return { kind: 'stopped' };
    const damage = this.machineChecks.checkStop(this.cpu);
    if (damage)
      return { kind: 'check', reason: `check-stop: ${damage} damage while the PSW masks machine checks` };
    const stop = this.turn(end, single);
    this.processDue();
    return stop;
  }

  /** What is pending first, else instructions until something is. */
  private turn(end: number, single: boolean): Stop | null {
    if (this.restartPending) return this.takeRestart();
    if (this.interrupt()) return this.hostTurn();
    if (this.cpu.pswInvalid) return this.earlySpecification();
    if (this.cpu.wait) return this.idle(end);
    this.execute(single ? this.clock + 1 : Math.min(end, this.nextEvent()));
    return this.hostTurn();
  }

  private processDue(): void {
    const { cpu } = this;
    cpu.clocks.advance();
    cpu.assist?.tick(cpu.clocks.intervalTicks);
    this.channels.advance(this.clock);
  }

  private nextEvent(): number {
    return Math.min(this.channels.nextEvent(), this.cpu.clocks.nextEvent(this.cpu.cr[0]!));
  }

  /** Moves the clock's horizon without moving the clock. */
  private setHorizon(horizon: number): void {
    const { cpu } = this;
    cpu.left = horizon - cpu.clock;
    cpu.horizon = horizon;
  }

  private execute(horizon: number): void {
    const { cpu } = this;
    this.setHorizon(Math.max(horizon, cpu.clock + 1));
    try {
      if (cpu.perEnabled) executeWithPer(cpu);
      else cpu.execute();
    } catch (fault) {
      if (fault !== FAULT) throw fault;
      programInterruption(cpu, cpu.faultCode);
      this.countInterruption();
    }
  }

  /** Lets the host software act on an interruption; tells when the processor is caught in a loop of them. */
  private hostTurn(): Stop | null {
    const { cpu } = this;
    if (cpu.hostCall && cpu.host) {
      const interruption = cpu.hostCall;
      cpu.hostCall = null;
      cpu.host.interruption(interruption);
    }
    if (this.interruptionsInARow < STUCK) return null;
    const [high, low] = packPsw(cpu.psw);
    this.interruptionsInARow = 0;
    const words = [high, low].map((w) => w.toString(16).toUpperCase().padStart(8, '0')).join(' ');
    return {
      kind: 'check',
      reason: `program-interruption loop: ${STUCK} interruptions without a completed instruction, PSW ${words}`,
    };
  }

  private countInterruption(): void {
    const { instructions, host } = this.cpu;
    // Host software may serve one instruction after the other: whether its guest is stuck is for it to say.
    if (host) return;
    this.interruptionsInARow =
      instructions - this.instructionsAtInterruption <= 1 ? this.interruptionsInARow + 1 : 0;
    this.instructionsAtInterruption = instructions;
  }

  /**
   * A PSW with unassigned bits: specification exception before its first instruction, the old PSW as it was loaded.
   * The instruction-length code is 2 where SSM or STOSM brought it about, else 0, as LPSW and interruptions leave it.
   */
  private earlySpecification(): Stop | null {
    programInterruption(this.cpu, SPECIFICATION);
    this.countInterruption();
    return this.hostTurn();
  }

  // ---------------------------------------------------------------- interruptions and waiting

  private pendingExternal(): number {
    return (this.cpu.systemMask & PSW_EXTERNAL) === 0 ? 0 : this.cpu.clocks.pending(this.cpu.cr[0]!);
  }

  /** Channels whose interruptions the PSW and control register 2 allow; bit 0 is channel 0. */
  private enabledChannels(): number {
    const { systemMask, extendedControl } = this.cpu;
    const extended = (systemMask & PSW_IO) !== 0 ? this.cpu.cr[2]! : 0;
    return extendedControl ? extended : ((systemMask & 0xfc) << 24) | (extended & 0x03ff_ffff);
  }

  private takeRestart(): Stop | null {
    this.restartPending = false;
    restartInterruption(this.cpu);
    return this.hostTurn();
  }

  /** Takes the pending enabled interruption of highest priority, if there is one. */
  private interrupt(): boolean {
    const failures = this.machineChecks.due(this.cpu);
    if (failures.length > 0) {
      this.machineChecks.logOut(this.cpu, failures);
      machineCheckInterruption(this.cpu);
      return true;
    }
    const external = this.pendingExternal();
    if (external !== 0) {
      this.cpu.clocks.accept(external);
      externalInterruption(this.cpu, external);
      return true;
    }
    const address = this.channels.accept(this.enabledChannels());
    if (address === null) return false;
    ioInterruption(this.cpu, address);
    return true;
  }

  /** Whether anything that is due or may come by itself could end the wait. */
  private waitCanEnd(): boolean {
    const { cpu } = this;
    const byTime = (cpu.systemMask & PSW_EXTERNAL) !== 0 && cpu.clocks.mayInterrupt(cpu.cr[0]!);
    const byDevice = this.enabledChannels() !== 0 && this.channels.nextEvent() !== Infinity;
    return byTime || byDevice;
  }

  /** Passes idle time until the next event or `end`; what ends early does not count as an occurrence. */
  private idle(end: number): Stop | null {
    const { cpu } = this;
    const wake = (cpu.systemMask & PSW_EXTERNAL) !== 0 ? cpu.clocks.nextWake(cpu.cr[0]!) : Infinity;
    const next = Math.max(cpu.clock + 1, Math.ceil(Math.min(wake, this.channels.nextEvent())));
    if (!this.waitCanEnd() || next === Infinity) return { kind: 'wait' };
    const until = Math.min(next, Math.max(end, cpu.clock + 1));
    const cycles = until - cpu.clock;
    cpu.spend(cycles);
    cpu.ledger.charge(IDLE, cycles, until === next ? 1 : 0);
    return null;
  }

  // ---------------------------------------------------------------- the operator

  /** START: leaves the stopped state. */
  start(): void {
    this.stopped = false;
  }

  /** STOP: takes effect before the next unit of operation. */
  stop(): void {
    this.stopped = true;
    this.cpu.leaveLoop();
  }

  /** PSW RESTART: as the next unit of operation the PSW at location 0 takes over. */
  restart(): void {
    this.stopped = false;
    this.restartPending = true;
    this.cpu.leaveLoop();
  }

  /** INTERRUPT: an external interruption, code X'0040'. */
  pressInterruptKey(): void {
    this.cpu.clocks.pressInterruptKey();
    this.cpu.leaveLoop();
  }

  /** Lets something fail, as no key of a real console did. */
  fail(failure: Failure): void {
    this.machineChecks.fail(this.cpu, failure);
    this.cpu.leaveLoop();
  }

  /** Puts `psw` in force, as the operator does by hand. */
  loadPsw(psw: Psw): void {
    this.cpu.setPsw(psw);
    this.cpu.openAccount();
  }

  /** LOAD: reads the first record of the device at `address` and loads the PSW that it brought to location 0. */
  ipl(address: number): Stop | null {
    const { cpu } = this;
    this.reset();
    this.channels.ipl(address);
    while (!this.channels.iplDone()) {
      const next = this.channels.nextEvent();
      if (next === Infinity) break;
      const cycles = Math.max(0, Math.ceil(next) - cpu.clock);
      cpu.spend(cycles);
      cpu.ledger.charge(IDLE, cycles);
      this.processDue();
    }
    const failure = this.channels.iplFailure();
    if (failure) {
      this.stopped = true;
      return { kind: 'check', reason: failure };
    }
    const psw = unpackPsw(cpu.fetchReal(0, 4), cpu.fetchReal(4, 4));
    // The I/O address is stored where an I/O interruption would leave it.
    cpu.storage.write(cpu.absolute(psw.extendedControl ? IO_ADDRESS + 2 : 2), [address >> 8, address & 0xff]);
    this.loadPsw(psw);
    return null;
  }

  /** Initial reset: registers, PSW, prefix, clocks' settings and channels; storage and TOD clock stay. */
  reset(): void {
    const { cpu } = this;
    this.channels.reset();
    cpu.gr.fill(0);
    cpu.fpr.fill(0);
    cpu.cr.fill(0);
    cpu.cr[0] = 0xe0;
    cpu.cr[2] = -1;
    cpu.cr[14] = 0xc200_0000 | 0;
    cpu.cr[15] = 512;
    cpu.prefix = 0;
    cpu.clocks.comparator = BigInt.asUintN(64, -1n);
    cpu.clocks.cpuTimer = 0n;
    cpu.dropMaps();
    cpu.buffer.purge();
    cpu.setPsw(unpackPsw(0, 0));
    this.restartPending = false;
    this.machineChecks.clear();
    this.stopped = false;
  }

  // ---------------------------------------------------------------- state

  save(): S370State {
    const { cpu } = this;
    cpu.ledger.settle();
    const storage = cpu.storage.save();
    cpu.dropWriteMaps();
    return {
      version: 1,
      model: cpu.model.id,
      storage,
      clock: cpu.clock,
      instructions: cpu.instructions,
      psw: packPsw(cpu.psw),
      gr: cpu.gr.slice(),
      fpr: cpu.fpr.slice(),
      cr: cpu.cr.slice(),
      prefix: cpu.prefix,
      stopped: this.stopped,
      clocks: cpu.clocks.save(),
      channels: this.channels.save(),
      buffer: cpu.buffer.save(),
      ledger: cpu.ledger.save(),
      restartPending: this.restartPending,
      machineChecks: this.machineChecks.save(),
      interruptionsInARow: this.interruptionsInARow,
      instructionsAtInterruption: this.instructionsAtInterruption,
    };
  }

  restore(state: S370State): void {
    const { cpu } = this;
    if (state.model !== cpu.model.id)
      throw new Error(`a state of model ${state.model} does not fit ${cpu.model.id}`);
    cpu.storage.restore(state.storage);
    cpu.horizon = state.clock;
    cpu.left = 0;
    cpu.instructions = state.instructions;
    cpu.gr.set(state.gr);
    cpu.fpr.set(state.fpr);
    cpu.cr.set(state.cr);
    cpu.prefix = state.prefix;
    this.stopped = state.stopped;
    cpu.clocks.restore(state.clocks);
    this.channels.restore(state.channels);
    cpu.dropMaps();
    cpu.buffer.restore(state.buffer);
    cpu.setPsw(unpackPsw(...state.psw));
    cpu.ledger.restore(state.ledger);
    cpu.hostCall = null;
    this.restartPending = state.restartPending;
    this.machineChecks.restore(state.machineChecks);
    this.interruptionsInARow = state.interruptionsInARow;
    this.instructionsAtInterruption = state.instructionsAtInterruption;
  }
}
