/** The sandbox as those see it who use it: engines and graders, which know nothing of how it is made. */
import type { Diagnostic } from '../base/diagnostics.ts';

export interface PieceOptions {
  readonly file: string;
  readonly source: string;
  /** Name of the function that the source is to define. */
  readonly functionName: string;
  /**
   * Our own code inside the sandbox, between the host and the student: an expression for a function of (host, argument)
   * that gives `{ given, result }`, the arguments of the student's function and a function of its result.
   */
  readonly api: string;
  /** What `host(name, ...given)` does, with plain data in both directions. What it throws ends the call and passes on to the caller. */
  readonly host: (name: string, given: readonly unknown[]) => unknown;
}

export type Outcome =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: Diagnostic };

/** A student's function. */
export interface Piece {
  call(argument: unknown): Outcome;
}

/** The pieces of one run or one grading. */
export interface Sandbox {
  /** Compiles a student's function, or says what is wrong with it. */
  load(options: PieceOptions): Piece | { readonly problem: Diagnostic };
  /** Ends all its pieces. */
  close(): void;
}
