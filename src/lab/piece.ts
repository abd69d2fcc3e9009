/** A piece of a monitor that a student wrote, and that went wrong while the guest ran. */
import type { Diagnostic } from '../base/diagnostics.ts';

/** Thrown through the monitor to the world, which ends the run with it. */
export class PieceFailed extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

/** The diagnostic as the reason why a run stopped. */
export const failureOf = ({ span, message }: Diagnostic): string =>
  `${span.file}, line ${span.line}: ${message}`;
