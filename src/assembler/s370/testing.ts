/** What the tests of this assembler share: small sources, and the bytes they become. */
import { hexBytes } from '../../base/bits.ts';
import { formatDiagnostic } from '../../base/diagnostics.ts';
import type { Assembly } from '../core/assembly.ts';
import { assembleS370 } from './assemble.ts';

/** The lines between `T CSECT` (line 1) and END, assembled; addresses begin at 0. */
export const assembleLines = (...lines: string[]): Assembly =>
  assembleS370(['T        CSECT', ...lines, '         END'].join('\n'));

/** Their bytes in hexadecimal; the diagnostics if there are any. */
export function bytesOf(...lines: string[]): string {
  const { bytes, diagnostics } = assembleLines(...lines);
  return diagnostics.length > 0 ? diagnostics.map(formatDiagnostic).join('\n') : hexBytes(bytes);
}

/** The diagnostics as `line:column message`. */
export const complaintsOf = (...lines: string[]): string[] =>
  assembleLines(...lines).diagnostics.map(({ span, message }) => `${span.line}:${span.column} ${message}`);
