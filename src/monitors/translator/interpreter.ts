/**
 * The monitor's interpreter: executes guest instructions on the virtual processor, with everything that the
 * architecture says about them, and books what that takes. Whole stretches where code cannot be translated: real mode,
 * virtual-8086 mode, 16-bit segments, single steps; single instructions where translated code calls out.
 */
import type { Cpu } from '../../machines/pc/cpu.ts';
import { instructionHits, recordDebug } from '../../machines/pc/debug.ts';
import { FLAG_RF, FLAG_TF } from '../../machines/pc/eflags.ts';
import { DB } from '../../machines/pc/exceptions.ts';
import { deliver } from '../../machines/pc/interrupts.ts';
import { EFLAGS, FAULT } from '../../machines/pc/registers.ts';
import type { SystemPc } from '../../machines/pc/system.ts';
import type { InterruptKind } from '../../machines/pc/wiring.ts';
import { executeUnit } from '../../machines/pc/unit.ts';
import { EMULATE, EMULATION, INTERPRET, REFLECT, REFLECTION } from './paths.ts';

/** Cycles that an instruction may take at least, however soon something else is due. */
const LEAST = 1;
/** … and at most, where nothing is due at all. */
const MOST = 1_000_000;

export class Interpreter {
  private readonly system: SystemPc;
  readonly cpu: Cpu;
  /** Instructions executed. */
  count = 0;

  constructor(system: SystemPc, cpu: Cpu) {
    this.system = system;
    this.cpu = cpu;
  }

  /** Lets the virtual processor's clock say what the machine's says. */
  private begin(cycles = this.system.remaining): void {
    const { cpu, system } = this;
    cpu.left = Math.min(MOST, Math.max(LEAST, cycles));
    cpu.horizon = system.clock + cpu.left;
  }

  /**
   * Executes one instruction that translated code called out for, its exception included. One that repeats goes on until
   * something happens, and not only until the run is cut: a cut would be one call-out more.
   */
  one(): void {
    this.execute(EMULATE, this.system.untilEvent);
  }

  private execute(overhead: number, cycles: number): void {
    const { cpu, system } = this;
    this.begin(cycles);
    const { left } = cpu;
    this.step();
    system.work(EMULATION, Math.max(0, left - cpu.left) + overhead);
  }

  /** Executes until something else is due or `done` says so. */
  many(done: () => boolean): void {
    do this.execute(INTERPRET, this.system.remaining);
    while (this.system.remaining > 0 && !this.cpu.halted && this.cpu.shutdown === '' && !done());
  }

  private step(): void {
    const { cpu } = this;
    const hits = instructionHits(cpu);
    if (hits !== 0) {
      recordDebug(cpu, hits);
      deliver(cpu, DB, 'exception');
      return;
    }
    const flags = cpu.words[EFLAGS]!;
    cpu.shadow = false;
    cpu.words[EFLAGS] = flags & ~FLAG_RF;
    const before = cpu.instructions;
    executeUnit(cpu, true, (flags & FLAG_TF) !== 0);
    this.count += cpu.instructions - before;
  }

  /** Delivers an exception or interrupt to the guest through its own tables. */
  deliver(vector: number, kind: InterruptKind, error = -1): void {
    const { cpu, system } = this;
    this.begin();
    deliver(cpu, vector, kind, error);
    system.work(REFLECTION, REFLECT);
  }

  /** Runs `work` on the virtual processor; an exception that it raises is delivered. False if there was one. */
  attempt(work: () => void): boolean {
    const { cpu } = this;
    try {
      work();
      return true;
    } catch (fault) {
      if (fault !== FAULT) throw fault;
      this.deliver(cpu.faultVector, 'exception', cpu.faultError);
      return false;
    }
  }
}
