/**
 * How the published lists name what the opcode table has in several rows: Robin and Irvine (9th USENIX Security
 * Symposium, 2000, section 3); Bugnion, Nieh and Tsafrir (2017, table 2.2). A name says nothing of what the
 * instruction is.
 */
import type { Classified } from './classify.ts';

/** Name under which the lists print a row of the IA-32 table. */
export function listedAs({ mnemonic, operands, opcode }: Classified): string {
  if (/^(?:CALL|JMP)$/.test(mnemonic) && /^[AM]p$/.test(operands)) return `${mnemonic} (far)`;
  if (mnemonic === 'RET' && /^C[AB]$/.test(opcode)) return 'RET (far)';
  if (/^(?:PUSH|POP)$/.test(mnemonic) && /^[CDEFGS]S$/.test(operands)) return `${mnemonic} (segment)`;
  // Loads of a far pointer are moves to a segment register with a register beside it.
  if (operands.includes('Sw') || /^L[DEFGS]S$/.test(mnemonic)) return 'MOV (segment)';
  if (/^INT/.test(mnemonic)) return 'INT n';
  return mnemonic;
}

/** The names for several rows, each once. */
export const listed = (found: readonly Classified[]): readonly string[] =>
  [...new Set(found.map(listedAs))].sort();
