/** Every instruction's encoding against NASM, and the disassembler against the assembler. */
import { expect, test } from 'vitest';
import { hexBytes } from '../../../src/base/bits.ts';
import { assembleIa32 } from '../../../src/assembler/ia32/assemble.ts';
import { disassembleIa32 } from '../../../src/assembler/ia32/disassemble.ts';
import { IA32_INSTRUCTIONS } from '../../../src/machines/pc/instructions/table.ts';
import { ADDRESS, conformanceLines } from './lines.ts';
import recorded from './vectors.json' with { type: 'json' };

const vectors = recorded.vectors as [bits: 16 | 32, line: string, bytes: string][];

function assembled(bits: 16 | 32, line: string): string {
  const { bytes, diagnostics } = assembleIa32(`bits ${bits}\n${line}`, { origin: ADDRESS });
  return hexBytes(bytes) + diagnostics.map(({ message }) => message).join();
}

test('instructions have the bytes that NASM gives them', () => {
  expect(vectors.map(([bits, line]) => [bits, line, assembled(bits, line)])).toEqual(vectors);
});

test('the vectors cover every row of the table', () => {
  const covered = new Set(
    vectors.map(([bits, , hex]) => {
      const bytes = Uint8Array.from(hex.match(/../g)!, (byte) => parseInt(byte, 16));
      return disassembleIa32(bytes, 0, { bits }).row;
    }),
  );

  const missing = IA32_INSTRUCTIONS.filter((row) => row.alias !== true && !covered.has(row));
  expect(missing.map(({ opcode, mnemonic }) => `${opcode} ${mnemonic}`)).toEqual([]);
});

test('what the disassembler writes assembles to the same bytes', () => {
  const lines = conformanceLines().map(({ bits, text }) => [bits, text, assembled(bits, text)] as const);
  const again = lines.map(([bits, text, hex]) => {
    const bytes = Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16));
    return [bits, text, assembled(bits, disassembleIa32(bytes, 0, { bits, address: ADDRESS }).text)];
  });
  expect(again).toEqual(lines.map((line) => [...line]));
});
