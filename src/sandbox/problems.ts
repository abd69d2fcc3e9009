/** What went wrong in a student's code, as a diagnostic: where, what, and what to try. */
import type { Diagnostic, Span } from '../base/diagnostics.ts';

/** What the engine says of an exception. */
export interface Thrown {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly stack?: unknown;
}

/** Set by the sandbox itself, where the engine's own words would not do. */
export type Cause = 'budget' | 'stack' | 'memory' | 'engine' | null;

const hintFor = (name: string, message: string): string => {
  if (name === 'SyntaxError') return 'look at this line, and for a bracket that is not closed before it';
  if (name === 'ReferenceError')
    return 'check the spelling; only the language itself and the parameters are known here';
  if (/not a function/.test(message)) return 'look up what the parameters offer in the text of the exercise';
  if (/undefined|null/.test(message)) return 'check what this value is before you use it';
  if (/read-only|extensible/.test(message)) return 'built-in objects cannot be changed here';
  return 'follow the values up to this line';
};

const ENDED: Readonly<Record<NonNullable<Cause>, readonly [message: string, hint: string]>> = {
  budget: ['the function does not end', 'look for a loop whose condition never becomes false'],
  stack: [
    'too many calls, or brackets, inside one another',
    'look for a function that calls itself without an end',
  ],
  memory: [
    'the function uses more memory than it is given',
    'look for a list or a text that grows without an end',
  ],
  engine: ['the code broke the sandbox that it ran in', 'write it in a simpler way'],
};

function placeIn(file: string, stack: string): Span {
  const escaped = file.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const found = new RegExp(`\\b${escaped}:(\\d+)(?::(\\d+))?`).exec(stack);
  // The function that the source is wrapped in takes the first line.
  const line = Math.max(1, Number(found?.[1] ?? 2) - 1);
  const column = Number(found?.[2] ?? 1);
  return { file, line, column, endColumn: column + 1 };
}

/** `text`, cut where no reader needs more of it. */
const short = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

export function problemOf(file: string, thrown: Thrown, cause: Cause): Diagnostic {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const [name, message] = [text(thrown.name), text(thrown.message)];
  const span = placeIn(file, text(thrown.stack));
  const ended = cause ?? causeIn(message);
  if (ended) return { severity: 'error', span, message: ENDED[ended][0], hint: ENDED[ended][1] };
  return {
    severity: 'error',
    span,
    message: short(message ? `${name || 'Error'}: ${message}` : 'something was thrown that is no Error'),
    hint: hintFor(name, message),
  };
}

function causeIn(message: string): Cause {
  if (/stack overflow/.test(message)) return 'stack';
  return /out of memory|too long/.test(message) ? 'memory' : null;
}
