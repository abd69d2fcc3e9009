/** Makes the cases of MMX for the recorder: each row with registers and with memory at [EBX]. */
import { IA32_INSTRUCTIONS } from '../../../src/machines/pc/instructions/table.ts';
import type { Row } from '../../../src/machines/pc/instructions/row.ts';
import { generator } from './state.ts';

const CASES_A_ROW = 60;

const byte = (value: number): string => (value & 0xff).toString(16).padStart(2, '0');
const words = (next: () => number, count: number): string =>
  Array.from({ length: 4 * count }, () => byte(next())).join('');

/** A source in memory; of shifts mostly a count that does not shift everything out. */
function operandInMemory(row: Row, next: () => number): string {
  if (/^PS[LR][LA]/.test(row.mnemonic) && next() % 4 !== 0) return `${byte(next() % 70)}00000000000000`;
  return words(next, 2);
}

/** Code and the bytes of the operand at [EBX], separated by a colon. */
function encode(row: Row, next: () => number): string {
  const [, opcode, digit] = /^0F (..)(?: \/(\d))?$/.exec(row.opcode)!;
  const start = `0f${opcode!.toLowerCase()}`;
  if (row.operands.length === 0) return `${start}:`;
  const reg = digit === undefined ? next() & 7 : Number(digit);
  const count = row.operands.includes('Ib') ? byte(next() % 4 === 0 ? next() : next() % 70) : '';
  const inMemory = row.operands[0] !== 'Nq' && (next() & 1) !== 0;
  if (inMemory) return `${start}${byte((reg << 3) | 3)}:${operandInMemory(row, next)}`;
  // ESP must stay where the recorder finds its stack.
  const general = row.operands.includes('Ed');
  const rm = next() & 7;
  return `${start}${byte(0xc0 | (reg << 3) | (general && rm === 4 ? 0 : rm))}${count}:`;
}

export const isRecordedMmx = (row: Row): boolean => row.mmx === true;

export function main(): number {
  let seed = 1;
  let text = '';
  for (const row of IA32_INSTRUCTIONS.filter(isRecordedMmx))
    for (let k = 0; k < CASES_A_ROW; k++, seed++)
      text += `${seed} ${encode(row, generator(seed + 0x40000))}\n`;
  process.stdout.write(text);
  return 0;
}
