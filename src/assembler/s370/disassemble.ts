/** The disassembler: one instruction at a time, written as the assembler reads it. */
import { hex, hexBytes } from '../../base/bits.ts';
import { EXTENDED_CODES, instructionLength, type Row } from '../../machines/s370/instructions/row.ts';
import { S370_INSTRUCTIONS } from '../../machines/s370/instructions/table.ts';
import { extendedMnemonic } from './extended-mnemonics.ts';
import { decodeField, operandSpecs, type OperandSpec } from './operand-specs.ts';

export interface Disassembled {
  /** Mnemonic and operands, or `DC X'..'` for bytes that are no instruction. */
  readonly text: string;
  /** Bytes taken. */
  readonly length: number;
  readonly mnemonic: string;
  /** Operands alone. */
  readonly operands: string;
  /** Null for bytes that are no instruction. */
  readonly row: Row | null;
}

const indexes = new WeakMap<readonly Row[], ReadonlyMap<number, Row>>();

function indexOf(rows: readonly Row[]): ReadonlyMap<number, Row> {
  let index = indexes.get(rows);
  if (!index) indexes.set(rows, (index = new Map(rows.map((row) => [row.opcode, row]))));
  return index;
}

/** The instruction that `bytes` begin at `offset`. Never fails: what is no instruction is shown as data. */
export function disassembleS370(
  bytes: Uint8Array,
  offset = 0,
  rows: readonly Row[] = S370_INSTRUCTIONS,
): Disassembled {
  const first = bytes[offset];
  if (first === undefined) return { text: '', length: 0, mnemonic: '', operands: '', row: null };
  const length = instructionLength(first);
  const code = bytes.subarray(offset, offset + length);
  const index = indexOf(rows);
  const extended = EXTENDED_CODES.has(first) ? index.get((first << 8) | (code[1] ?? 0)) : undefined;
  const row = extended ?? index.get(first);
  if (!row || code.length < length) return asData(code.length < length ? code : code.subarray(0, 2));
  const { mnemonic, operands } = write(row, code);
  return {
    text: operands === '' ? mnemonic : `${mnemonic.padEnd(5)} ${operands}`,
    length,
    mnemonic,
    operands,
    row,
  };
}

function asData(bytes: Uint8Array): Disassembled {
  const operands = `X'${hexBytes(bytes)}'`;
  return { text: `DC    ${operands}`, length: bytes.length, mnemonic: 'DC', operands, row: null };
}

function write(row: Row, code: Uint8Array): { mnemonic: string; operands: string } {
  let specs = operandSpecs(row.operands);
  let mnemonic = row.mnemonic;
  if (mnemonic === 'BC' || mnemonic === 'BCR') {
    const extended = extendedMnemonic(mnemonic, decodeField(code, row, 'M1'));
    if (extended) [mnemonic, specs] = [extended, specs.slice(1)];
  }
  return { mnemonic, operands: specs.map((spec) => writeOperand(spec, row, code)).join(',') };
}

function writeOperand(spec: OperandSpec, row: Row, code: Uint8Array): string {
  if (spec.kind !== 'storage') {
    const value = decodeField(code, row, spec.field);
    return spec.field === 'I2' ? `X'${hex(value, 2)}'` : String(value);
  }
  const displacement = decodeField(code, row, spec.displacement);
  const base = decodeField(code, row, spec.base);
  if (spec.modifier === null) return base === 0 ? `${displacement}` : `${displacement}(${base})`;
  const coded = decodeField(code, row, spec.modifier);
  // The machine counts from 0 what the assembler counts from 1.
  if (spec.modifier.startsWith('L')) return `${displacement}(${coded + 1},${base})`;
  if (spec.modifier.startsWith('R')) return `${displacement}(${coded},${base})`;
  if (coded === 0 && base === 0) return `${displacement}`;
  return `${displacement}(${coded},${base})`;
}
