/**
 * Machine checks: nothing in this machine fails by itself, but its operator may let it fail. GA22-7000,
 * "Machine-Check Handling": which mask lets which condition in, and what is logged out before the PSWs are swapped.
 */
import type { Cpu } from './cpu.ts';
import {
  CLOCK_COMPARATOR_SAVE,
  CONTROL_SAVE,
  CPU_TIMER_SAVE,
  FAILING_STORAGE_ADDRESS,
  FLOATING_SAVE,
  GENERAL_SAVE,
  MACHINE_CHECK_CODE,
} from './assigned-storage.ts';

/** Conditions in the order in which the machine-check interruption code names them, from bit 0. */
interface Condition {
  /** Its bit in the first word of the interruption code. */
  readonly bit: number;
  /** The mask in control register 14 that holds it back, or 0: an exigent condition waits for PSW bit 13 alone. */
  readonly mask: number;
}

export const DAMAGES = {
  system: { bit: 0x8000_0000, mask: 0 },
  'instruction-processing': { bit: 0x4000_0000, mask: 0 },
  'system-recovery': { bit: 0x2000_0000, mask: 0x0800_0000 },
  'interval-timer': { bit: 0x1000_0000, mask: 0x0200_0000 },
  'timing-facility': { bit: 0x0800_0000, mask: 0x0200_0000 },
  external: { bit: 0x0400_0000, mask: 0x0200_0000 },
  degradation: { bit: 0x0100_0000, mask: 0x0400_0000 },
  warning: { bit: 0x0080_0000, mask: 0x0100_0000 },
} as const satisfies Readonly<Record<string, Condition>>;

export type Damage = keyof typeof DAMAGES;

/** Control register 14, bit 0: an exigent condition that cannot interrupt stops the processor. */
const CHECK_STOP_CONTROL = 0x8000_0000;

/** What is valid in the logout, as the processor itself is sound: PSW and storage in word 0, registers and clocks. */
const DELAYED = 0x0001_0000;
const STORAGE_ERROR = 0x0000_8000;
const PSW_VALID = 0x0000_0f00;
const FAILING_ADDRESS_VALID = 0x0000_0080;
const REGISTERS_VALID = 0x0000_001c;
const STORAGE_VALID = 0x0000_0001;
const CLOCKS_VALID = 0x0003_0000;

export interface Failure {
  readonly damage: Damage;
  /** Instruction-processing damage by an uncorrected error of storage: the real address that failed. */
  readonly storageAt?: number;
}

export interface MachineChecksState {
  readonly pending: readonly Failure[];
  /** Conditions that could not interrupt at once. */
  readonly delayed: number;
}

const NONE: readonly Failure[] = [];

function isOpen(cpu: Cpu, { damage }: Failure): boolean {
  const { mask } = DAMAGES[damage];
  return cpu.machineCheckMask && (mask === 0 || (cpu.cr[14]! & mask) !== 0);
}

export class MachineChecks {
  private pending: readonly Failure[] = [];
  private delayed = 0;

  /** Something fails. The condition stays pending until the masks let it in, and is then told to be delayed. */
  fail(cpu: Cpu, failure: Failure): void {
    this.pending = [...this.pending.filter(({ damage }) => damage !== failure.damage), failure];
    if (!isOpen(cpu, failure)) this.delayed |= DAMAGES[failure.damage].bit;
  }

  clear(): void {
    this.pending = [];
    this.delayed = 0;
  }

  /** What the masks of `cpu` let in now. */
  due(cpu: Cpu): readonly Failure[] {
    return this.pending.length === 0 ? NONE : this.pending.filter((failure) => isOpen(cpu, failure));
  }

  /** The exigent condition that stops the processor, because nothing may interrupt it; or null. */
  checkStop(cpu: Cpu): Damage | null {
    if (cpu.machineCheckMask || (cpu.cr[14]! & CHECK_STOP_CONTROL) === 0) return null;
    return this.pending.find(({ damage }) => DAMAGES[damage].mask === 0)?.damage ?? null;
  }

  /** Takes the conditions that `due` named: registers, clocks and the interruption code go to their fixed locations. */
  logOut(cpu: Cpu, failures: readonly Failure[]): void {
    const bits = failures.reduce((all, { damage }) => all | DAMAGES[damage].bit, 0);
    const storageAt = failures.find((failure) => failure.storageAt !== undefined)?.storageAt;
    store8(cpu, CPU_TIMER_SAVE, BigInt.asUintN(64, cpu.clocks.cpuTimer));
    store8(cpu, CLOCK_COMPARATOR_SAVE, cpu.clocks.comparator);
    cpu.fpr.forEach((word, i) => cpu.storeReal4(FLOATING_SAVE + 4 * i, word));
    cpu.gr.forEach((word, i) => cpu.storeReal4(GENERAL_SAVE + 4 * i, word));
    cpu.cr.forEach((word, i) => cpu.storeReal4(CONTROL_SAVE + 4 * i, word));
    if (storageAt !== undefined) cpu.storeReal4(FAILING_STORAGE_ADDRESS, storageAt);
    const error = storageAt === undefined ? 0 : STORAGE_ERROR | FAILING_ADDRESS_VALID;
    const late = (bits & this.delayed) === 0 ? 0 : DELAYED;
    cpu.storeReal4(MACHINE_CHECK_CODE, bits | late | error | PSW_VALID | REGISTERS_VALID | STORAGE_VALID);
    cpu.storeReal4(MACHINE_CHECK_CODE + 4, CLOCKS_VALID);
    this.pending = this.pending.filter((failure) => !failures.includes(failure));
    this.delayed &= ~bits;
  }

  save(): MachineChecksState {
    return { pending: this.pending, delayed: this.delayed };
  }

  restore(state: MachineChecksState): void {
    this.pending = state.pending;
    this.delayed = state.delayed;
  }
}

function store8(cpu: Cpu, at: number, value: bigint): void {
  cpu.storeReal4(at, Number(value >> 32n) | 0);
  cpu.storeReal4(at + 4, Number(value & 0xffff_ffffn) | 0);
}
