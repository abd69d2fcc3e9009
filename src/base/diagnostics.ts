/** What a learner is told about a mistake: where it is, what was expected, and the next thing to try. */

/** A stretch of one source line. Lines and columns count from 1; `endColumn` is the column after the last character. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
}

export interface Diagnostic {
  /** A warning leaves the result usable. */
  readonly severity: 'error' | 'warning';
  readonly span: Span;
  readonly message: string;
  /** The next thing to try. */
  readonly hint?: string;
}

/** A diagnostic as one line of a terminal: `file:line:column: error: message (hint)`. */
export function formatDiagnostic({ severity, span, message, hint }: Diagnostic): string {
  return `${span.file}:${span.line}:${span.column}: ${severity}: ${message}${hint ? ` (${hint})` : ''}`;
}
