/** What the operand templates of the instruction table mean: which operands, and which bits of the instruction. */
import { instructionLength, type Row } from '../../machines/s370/instructions/row.ts';

/** A field of an instruction as the manual names it (GA22-7000, "Instruction Formats"). */
export type FieldName = string;

export type OperandSpec =
  | { readonly kind: 'register' | 'mask' | 'immediate'; readonly field: FieldName }
  | {
      readonly kind: 'storage';
      readonly displacement: FieldName;
      /** Index (X2), length (L, L1, L2) or register (R1) before the base, if the format has one. */
      readonly modifier: FieldName | null;
      readonly base: FieldName;
    };

const cache = new Map<string, readonly OperandSpec[]>();

const PART = /([RMI]\d?)(?=,|$)|(D\d)\((?:([XLR]\d?),)?(B\d)\)/g;
const KINDS = { R: 'register', M: 'mask', I: 'immediate' } as const;

/** The operands of a template such as 'R1,D2(X2,B2)'. */
export function operandSpecs(template: string): readonly OperandSpec[] {
  let specs = cache.get(template);
  if (specs) return specs;
  specs = [...template.matchAll(PART)].map(([, plain, displacement, modifier, base]) =>
    plain !== undefined
      ? { kind: KINDS[plain[0] as 'R' | 'M' | 'I'], field: plain }
      : { kind: 'storage', displacement: displacement!, modifier: modifier ?? null, base: base! },
  );
  cache.set(template, specs);
  return specs;
}

export const rowLength = (row: Row): 2 | 4 | 6 =>
  instructionLength(row.opcode > 0xff ? row.opcode >> 8 : row.opcode);

/** First bit and width of `field` in instructions of `row`. */
export function fieldBits(row: Row, field: FieldName): readonly [at: number, width: number] {
  const length = rowLength(row);
  const registerExtended = row.opcode > 0xff && length === 4;
  if (field.startsWith('D')) return [field === 'D2' && length === 6 ? 36 : 20, 12];
  if (field.startsWith('B')) return [field === 'B2' && length === 6 ? 32 : 16, 4];
  if (field === 'I' || field === 'I2' || field === 'L') return [8, 8];
  if (registerExtended && field.startsWith('R')) return [field === 'R1' ? 24 : 28, 4];
  return [field === 'R1' || field === 'M1' || field === 'L1' ? 8 : 12, 4];
}

/** The bytes of an instruction, given the values of its fields; fields left out are zero. */
export function encodeInstruction(row: Row, values: ReadonlyMap<FieldName, number>): Uint8Array<ArrayBuffer> {
  const length = rowLength(row);
  let word = BigInt(row.opcode) << BigInt(8 * length - (row.opcode > 0xff ? 16 : 8));
  for (const [field, value] of values) {
    const [at, width] = fieldBits(row, field);
    word |= BigInt(value) << BigInt(8 * length - at - width);
  }
  const bytes = new Uint8Array(length);
  for (let i = length - 1; i >= 0; i--, word >>= 8n) bytes[i] = Number(word & 0xffn);
  return bytes;
}

/** The value of `field` in the instruction at the start of `bytes`. */
export function decodeField(bytes: Uint8Array, row: Row, field: FieldName): number {
  const [at, width] = fieldBits(row, field);
  let value = 0;
  for (let bit = at; bit < at + width; bit++)
    value = (value << 1) | ((bytes[bit >> 3]! >> (7 - (bit & 7))) & 1);
  return value;
}
