/** Fixed-point and logical instructions on registers and on words, halfwords and bytes of storage. */
import { family, rr, rs, rx, si, type Case, type Draft, type Family } from './draft.ts';
import { hex } from '../vector.ts';

/** A second operand: now and then equal to the first, its negative, its complement, or next to one of them. */
const other = (d: Draft, first: number): number =>
  d.chance.oneIn(3) ? d.chance.pick([first, -first, ~first, first - 1, 1 - first]) : d.chance.word();

/** Two operands in registers, now and then one register for both. */
const registers =
  (op: number) =>
  (d: Draft): Case => {
    const r1 = d.set(d.chance.below(16), d.chance.word());
    const r2 = d.chance.oneIn(8) ? r1 : d.chance.below(16);
    if (r2 !== r1) d.set(r2, other(d, d.value(r1)));
    return d.finish(rr(op, r1, r2));
  };

/** An operand in storage, sometimes indexed. `r1` must have been claimed. */
export function storageOperand(d: Draft, op: number, r1: number, at: number): string {
  if (!d.chance.oneIn(3)) return rx(op, r1, 0, d.base(at));
  const x = d.set(d.free(), d.chance.pick([0, 1, 4, 0x100, -1, -16, d.chance.bits()]));
  const { b, d: displacement } = d.base((at - d.value(x)) & 0xffffff);
  // An address below 4096 may come without base: then the index stands for it.
  return d.chance.oneIn(2) || b === 0
    ? rx(op, r1, x, { b, d: displacement })
    : rx(op, r1, b, { b: x, d: displacement });
}

const fromStorage =
  (op: number, length: number) =>
  (d: Draft): Case => {
    const r1 = d.set(d.chance.below(16), d.chance.word());
    const at = d.spot(length);
    const value =
      length === 2 && !d.chance.oneIn(4)
        ? d.chance.pick([0, 1, 0xffff, 0x8000, 0x7fff, d.chance.bits() & 0xffff])
        : d.chance.oneIn(6)
          ? d.value(r1)
          : d.chance.word();
    d.put(at, hex(value, 8).slice(8 - 2 * length));
    d.results.gr.push(r1);
    return d.finish(storageOperand(d, op, r1, at));
  };

const toStorage =
  (op: number, length: number) =>
  (d: Draft): Case => {
    const r1 = d.set(d.chance.below(16), d.chance.word());
    const at = d.spot(length);
    d.results.storage.push([at, length]);
    return d.finish(storageOperand(d, op, r1, at));
  };

/** Even R1 of a pair, rarely odd: a specification exception. */
function pair(d: Draft, high: number, low: number): number {
  const r1 = d.chance.oneIn(12) ? d.chance.below(8) * 2 + 1 : d.chance.below(8) * 2;
  d.set(r1, high);
  d.set(r1 ^ 1, low);
  d.results.gr.push(r1 & -2, r1 | 1);
  return r1;
}

/** A dividend whose quotient mostly fits, just fits or just fails. */
function dividend(d: Draft, divisor: number): [number, number] {
  if (d.chance.oneIn(5)) return [d.chance.word(), d.chance.word()];
  const quotient = d.chance.pick([
    BigInt(d.chance.word()),
    BigInt(d.chance.bits()),
    2n ** 31n,
    -(2n ** 31n),
    -(2n ** 31n) - 1n,
    2n ** 31n - 1n,
  ]);
  const size = BigInt(Math.abs(divisor));
  const rest = size > 0n ? BigInt(d.chance.bits() >>> 0) % size : 0n;
  const product = quotient * BigInt(divisor);
  const value = BigInt.asUintN(64, product + (product < 0n ? -rest : rest));
  return [Number(BigInt.asIntN(32, value >> 32n)), Number(BigInt.asIntN(32, value))];
}

const multiplyRegister = (d: Draft): Case => {
  const r1 = pair(d, d.chance.word(), d.chance.word());
  const r2 = d.chance.oneIn(6) ? r1 ^ d.chance.below(2) : d.set(d.free(), d.chance.word());
  return d.finish(rr(0x1c, r1, r2));
};

