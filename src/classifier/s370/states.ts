/** Generated states for each row of the System/370 table: an encoding, registers and storage that it can work on. */
import type { Random } from '../../base/random.ts';
import type { Row } from '../../machines/s370/instructions/row.ts';

/** Logical addresses of the program: code, and data in two places. */
export const CODE = 0x2000;
export const DATA = 0x2800;
export const OTHER = 0x3000;
export const PROGRAM_BYTES = 0x2000;

/** Displacements from DATA: decimal operands that end there, a PSW, an instruction for EX, words for control registers. */
const DECIMAL_AT = 4;
export const PSW_AT = 0x100;
export const TARGET_AT = 0x140;
const WORDS_AT = 0x180;

export interface State {
  readonly bytes: readonly number[];
  readonly gr: readonly number[];
  readonly fpr: readonly number[];
  /** System mask in EC mode, DAT and PER left out. */
  readonly systemMask: number;
  readonly conditionCode: number;
  readonly words: readonly number[];
}

const pick = <T>(random: Random, from: readonly T[]): T => from[random.below(from.length)]!;

/** Registers 9 and 10 hold addresses; 2 and 4 begin pairs of address and length; the others hold anything. */
function registers(random: Random): number[] {
  const gr = Array.from({ length: 16 }, () => pick(random, [random.below(32), random.word()]) | 0);
  gr[2] = OTHER;
  gr[3] = random.below(64);
  gr[4] = OTHER + 0x200;
  gr[5] = random.below(64);
  gr[9] = DATA;
  gr[10] = OTHER + 0x400;
  return gr;
}

const storage = (base: number, displacement: number): number[] => [
  (base << 4) | (displacement >> 8),
  displacement & 255,
];

/** One encoding by the form of its operands. GA22-7000, "Instruction Formats". */
function encode(row: Row, random: Random): number[] {
  const code = row.opcode > 0xff ? [row.opcode >> 8, row.opcode & 255] : [row.opcode];
  const displacement = pick(random, [DECIMAL_AT, 8, PSW_AT, TARGET_AT, WORDS_AT]);
  const first = storage(9, displacement);
  const r1 = pick(random, [2, 4, 6, 0]);
  const r2 = pick(random, [2, 4, 9, 6]);
  switch (row.operands) {
    case '':
      return [...code, ...(code.length === 1 ? [0] : [0, 0])];
    case 'R1,R2':
    case 'M1,R2':
    case 'R1':
      return [...code, (r1 << 4) | r2];
    case 'I':
      return [...code, random.below(256)];
    case 'R1,D2(X2,B2)':
    case 'M1,D2(X2,B2)':
      return [...code, r1 << 4, ...first];
    case 'R1,R3,D2(B2)':
    case 'R1,M3,D2(B2)':
      return [...code, (r1 << 4) | pick(random, [2, 4, 6, 8]), ...first];
    case 'R1,D2(B2)':
      return [...code, r1 << 4, ...storage(0, random.below(32))];
    case 'D1(B1),I2':
      return [...code, random.below(256), ...first];
    case 'D2(B2)':
    case 'D1(B1)':
      return [...code, ...(code.length === 1 ? [0] : []), ...first];
    case 'D1(L,B1),D2(B2)':
      return [...code, random.below(8), ...storage(9, DECIMAL_AT), ...storage(10, DECIMAL_AT)];
    case 'D1(L1,B1),D2(L2,B2)':
      return [...code, 0x31, ...storage(9, DECIMAL_AT), ...storage(10, DECIMAL_AT + 2)];
    case 'D1(L1,B1),D2(B2),I3':
      return [...code, 0x35, ...storage(9, DECIMAL_AT), ...storage(0, random.below(3))];
  }
}

/** Packed decimal numbers of eight bytes. */
const decimals = (random: Random): number[] =>
  Array.from({ length: 16 }, () => [
    0,
    (random.below(10) << 12) | (random.below(10) << 8) | (random.below(10) << 4) | pick(random, [0xc, 0xd]),
  ]).flat();

export function stateFor(row: Row, random: Random): State {
  return {
    bytes: encode(row, random),
    gr: registers(random),
    fpr: Array.from({ length: 8 }, (_, i) =>
      i % 2 === 0 ? (0x41 << 24) | (random.word() >>> 9) : random.word(),
    ),
    systemMask: random.below(4),
    conditionCode: random.below(4),
    words: decimals(random),
  };
}
