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
  readonly ledger: readonly LedgerRow[];
}

/** The same, as it is kept: cycles and counts of the accounts that had any. */
interface Kept {
  readonly clock: number;
  readonly instructions: number;
  readonly accounts: readonly Account[];
  readonly cycles: readonly number[];
  readonly counts: readonly number[];
}

export interface LedgerState {
  readonly cycles: Float64Array;
  readonly counts: Float64Array;
  readonly open: Account;
  readonly mark: number;
  readonly instructionMark: number;
  readonly began: Kept | null;
  readonly left: Kept | null;
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
  /**
   * Which accounts are those of the program that a run is about, where a kernel boots before it and shuts down after it.
   * Null: nobody asks.
   */
  isProgram: ((account: Account) => boolean) | null = null;
  private began: Kept | null = null;
  private left: Kept | null = null;
  /** Accounts that may have cycles or counts, in the order of the vocabulary: a state is the same however it came about. */
  private used: Account[] = [];

  private readonly time: Clock;

  constructor(time: Clock, open: Account) {
    this.time = time;
    this.open = open;
  }

  /** Opens `account` from now on. */
  enter(account: Account): void {
    if (account === this.open) return;
    this.settle();
    // Each time might be the last.
    if (this.began !== null && this.isProgram?.(this.open)) this.left = this.keep();
    this.open = account;
    if (this.began === null && this.isProgram?.(account)) this.began = this.keep();
  }

  private keep(): Kept {
    const { clock, instructions } = this.time;
    const accounts = this.used.filter((each) => this.cycles[each] !== 0 || this.counts[each] !== 0);
    return {
      ...{ clock, instructions, accounts },
      cycles: accounts.map((each) => this.cycles[each]!),
      counts: accounts.map((each) => this.counts[each]!),
    };
  }

  /** What had been booked when the program began; null before that. */
  get beginning(): Reckoning | null {
    return this.began && reckoned(this.began);
  }
  /** … and when it was left for the last time so far. */
  get ending(): Reckoning | null {
    return this.left && reckoned(this.left);
  }

  private use(account: Account): void {
    if (!this.used.includes(account)) this.used = [...this.used, account].sort((a, b) => a - b);
  }

  /** Books the last `cycles` of the clock to `account` instead of the open one. */
  charge(account: Account, cycles: number, occurrences = 1): void {
    if (this.listener) {
      // In order of time: what passed before this stretch goes out first.
      this.settle(this.time.clock - cycles);
      this.listener(account, this.time.clock - cycles, cycles);
    }
    if (this.counts[account] === 0) this.use(account);
    this.cycles[account]! += cycles;
    this.counts[account]! += occurrences;
    this.mark += cycles;
  }

  /** Books what has passed since the last settling, until `clock`, to the open account. */
  settle(clock = this.time.clock): void {
    const passed = clock - this.mark;
    if (passed > 0) this.listener?.(this.open, this.mark, passed);
    if (this.cycles[this.open] === 0) this.use(this.open);
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
  rows(): readonly LedgerRow[] {
    this.settle();
    return reckoned(this.keep()).ledger;
  }

  save(): LedgerState {
    return {
      cycles: this.cycles.slice(),
      counts: this.counts.slice(),
      open: this.open,
      mark: this.mark,
      instructionMark: this.instructionMark,
      began: this.began,
      left: this.left,
    };
  }

  restore(state: LedgerState): void {
    this.cycles = state.cycles.slice();
    this.counts = state.counts.slice();
    this.open = state.open;
    this.mark = state.mark;
    this.instructionMark = state.instructionMark;
    [this.began, this.left] = [state.began, state.left];
    this.used = Array.from({ length: ACCOUNTS }, (_, each) => each).filter(
      (each) => this.cycles[each] !== 0 || this.counts[each] !== 0,
    );
  }
}

/** In the order of the vocabulary. */
function reckoned({ clock, instructions, accounts, cycles, counts }: Kept): Reckoning {
  const ledger = accounts.map((account, k) => ({
    ...{ layer: layerOf(account), level: levelOf(account), reason: reasonOf(account) },
    ...{ cycles: cycles[k]!, count: counts[k]! },
  }));
  return { clock, instructions, ledger };
}