const divideRegister = (d: Draft): Case => {
  const divisor = d.chance.word();
  const r1 = pair(d, ...dividend(d, divisor));
  const r2 = d.chance.oneIn(10) ? r1 ^ d.chance.below(2) : d.set(d.free(), divisor);
  return d.finish(rr(0x1d, r1, r2));
};

const multiply = (d: Draft): Case => {
  const r1 = pair(d, d.chance.word(), d.chance.word());
  const at = d.spot(4);
  d.putWord(at, d.chance.word());
  return d.finish(storageOperand(d, 0x5c, r1, at));
};

const divide = (d: Draft): Case => {
  const divisor = d.chance.word();
  const r1 = pair(d, ...dividend(d, divisor));
  const at = d.spot(4);
  d.putWord(at, divisor);
  return d.finish(storageOperand(d, 0x5d, r1, at));
};

const loadAddress = (d: Draft): Case => {
  const r1 = d.chance.below(16);
  d.results.gr.push(r1);
  const x = d.chance.oneIn(3) ? 0 : d.set(d.chance.below(16), d.chance.word());
  const b = d.chance.oneIn(3) ? 0 : d.set(d.chance.below(16), d.chance.word());
  return d.finish(rx(0x41, r1, x, { b, d: d.chance.below(4096) }));
};

const convertToBinary = (d: Draft): Case => {
  const r1 = d.set(d.chance.below(16), d.chance.word());
  d.results.gr.push(r1);
  const at = d.spot(8);
  const magnitude = d.chance.pick([
    '2147483647',
    '2147483648',
    '2147483649',
    '4294967295',
    '4294967296',
    '999999999999999',
    '0',
    String(Math.abs(d.chance.word())),
    String(d.chance.bits() >>> 0),
  ]);
  const sign = d.chance.pick(['a', 'b', 'c', 'c', 'd', 'd', 'e', 'f', 'f', d.chance.oneIn(2) ? '5' : 'c']);
  let digits = magnitude.padStart(15, '0');
  if (d.chance.oneIn(12)) {
    const i = d.chance.below(15);
    digits = digits.slice(0, i) + d.chance.pick(['a', 'f']) + digits.slice(i + 1);
  }
  d.put(at, digits + sign);
  return d.finish(storageOperand(d, 0x4f, r1, at));
};

/** BXH, BXLE and compare-and-swap need their own registers; see the other files. */
const multiple =
  (op: number, stores: boolean) =>
  (d: Draft): Case => {
    const r1 = d.chance.below(16);
    const r3 = d.chance.oneIn(4) ? r1 : d.chance.below(16);
    const count = ((r3 - r1) & 15) + 1;
    const at = d.spot(4 * count);
    const base = d.base(at);
    if (stores) d.results.storage.push([at, 4 * count]);
    else for (let i = 0; i < count; i++) d.results.gr.push((r1 + i) & 15);
    return d.finish(rs(op, r1, r3, base));
  };

const underMask =
  (op: number, results: 'gr' | 'storage' | 'none') =>
  (d: Draft): Case => {
    const r1 = d.set(d.chance.below(16), d.chance.word());
    const mask = d.chance.below(16);
    const count = [1, 2, 4, 8].filter((bit) => (mask & bit) !== 0).length;
    const at = d.spot(4);
    if (results === 'gr') d.results.gr.push(r1);
    if (results === 'storage') d.results.storage.push([at, count]);
    if (results !== 'storage') {
      const selected = [8, 4, 2, 1]
        .map((bit, i) => ((mask & bit) !== 0 ? hex(d.value(r1), 8).slice(2 * i, 2 * i + 2) : ''))
        .join('');
      // Equal, higher or lower only in the last byte, zero, or anything.
      const any = d.chance.bytes(4);
      d.put(
        at,
        d.chance
          .pick([selected, '00000000', selected.slice(0, -2) + any, any, any])
          .padEnd(8, '0')
          .slice(0, 8),
      );
    }
    return d.finish(rs(op, r1, mask, d.base(at)));
  };

