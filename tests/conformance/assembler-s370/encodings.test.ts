/** Every instruction's encoding against GNU as, and the disassembler against the assembler. */
import { expect, test } from 'vitest';
import { hexBytes, parseHexBytes } from '../../../src/base/bits.ts';
import { assembleS370 } from '../../../src/assembler/s370/assemble.ts';
import { disassembleS370 } from '../../../src/assembler/s370/disassemble.ts';
import { S370_INSTRUCTIONS } from '../../../src/machines/s370/instructions/table.ts';
import { conformanceLines } from './lines.ts';
import recorded from './vectors.json' with { type: 'json' };

const vectors = recorded.vectors as [line: string, bytes: string][];

/** The bytes of each line, on boundaries of 8. */
function assembleEach(lines: readonly string[]): string[] {
  const source = lines.map((line) => `         DS    0D\n         ${line}\n`).join('');
  const { sourceMap, bytes, diagnostics } = assembleS370(`T CSECT\n${source} END`);
  expect(diagnostics).toEqual([]);
  return sourceMap.map(({ address, length }) => hexBytes(bytes.subarray(address, address + length)));
}

test('instructions have the bytes that GNU as gives them', () => {
  const lines = vectors.map(([line]) => line);
  const made = assembleEach(lines);
  expect(lines.map((line, i) => [line, made[i]])).toEqual(vectors);
});

test('the vectors cover every instruction that GNU as knows', () => {
  const covered = new Set([...vectors.map(([line]) => line.split(' ')[0]), ...recorded.unknown]);
  expect(S370_INSTRUCTIONS.map((row) => row.mnemonic).filter((name) => !covered.has(name))).toEqual([]);
});

test('what the disassembler writes assembles to the same bytes', () => {
  const bytes = assembleEach(conformanceLines().map(({ ours }) => ours));
  const texts = bytes.map((code) => disassembleS370(parseHexBytes(code)!).text);
  expect(assembleEach(texts)).toEqual(bytes);
});
