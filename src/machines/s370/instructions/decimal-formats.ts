/**
 * Between zoned, packed and binary: PACK, UNPK, MVO, MVN, MVZ, CVB, CVD. GA22-7000, "General Instructions".
 *
 * Where operands overlap, each result byte is stored before the next operand byte is fetched; programs rely on it.
 * Both operands are checked whole before the first store.
 */
import type { Cpu } from '../cpu.ts';
import { DATA, FIXED_POINT_DIVIDE } from '../assigned-storage.ts';
import { decimal, packDecimal, unpackDecimal } from './packed-decimal.ts';
import type { Execute } from './row.ts';

const MASK24 = 0xffffff;
const ZONE = 0xf0;

/** The operands of an SS instruction, as the addresses of their leftmost bytes and their lengths. */
interface Fields {
  readonly to: number;
  readonly toLength: number;
  readonly from: number;
  readonly fromLength: number;
}

function checked(cpu: Cpu, fields: Fields): Fields {
  cpu.checkFetch(fields.from, fields.fromLength);
  cpu.checkStore(fields.to, fields.toLength);
  cpu.spend((fields.toLength + fields.fromLength) * cpu.costs.byte);
  return fields;
}

const twoLengths = (cpu: Cpu, word: number): Fields =>
  checked(cpu, {
    to: cpu.based(word & 0xffff),
    toLength: ((word >>> 20) & 15) + 1,
    from: cpu.based(cpu.thirdHalfword()),
    fromLength: ((word >>> 16) & 15) + 1,
  });

const oneLength = (cpu: Cpu, word: number): Fields => {
  const length = ((word >>> 16) & 0xff) + 1;
  return checked(cpu, {
    to: cpu.based(word & 0xffff),
    toLength: length,
    from: cpu.based(cpu.thirdHalfword()),
    fromLength: length,
  });
};

/** Hands out a field's bytes from right to left, then zeros. Each call fetches anew. */
function fromRight(cpu: Cpu, at: number, length: number): () => number {
  let i = length;
  return () => (i > 0 ? cpu.fetch1((at + --i) & MASK24) : 0);
}

const swapDigits = (byte: number): number => ((byte << 4) | (byte >>> 4)) & 0xff;

/** PACK D1(L1,B1),D2(L2,B2) [SS] Pack. CC unchanged; codes are not checked. Program interruptions: access. */
export const pack: Execute = (cpu, w) => {
  const { to, toLength, from, fromLength } = twoLengths(cpu, w);
  const next = fromRight(cpu, from, fromLength);
  cpu.store1((to + toLength - 1) & MASK24, swapDigits(next()));
  for (let i = toLength - 2; i >= 0; i--) {
    const right = next() & 15;
    cpu.store1((to + i) & MASK24, ((next() & 15) << 4) | right);
  }
};

/**
 * UNPK D1(L1,B1),D2(L2,B2) [SS] Unpack. CC unchanged; codes are not checked. Program interruptions: access.
 * Beyond the rightmost, each operand byte is fetched once and gives two result bytes.
 */
export const unpack: Execute = (cpu, w) => {
  const { to, toLength, from, fromLength } = twoLengths(cpu, w);
  const next = fromRight(cpu, from, fromLength);
  cpu.store1((to + toLength - 1) & MASK24, swapDigits(next()));
  for (let i = toLength - 2; i >= 0; i -= 2) {
    const byte = next();
    cpu.store1((to + i) & MASK24, ZONE | (byte & 15));
    if (i > 0) cpu.store1((to + i - 1) & MASK24, ZONE | (byte >>> 4));
  }
};

/**
 * MVO D1(L1,B1),D2(L2,B2) [SS] Move with Offset. CC unchanged. The second operand lands left of the first operand's
 * rightmost four bits, which stay. Program interruptions: access.
 */
export const moveWithOffset: Execute = (cpu, w) => {
  const { to, toLength, from, fromLength } = twoLengths(cpu, w);
  const next = fromRight(cpu, from, fromLength);
  const last = (to + toLength - 1) & MASK24;
  let low = cpu.fetch1(last) & 15;
  for (let i = toLength - 1; i >= 0; i--) {
    const byte = next();
    cpu.store1((to + i) & MASK24, ((byte & 15) << 4) | low);
    low = byte >>> 4;
  }
};

/** Replaces the bits of `mask` in each byte of the first operand, left to right. */
const moveMasked =
  (mask: number): Execute =>
  (cpu, w) => {
    const { to, toLength, from } = oneLength(cpu, w);
    for (let i = 0; i < toLength; i++) {
      const at = (to + i) & MASK24;
      const byte = cpu.fetch1((from + i) & MASK24);
      cpu.store1(at, (byte & mask) | (cpu.fetch1(at) & ~mask));
    }
  };
/** MVN D1(L,B1),D2(B2) [SS] Move Numerics. CC unchanged. Program interruptions: access. */
export const moveNumerics: Execute = moveMasked(0x0f);
/** MVZ D1(L,B1),D2(B2) [SS] Move Zones. CC unchanged. Program interruptions: access. */
export const moveZones: Execute = moveMasked(0xf0);

const field = new Uint8Array(8);
const number = decimal();

/**
 * CVB R1,D2(X2,B2) [RX] Convert to Binary. CC unchanged.
 * Program interruptions: access; data; fixed-point divide where 32 bits are too few: then the low-order 32 bits of
 * the result are in the register, as the operation is completed.
 */
export const convertToBinary: Execute = (cpu, w) => {
  cpu.load(cpu.indexed(w), 8, field);
  if (!unpackDecimal(field, 8, number)) cpu.program(DATA);
  // 15 digits: exact in a double.
  let value = 0;
  for (let i = 14; i >= 0; i--) value = value * 10 + number.digits[i]!;
  if (number.negative) value = -value;
  const low = value | 0;
  cpu.gr[(w >>> 20) & 15] = low;
  if (low !== value) cpu.program(FIXED_POINT_DIVIDE);
};

/** CVD R1,D2(X2,B2) [RX] Convert to Decimal. CC unchanged. Program interruptions: access. */
export const convertToDecimal: Execute = (cpu, w) => {
  const value = cpu.gr[(w >>> 20) & 15]!;
  number.negative = value < 0;
  number.count = 15;
  let rest = Math.abs(value);
  for (let i = 0; i < 15; i++) {
    number.digits[i] = rest % 10;
    rest = Math.floor(rest / 10);
  }
  packDecimal(number, 8, field);
  cpu.store(cpu.indexed(w), 8, field);
};