const immediate =
  (op: number, stores: boolean) =>
  (d: Draft): Case => {
    const at = d.spot(1);
    const byte = d.chance.bytes(1);
    const value = d.chance.oneIn(4) ? parseInt(byte, 16) : parseInt(d.chance.bytes(1), 16);
    d.put(at, byte);
    if (stores) d.results.storage.push([at, 1]);
    return d.finish(si(op, value, d.base(at)));
  };

const shift =
  (op: number, double: boolean) =>
  (d: Draft): Case => {
    const r1 = double
      ? pair(d, d.chance.word(), d.chance.word())
      : d.set(d.chance.below(16), d.chance.word());
    const amount = d.chance.oneIn(2)
      ? d.chance.pick([0, 1, 30, 31, 32, 33, 62, 63, 64, 65])
      : d.chance.below(64);
    // Only the low six bits of the second-operand address count.
    const second = d.chance.oneIn(2)
      ? { b: 0, d: amount }
      : d.base((d.chance.bits() & 0xffffc0) | (amount & 63));
    return d.finish(rs(op, r1, d.chance.oneIn(3) ? d.chance.below(16) : 0, second));
  };

export const FIXED: readonly Family[] = [
  ...(
    [
      [0x10, 'LPR'],
      [0x11, 'LNR'],
      [0x12, 'LTR'],
      [0x13, 'LCR'],
      [0x14, 'NR'],
      [0x15, 'CLR'],
      [0x16, 'OR'],
      [0x17, 'XR'],
      [0x18, 'LR'],
      [0x19, 'CR'],
      [0x1a, 'AR'],
      [0x1b, 'SR'],
      [0x1e, 'ALR'],
      [0x1f, 'SLR'],
    ] as const
  ).map(([op, mnemonic]) =>
    family(mnemonic, mnemonic === 'AR' || mnemonic === 'SR' ? 80 : 60, registers(op)),
  ),
  family('MR', 80, multiplyRegister),
  family('DR', 100, divideRegister),
  ...(
    [
      [0x43, 'IC', 1],
      [0x48, 'LH', 2],
      [0x49, 'CH', 2],
      [0x4a, 'AH', 2],
      [0x4b, 'SH', 2],
      [0x4c, 'MH', 2],
      [0x54, 'N', 4],
      [0x55, 'CL', 4],
      [0x56, 'O', 4],
      [0x57, 'X', 4],
      [0x58, 'L', 4],
      [0x59, 'C', 4],
      [0x5a, 'A', 4],
      [0x5b, 'S', 4],
      [0x5e, 'AL', 4],
      [0x5f, 'SL', 4],
    ] as const
  ).map(([op, mnemonic, length]) => family(mnemonic, 60, fromStorage(op, length))),
  family('ST', 40, toStorage(0x50, 4)),
  family('STH', 40, toStorage(0x40, 2)),
  family('STC', 40, toStorage(0x42, 1)),
  family('M', 70, multiply),
  family('D', 80, divide),
  family('LA', 60, loadAddress),
  family('CVB', 90, convertToBinary),
  family('CVD', 60, toStorage(0x4e, 8)),
  family('LM', 50, multiple(0x98, false)),
  family('STM', 50, multiple(0x90, true)),
  family('ICM', 80, underMask(0xbf, 'gr')),
  family('STCM', 60, underMask(0xbe, 'storage')),
  family('CLM', 80, underMask(0xbd, 'none')),
  family('TM', 60, immediate(0x91, false)),
  family('MVI', 40, immediate(0x92, true)),
  family('TS', 40, immediate(0x93, true)),
  family('NI', 40, immediate(0x94, true)),
  family('CLI', 50, immediate(0x95, false)),
  family('OI', 40, immediate(0x96, true)),
  family('XI', 40, immediate(0x97, true)),
  family('SRL', 50, shift(0x88, false)),
  family('SLL', 50, shift(0x89, false)),
  family('SRA', 70, shift(0x8a, false)),
  family('SLA', 90, shift(0x8b, false)),
  family('SRDL', 60, shift(0x8c, true)),
  family('SLDL', 60, shift(0x8d, true)),
  family('SRDA', 70, shift(0x8e, true)),
  family('SLDA', 90, shift(0x8f, true)),
];
