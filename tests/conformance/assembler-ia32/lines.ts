/**
 * Instruction lines for both modes, made from the table: random encodings of every row, in the words of the
 * disassembler. An independent assembler then says what bytes each line should become.
 */
import { seededRandom, type Random } from '../../../src/base/random.ts';
import { disassembleIa32 } from '../../../src/assembler/ia32/disassemble.ts';
import type { Row } from '../../../src/machines/pc/instructions/row.ts';
import { IA32_INSTRUCTIONS } from '../../../src/machines/pc/instructions/table.ts';

export interface Line {
  readonly bits: 16 | 32;
  readonly text: string;
}

const SEED = 386;
const PER_ROW = 12;
/**
 * ST with itself, which has two encodings that do the same; and conditional jumps of the other operand size, whose
 * distance NASM 2.16 writes in the mode's size.
 */
const LEFT_OUT = /st0, st0$|^o\d\d j/;
/** Where each line stands: targets of jumps are reckoned from it. */
export const ADDRESS = 0x8000;

/** Random bytes that begin with the opcode of `row`, now and then behind a prefix. */
function encoding(row: Row, random: Random): Uint8Array {
  const bytes: number[] = [];
  for (const prefix of [0x66, 0x67, 0x2e, 0x65]) if (random.below(8) === 0) bytes.push(prefix);
  const opcode = [...row.opcode.matchAll(/(?<![/\w])([0-9A-F]{2})/g)].map(([, byte]) => parseInt(byte!, 16));
  const add = row.opcode.includes('+cc') ? random.below(16) : /\+[ri]/.test(row.opcode) ? random.below(8) : 0;
  opcode[opcode.length - 1]! += add;
  bytes.push(...opcode);
  const digit = /\/([0-7])/.exec(row.opcode)?.[1];
  const modrm = random.below(256);
  bytes.push(digit === undefined ? modrm : (modrm & 0xc7) | (Number(digit) << 3));
  // Displacements and immediates: small ones and large ones.
  while (bytes.length < 16) bytes.push(random.below(3) === 0 ? 0 : random.below(256));
  return new Uint8Array(bytes);
}

/** The lines, each once, in the order of the table. */
export function conformanceLines(): Line[] {
  const random = seededRandom(SEED);
  const seen = new Set<string>();
  const lines: Line[] = [];
  for (const row of IA32_INSTRUCTIONS.filter(({ alias }) => alias !== true))
    for (let n = 0; n < PER_ROW; n++) {
      const bits = n % 2 === 0 ? 32 : 16;
      const found = disassembleIa32(encoding(row, random), 0, { address: ADDRESS, bits });
      const key = `${bits} ${found.text}`;
      if (found.row !== row || seen.has(key) || LEFT_OUT.test(found.text)) continue;
      seen.add(key);
      lines.push({ bits, text: found.text });
    }
  return lines;
}
