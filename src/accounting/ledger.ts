/**
 * The ledger: books every cycle of a machine's clock once.
 * One account is open at a time; cycles that pass go to it when the ledger is settled. Work that is known by its cost
 * (a trap, a table walk, a monitor's path) is charged to its own account and leaves the open one.
 * Invariant: after `settle(clock)` the cycles of all accounts sum to `clock`.
 */
import { ACCOUNTS, layerOf, levelOf, reasonOf, type Account, type Layer, type Reason } from './vocabulary.ts';

export interface LedgerRow {
  readonly layer: Layer;
  /** Monitors beneath this layer. */
  readonly level: number;
  readonly reason: Reason;
  /** Instructions for `direct`, occurrences for everything else. */
  readonly count: number;
  readonly cycles: number;
}

/** What had been booked up to a moment. */
export interface Reckoning {
  readonly clock: number;
  readonly instructions: number;
  readonly rows: readonly LedgerRow[];
}

export interface LedgerState {
  readonly cycles: Float64Array;
  readonly counts: Float64Array;
  readonly open: Account;
  readonly mark: number;
  readonly instructionMark: number;
  readonly beginning: Reckoning | null;
}

/** What the ledger reads the time from: a machine's clock in cycles and its count of executed instructions. */
export interface Clock {
  readonly clock: number;
  readonly instructions: number;
}

/** Hears each stretch of cycles as it is booked, in order of time: what the strata diagram is drawn from. */
export type LedgerListener = (account: Account, from: number, cycles: number) => void;

export class Ledger {
  private cycles = new Float64Array(ACCOUNTS);
  private counts = new Float64Array(ACCOUNTS);
  private mark = 0;
  private instructionMark = 0;
  /** The account that passing cycles go to. */
  open: Account;
  listener: LedgerListener | null = null;
  /** Whether what a run is about begins with `account`: a program, after the boot. Asked at each change until it does. */
  beginsWith: ((account: Account) => boolean) | null = null;
  /** What had been booked when it began; null before that. */
  beginning: Reckoning | null = null;

  private readonly time: Clock;

  constructor(time: Clock, open: Account) {
    this.time = time;
    this.open = open;
  }

  /** Opens `account` from now on. */
  enter(account: Account): void {
    if (account === this.open) return;
    this.settle();
    this.open = account;
    if (this.beginning === null && this.beginsWith?.(account)) this.begin();
  }

  private begin(): void {
    const { clock, instructions } = this.time;
    this.beginning = { clock, instructions, rows: this.rows() };
  }

  /** Books the last `cycles` of the clock to `account` instead of the open one. */
  charge(account: Account, cycles: number, occurrences = 1): void {
    if (this.listener) {
      // In order of time: what passed before this stretch goes out first.
      this.settle(this.time.clock - cycles);
      this.listener(account, this.time.clock - cycles, cycles);
    }
    this.cycles[account]! += cycles;
    this.counts[account]! += occurrences;
    this.mark += cycles;
  }

  /** Books what has passed since the last settling, until `clock`, to the open account. */
  settle(clock = this.time.clock): void {
    const passed = clock - this.mark;
    if (passed > 0) this.listener?.(this.open, this.mark, passed);
    this.cycles[this.open]! += passed;
    this.counts[this.open]! += this.time.instructions - this.instructionMark;
    this.mark = clock;
    this.instructionMark = this.time.instructions;
  }

  /** Sum over all accounts, in cycles. */
  get total(): number {
    this.settle();
    return this.cycles.reduce((sum, c) => sum + c, 0);
  }

  /** Accounts with any cycles or counts, in the order of the vocabulary. */
  rows(): LedgerRow[] {
    this.settle();
    const rows: LedgerRow[] = [];
    for (let a = 0; a < ACCOUNTS; a++)
      if (this.cycles[a]! !== 0 || this.counts[a]! !== 0)
        rows.push({
          layer: layerOf(a),
          level: levelOf(a),
          reason: reasonOf(a),
          count: this.counts[a]!,
          cycles: this.cycles[a]!,
        });
    return rows;
  }

  save(): LedgerState {
    return {
      cycles: this.cycles.slice(),
      counts: this.counts.slice(),
      open: this.open,
      mark: this.mark,
      instructionMark: this.instructionMark,
      beginning: this.beginning,
    };
  }

  restore(state: LedgerState): void {
    this.cycles = state.cycles.slice();
    this.counts = state.counts.slice();
    this.open = state.open;
    this.mark = state.mark;
    this.instructionMark = state.instructionMark;
    this.beginning = state.beginning;
  }
}
