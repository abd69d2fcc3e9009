/** Mistakes in a source: raised as a `Problem` where they are found, collected as diagnostics statement by statement. */
import type { Diagnostic, Span } from '../../base/diagnostics.ts';

/**
 * Ends the work on one statement. `span` null: the cause has already been reported, nothing more is said.
 * Anything else that is thrown is a bug of ours and passes through.
 */
export class Problem extends Error {
  readonly span: Span | null;
  readonly hint: string | undefined;

  constructor(span: Span | null, message: string, hint?: string) {
    super(message);
    this.span = span;
    this.hint = hint;
  }
}

/** A problem that follows from one already reported. */
export const alreadyReported = (): Problem => new Problem(null, 'follows from an earlier error');

/** Enough for any honest source; a mangled one is not told the same thing forever. */
const MOST = 100;

/** The diagnostics of one assembly, each place and message once. */
export class Diagnostics {
  readonly #seen = new Set<string>();
  readonly #list: Diagnostic[] = [];
  /** Appended to every message: from which macro call the statement at work comes. */
  context = '';

  #reports = 0;

  /** So many reports, repeated ones counted, that going on would only take time. */
  get overflowing(): boolean {
    return this.#reports > 2 * MOST;
  }

  get hasErrors(): boolean {
    return this.#list.some(({ severity }) => severity === 'error');
  }

  report(severity: Diagnostic['severity'], span: Span, text: string, hint?: string): void {
    this.#reports++;
    const message = text + this.context;
    const key = `${span.file}:${span.line}:${span.column}:${message}`;
    if (this.#seen.has(key) || this.#list.length >= MOST) return;
    this.#seen.add(key);
    this.#list.push(hint === undefined ? { severity, span, message } : { severity, span, message, hint });
  }

  error(span: Span, message: string, hint?: string): void {
    this.report('error', span, message, hint);
  }

  warning(span: Span, message: string, hint?: string): void {
    this.report('warning', span, message, hint);
  }

  /** Runs `work`; a problem becomes a diagnostic, and the answer is then `otherwise`. */
  guard<T>(work: () => T, otherwise: T): T {
    try {
      return work();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (problem.span) this.error(problem.span, problem.message, problem.hint);
      return otherwise;
    }
  }

  /** All of them, in the order of the source (files in the order in which they first failed). */
  sorted(): readonly Diagnostic[] {
    const files = [...new Set(this.#list.map((d) => d.span.file))];
    return [...this.#list].sort(
      (a, b) =>
        files.indexOf(a.span.file) - files.indexOf(b.span.file) ||
        a.span.line - b.span.line ||
        a.span.column - b.span.column,
    );
  }
}
