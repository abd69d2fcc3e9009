/** A line as it goes from the preprocessor to the assembler. */
import type { Span } from '../../../base/diagnostics.ts';
import type { Token } from '../tokens.ts';

export interface Line {
  readonly tokens: readonly Token[];
  /** As written, for the listing. */
  readonly text: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** The line in the main source that brought it in: itself, or the outermost call or %include. */
  readonly outer: { readonly file: string; readonly line: number };
  /** The macro whose body it is from, or null. */
  readonly macro: string | null;
}

/** The whole line as a span, for messages about what is missing. */
export function spanOf({ tokens, file, line, text }: Line): Span {
  const last = tokens.at(-1)?.span;
  const column = last && last.line === line ? last.endColumn : text.length + 1;
  return { file, line, column, endColumn: column + 1 };
}
