/** What the tests of this assembler share: small sources, and the bytes they become. */
import { hexBytes } from '../../base/bits.ts';
import { formatDiagnostic } from '../../base/diagnostics.ts';
import { assembleIa32 } from './assemble.ts';

/** The bytes of `lines` in hexadecimal, 32-bit code from address 0; the diagnostics if there are any. */
export function bytesOf(...lines: string[]): string {
  const { bytes, diagnostics } = assembleIa32(lines.join('\n'));
  return diagnostics.length > 0 ? diagnostics.map(formatDiagnostic).join('\n') : hexBytes(bytes);
}

/** The diagnostics as `line:column message`. */
export const complaintsOf = (...lines: string[]): string[] =>
  assembleIa32(lines.join('\n')).diagnostics.map(
    ({ span, message }) => `${span.line}:${span.column} ${message}`,
  );
