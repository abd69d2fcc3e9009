/**
 * What every machine is, real or virtual: something with a clock that runs until it has a reason to come back.
 * Architectures extend it with their privileged operations; monitors and kernels act through those alone.
 */
import type { Ledger } from '../accounting/ledger.ts';

/** Why `run` came back. */
export type Stop =
  | { readonly kind: 'budget' } // the cycles it was given are used up
  | { readonly kind: 'wait' } // a wait that nothing pending or due can end
  | { readonly kind: 'stopped' } // the operator (or a program acting as such) stopped the processor
  | { readonly kind: 'breakpoint'; readonly reason: string }
  | { readonly kind: 'exit'; readonly code: number } // the program ended the run by a port made for that
  | { readonly kind: 'shutdown'; readonly reason: string } // the program brought the machine down: reset, triple fault
  | { readonly kind: 'check'; readonly reason: string }; // the processor cannot go on; the reason says where and why

/** State that can be put away and brought back: plain named data (structured-cloneable), with a version. */
export interface Persist<State> {
  save(): State;
  restore(state: State): void;
}

export interface Machine<State> extends Persist<State> {
  /** Cycles since the machine was switched on. */
  readonly clock: number;
  /** Instructions executed since then. */
  readonly instructions: number;
  readonly ledger: Ledger;
  /** Executes for at most `budget` cycles; may overshoot by the last instruction's length. */
  run(budget: number): Stop;
  /**
   * Executes one unit of operation: an instruction, an interruption, or the passing of idle time to the next event,
   * which ends at `until` if that comes first.
   */
  step(until?: number): Stop;
}
