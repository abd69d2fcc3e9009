/** VM exits of a PC, counted by reason, with the cycles that each kept its guest from going on. */
import type { Cpu } from '../../machines/pc/cpu.ts';
import { EXIT_REASONS, type ExitReason } from '../../machines/pc/vmx/reasons.ts';
import type { VmxListener } from '../../machines/pc/vmx/unit.ts';
import type { VmxView } from '../../protocol/frame.ts';

interface Tally {
  readonly count: number;
  readonly cycles: number;
}

export interface VmxLogState {
  readonly tallies: readonly (readonly [ExitReason, Tally])[];
  /** The exit that is being handled. */
  readonly open: { readonly reason: ExitReason; readonly since: number } | null;
}

export class VmxLog implements VmxListener {
  private readonly cpu: Cpu;
  private readonly tell: (reason: ExitReason) => void;
  private tallies = new Map<ExitReason, Tally>();
  private open: VmxLogState['open'] = null;

  /** @param tell hears of each exit while the registers are still the guest's */
  constructor(cpu: Cpu, tell: (reason: ExitReason) => void) {
    this.cpu = cpu;
    this.tell = tell;
    cpu.vmx.listener = this;
  }

  exited(reason: ExitReason): void {
    this.add(reason, 1, 0);
    this.open = { reason, since: this.cpu.clock };
    this.tell(reason);
  }

  entered(): void {
    if (!this.open) return;
    this.add(this.open.reason, 0, this.cpu.clock - this.open.since);
    this.open = null;
  }

  private add(reason: ExitReason, count: number, cycles: number): void {
    const before = this.tallies.get(reason) ?? { count: 0, cycles: 0 };
    this.tallies.set(reason, { count: before.count + count, cycles: before.cycles + cycles });
  }

  rows(): VmxView['exits'] {
    return [...this.tallies]
      .sort(([a], [b]) => a - b)
      .map(([number, tally]) => ({ number, name: EXIT_REASONS[number], ...tally }));
  }

  save(): VmxLogState {
    return { tallies: [...this.tallies], open: this.open };
  }
  restore(state: VmxLogState): void {
    this.tallies = new Map(state.tallies);
    this.open = state.open;
  }
}
