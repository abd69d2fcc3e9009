/** The virtual timers: CPU timer, clock comparator and interval timer of each virtual machine. */
import {
  CLOCK_COMPARATOR_CODE,
  CPU_TIMER_CODE,
  INTERRUPT_KEY_CODE,
  INTERVAL_TIMER,
  INTERVAL_TIMER_CODE,
} from '../../machines/s370/assigned-storage.ts';
import type { ControlProgram } from './control-program.ts';
import type { VirtualMachine } from './virtual-machine.ts';

const COMPARATOR_MASK = 0x800;
const CPU_TIMER_MASK = 0x400;
const INTERVAL_MASK = 0x80;
const KEY_MASK = 0x40;
/** Clock units per microsecond: bit 51 of the clock is one microsecond. */
const UNITS = 4096n;
const INTERVAL_RATE = 300;
const INTERVAL_STEP = 0x100;

export class Timers {
  private readonly cp: ControlProgram;

  constructor(cp: ControlProgram) {
    this.cp = cp;
  }

  private units(cycles: number): bigint {
    return (BigInt(Math.floor(cycles)) * BigInt(this.cp.system.cyclePicoseconds) * UNITS) / 1_000_000n;
  }
  private cycles(units: bigint): number {
    const divisor = BigInt(this.cp.system.cyclePicoseconds) * UNITS;
    return Number((units * 1_000_000n + divisor - 1n) / divisor);
  }

  private get intervalPeriod(): number {
    return 1e12 / INTERVAL_RATE / this.cp.system.cyclePicoseconds;
  }
  /** Ticks of the machine's interval timer since power-on: the virtual ones step with it. */
  get intervalTick(): number {
    return Math.floor(this.cp.system.clock / this.intervalPeriod);
  }

  /** The virtual CPU timer runs with the time that the virtual machine itself executes. */
  cpuTimer(vm: VirtualMachine): bigint {
    return BigInt.asIntN(64, vm.state.timerOffset - this.units(this.cp.virtualCycles(vm)));
  }
  setCpuTimer(vm: VirtualMachine, value: bigint): void {
    vm.state.timerOffset = value + this.units(this.cp.virtualCycles(vm));
  }

  /**
   * Brings location 80 of the guest up to date. SIMPLIFIED: as with SET TIMER REAL, it also runs in the virtual wait
   * state; while page 0 is away it is brought up to date later.
   */
  advanceInterval(vm: VirtualMachine): void {
    const { state } = vm;
    const page = state.pages[0];
    if (!page || page.frame < 0 || page.arriving || state.stopped) return;
    const due = this.intervalTick;
    const ticks = due - state.intervalTick;
    if (ticks <= 0) return;
    state.intervalTick = due;
    // As the machine does it: an update of the timer leaves reference and change bits as they are.
    const at = vm.locate(INTERVAL_TIMER);
    const before = this.cp.system.fetchWord(at) | 0;
    const after = before - ticks * INTERVAL_STEP;
    if (before >= 0 && after < 0) state.intervalPending = true;
    this.cp.system.storeWord(at, after | 0);
    vm.swap.setChanged(0, true);
  }

  /** Code of the virtual external condition that the guest's masks let through, or 0. */
  pending(vm: VirtualMachine): number {
    const { state } = vm;
    const cr0 = state.cr[0]!;
    const simple =
      (state.intervalPending && (cr0 & INTERVAL_MASK) !== 0 ? INTERVAL_TIMER_CODE : 0) |
      (state.keyPending && (cr0 & KEY_MASK) !== 0 ? INTERRUPT_KEY_CODE : 0);
    if (simple !== 0) return simple;
    if ((cr0 & COMPARATOR_MASK) !== 0 && this.now() > state.comparator) return CLOCK_COMPARATOR_CODE;
    if ((cr0 & CPU_TIMER_MASK) !== 0 && this.cpuTimer(vm) < 0n) return CPU_TIMER_CODE;
    return 0;
  }
  accept(vm: VirtualMachine, code: number): void {
    if (code >= 0x1000) return;
    if ((code & INTERVAL_TIMER_CODE) !== 0) vm.state.intervalPending = false;
    if ((code & INTERRUPT_KEY_CODE) !== 0) vm.state.keyPending = false;
  }

  private now(): bigint {
    return this.cp.system.storeClock();
  }

  /** Cycles of its own execution after which the guest's timers next want attention; Infinity if never. */
  cyclesToVirtualEvent(vm: VirtualMachine): number {
    const { state } = vm;
    const cr0 = state.cr[0]!;
    let cycles = Infinity;
    if ((cr0 & CPU_TIMER_MASK) !== 0 && this.cpuTimer(vm) >= 0n)
      cycles = Math.min(cycles, this.cycles(this.cpuTimer(vm) + 1n));
    return Math.min(cycles, this.cyclesToRealEvent(vm));
  }

  /** Cycles of real time until the guest's comparator or interval timer may interrupt it; Infinity if never. */
  cyclesToRealEvent(vm: VirtualMachine): number {
    const { state } = vm;
    const cr0 = state.cr[0]!;
    let cycles = Infinity;
    if ((cr0 & COMPARATOR_MASK) !== 0) {
      const wait = state.comparator - this.now();
      if (wait >= 0n && wait < 1n << 62n) cycles = Math.min(cycles, this.cycles(wait + 1n));
    }
    const page = state.pages[0];
    if ((cr0 & INTERVAL_MASK) !== 0 && !state.intervalPending && page && page.frame >= 0 && !page.arriving) {
      const left = this.cp.system.fetchWord(vm.locate(INTERVAL_TIMER)) | 0;
      const end = state.intervalTick + Math.floor(left / INTERVAL_STEP) + 1;
      if (left >= 0) cycles = Math.min(cycles, Math.ceil(end * this.intervalPeriod - this.cp.system.clock));
    }
    return Math.max(1, cycles);
  }

  /** Puts the CPU timer of the machine CP runs on to `cycles` from now; gives its value. */
  arm(cycles: number): bigint {
    const value = this.units(Math.max(1, Math.ceil(cycles)));
    this.cp.system.setCpuTimer(value);
    return value;
  }
}
