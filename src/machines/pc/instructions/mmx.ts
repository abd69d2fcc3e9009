/** MMX: arithmetic on eight bytes, four words or two doublewords at a time. SDM vol. 1, chapter 9; vol. 2. */
import type { Cpu } from '../cpu.ts';
import { UD } from '../exceptions.ts';
import { CR0_EM } from '../registers.ts';
import { loadPair, storePair } from '../x87/access.ts';
import { enterMmx, leaveMmx, loose, setMmx, type Lanes } from '../x87/mmx.ts';
import { getE32, offsetOf, setE32 } from './operands.ts';
import { row, type Decoded, type Execute, type Row } from './row.ts';
import { control } from './x87-frame.ts';
import type { CostClass } from '../models/classes.ts';

/** EM means here that there are no such registers; then #NM by TS and #MF, as for the x87 unit. Table 12-1. */
const usable = (execute: Execute): Execute => {
  const whenReady = control(execute);
  return (cpu, i) => {
    if ((cpu.cr0 & CR0_EM) !== 0) cpu.fault(UD);
    whenReady(cpu, i);
  };
};

// ---------------------------------------------------------------- operands and result

const source = loose();
const result = loose();

/** The second operand, from a register or `size` bytes of memory. */
function loadSource(cpu: Cpu, i: Decoded, size: 4 | 8): void {
  const { doublewords } = source;
  if (i.register) doublewords.set(cpu.x87.mmx[i.rm]!.doublewords);
  else if (size === 8) loadPair(cpu, i.segment, offsetOf(cpu, i), i.addressMask, doublewords);
  else doublewords[0] = cpu.load32(i.segment, offsetOf(cpu, i));
}

/** Combines the destination `a` with the source `b` into `result`. */
type Combine = (a: Lanes, b: Lanes) => void;

/** Pq ← combination of Pq and Q. */
const combining = (combine: Combine, size: 4 | 8 = 8): Execute =>
  usable((cpu, i) => {
    const { x87 } = cpu;
    loadSource(cpu, i, size);
    combine(x87.mmx[i.reg]!, source);
    enterMmx(x87);
    setMmx(x87, i.reg, result.doublewords[0]!, result.doublewords[1]!);
  });

type Lane = keyof Lanes;

/** The same operation on each pair of lanes. */
const each =
  (lane: Lane, operate: (a: number, b: number) => number): Combine =>
  (a, b) => {
    const [left, right, to] = [a[lane], b[lane], result[lane]];
    for (let k = 0; k < to.length; k++) to[k] = operate(left[k]!, right[k]!);
  };

// ---------------------------------------------------------------- operations

const add = (a: number, b: number): number => a + b;
const subtract = (a: number, b: number): number => a - b;
const between =
  (low: number, high: number) =>
  (value: number): number =>
    value < low ? low : value > high ? high : value;
const toInt8 = between(-0x80, 0x7f);
const toUint8 = between(0, 0xff);
const toInt16 = between(-0x8000, 0x7fff);
const toUint16 = between(0, 0xffff);
type Operation = (a: number, b: number) => number;
const saturating =
  (operate: Operation, limit: (value: number) => number): Operation =>
  (a, b) =>
    limit(operate(a, b));
const equal: Operation = (a, b) => (a === b ? -1 : 0);
const greater: Operation = (a, b) => (a > b ? -1 : 0);

const productLow: Operation = (a, b) => a * b;
const productHigh: Operation = (a, b) => (a * b) >> 16;

/** PMADDWD: sums of two neighbouring products. */
const multiplyAdd: Combine = ({ signedWords: a }, { signedWords: b }) => {
  for (let k = 0; k < 2; k++)
    result.doublewords[k] = (a[2 * k]! * b[2 * k]! + a[2 * k + 1]! * b[2 * k + 1]!) | 0;
};

/** Lanes of both operands by turns, from the lower or the upper half. */
const interleave =
  (lane: 'bytes' | 'words' | 'doublewords', upper: boolean): Combine =>
  (a, b) => {
    const to = result[lane];
    const half = to.length / 2;
    const from = upper ? half : 0;
    for (let k = 0; k < half; k++) {
      to[2 * k] = a[lane][from + k]!;
      to[2 * k + 1] = b[lane][from + k]!;
    }
  };

/** Both operands' lanes cut to half their size, at the nearest value that fits. */
const pack =
  (from: 'signedWords' | 'doublewords', into: Lane, limit: (value: number) => number): Combine =>
  (a, b) => {
    const to = result[into];
    const half = to.length / 2;
    for (let k = 0; k < half; k++) {
      to[k] = limit(a[from][k]!);
      to[half + k] = limit(b[from][k]!);
    }
  };

// ---------------------------------------------------------------- shifts

/** Shifts each lane by one count. */
type Shift = (a: Lanes, count: number) => void;

const shiftEach =
  (lane: 'words' | 'signedWords' | 'doublewords', operate: (value: number, count: number) => number): Shift =>
  (a, count) => {
    const to = result[lane];
    for (let k = 0; k < to.length; k++) to[k] = operate(a[lane][k]!, count);
  };
const left =
  (bits: number) =>
  (value: number, count: number): number =>
    count >= bits ? 0 : value << count;
const right =
  (bits: number) =>
  (value: number, count: number): number =>
    count >= bits ? 0 : value >>> count;
const rightBySign =
  (bits: number) =>
  (value: number, count: number): number =>
    value >> Math.min(count, bits - 1);

/** A shift by 32 or more moves one half into the other; JavaScript's shifts count modulo 32. */
const leftWhole: Shift = ({ doublewords: [low = 0, high = 0] }, count) => {
  const { doublewords: to } = result;
  to[0] = count >= 32 ? 0 : low << count;
  to[1] =
    count >= 64 ? 0 : count >= 32 ? low << (count - 32) : (high << count) | ((low >>> 1) >>> (31 - count));
};
const rightWhole: Shift = ({ doublewords: [low = 0, high = 0] }, count) => {
  const { doublewords: to } = result;
  to[0] =
    count >= 64 ? 0 : count >= 32 ? high >>> (count - 32) : (low >>> count) | ((high << 1) << (31 - count));
  to[1] = count >= 32 ? 0 : high >>> count;
};

/** The count is all 64 bits of the source. */
const shiftingBySource = (shift: Shift): Execute =>
  combining((a, { doublewords: [low = 0, high = 0] }) => {
    shift(a, high !== 0 ? 64 : Math.min(low >>> 0, 64));
  });
const shiftingByImmediate = (shift: Shift): Execute =>
  usable((cpu, i) => {
    const { x87 } = cpu;
    shift(x87.mmx[i.rm]!, Math.min(i.immediate, 64));
    enterMmx(x87);
    setMmx(x87, i.rm, result.doublewords[0]!, result.doublewords[1]!);
  });

// ---------------------------------------------------------------- moves

const moveFromGeneral = usable((cpu, i) => {
  const value = getE32(cpu, i);
  enterMmx(cpu.x87);
  setMmx(cpu.x87, i.reg, value, 0);
});
const moveToGeneral = usable((cpu, i) => {
  setE32(cpu, i, cpu.x87.mmx[i.reg]!.doublewords[0]!);
  enterMmx(cpu.x87);
});
const load = combining((_, b) => result.doublewords.set(b.doublewords));
const store = usable((cpu, i) => {
  const { x87 } = cpu;
  const { doublewords } = x87.mmx[i.reg]!;
  if (!i.register) storePair(cpu, i.segment, offsetOf(cpu, i), i.addressMask, doublewords);
  enterMmx(x87);
  if (i.register) setMmx(x87, i.rm, doublewords[0]!, doublewords[1]!);
});

const ADDED = { since: 'mmx', mmx: true } as const;
const of = (
  opcode: string,
  mnemonic: string,
  title: string,
  execute: Execute,
  operands = 'Pq,Qq',
  cost: CostClass = 'plain',
): Row => row(`0F ${opcode}`, mnemonic, title, operands, cost, execute, ADDED);

/** Both forms of a shift; the second opcode has the count as an immediate. */
const shifts = (
  bySource: string,
  byImmediate: string,
  mnemonic: string,
  title: string,
  shift: Shift,
): readonly Row[] => [
  of(bySource, mnemonic, title, shiftingBySource(shift)),
  of(byImmediate, mnemonic, title, shiftingByImmediate(shift), 'Nq,Ib'),
];

export const MMX: readonly Row[] = [
  of('6E', 'MOVD', 'Move doubleword', moveFromGeneral, 'Pq,Ed'),
  of('7E', 'MOVD', 'Move doubleword', moveToGeneral, 'Ed,Pq'),
  of('6F', 'MOVQ', 'Move quadword', load),
  of('7F', 'MOVQ', 'Move quadword', store, 'Qq,Pq'),
  of('60', 'PUNPCKLBW', 'Unpack low bytes', combining(interleave('bytes', false), 4), 'Pq,Qd'),
  of('61', 'PUNPCKLWD', 'Unpack low words', combining(interleave('words', false), 4), 'Pq,Qd'),
  of('62', 'PUNPCKLDQ', 'Unpack low doublewords', combining(interleave('doublewords', false), 4), 'Pq,Qd'),
  of('68', 'PUNPCKHBW', 'Unpack high bytes', combining(interleave('bytes', true))),
  of('69', 'PUNPCKHWD', 'Unpack high words', combining(interleave('words', true))),
  of('6A', 'PUNPCKHDQ', 'Unpack high doublewords', combining(interleave('doublewords', true))),
  of(
    '63',
    'PACKSSWB',
    'Pack words to bytes, signed saturation',
    combining(pack('signedWords', 'signedBytes', toInt8)),
  ),
  of(
    '67',
    'PACKUSWB',
    'Pack words to bytes, unsigned saturation',
    combining(pack('signedWords', 'bytes', toUint8)),
  ),
  of(
    '6B',
    'PACKSSDW',
    'Pack doublewords to words, signed saturation',
    combining(pack('doublewords', 'signedWords', toInt16)),
  ),
  of('64', 'PCMPGTB', 'Compare bytes for greater', combining(each('signedBytes', greater))),
  of('65', 'PCMPGTW', 'Compare words for greater', combining(each('signedWords', greater))),
  of('66', 'PCMPGTD', 'Compare doublewords for greater', combining(each('doublewords', greater))),
  of('74', 'PCMPEQB', 'Compare bytes for equal', combining(each('bytes', equal))),
  of('75', 'PCMPEQW', 'Compare words for equal', combining(each('words', equal))),
  of('76', 'PCMPEQD', 'Compare doublewords for equal', combining(each('doublewords', equal))),
  of('FC', 'PADDB', 'Add bytes', combining(each('bytes', add))),
  of('FD', 'PADDW', 'Add words', combining(each('words', add))),
  of('FE', 'PADDD', 'Add doublewords', combining(each('doublewords', add))),
  of('EC', 'PADDSB', 'Add bytes, signed saturation', combining(each('signedBytes', saturating(add, toInt8)))),
  of(
    'ED',
    'PADDSW',
    'Add words, signed saturation',
    combining(each('signedWords', saturating(add, toInt16))),
  ),
  of('DC', 'PADDUSB', 'Add bytes, unsigned saturation', combining(each('bytes', saturating(add, toUint8)))),
  of('DD', 'PADDUSW', 'Add words, unsigned saturation', combining(each('words', saturating(add, toUint16)))),
  of('F8', 'PSUBB', 'Subtract bytes', combining(each('bytes', subtract))),
  of('F9', 'PSUBW', 'Subtract words', combining(each('words', subtract))),
  of('FA', 'PSUBD', 'Subtract doublewords', combining(each('doublewords', subtract))),
  of(
    'E8',
    'PSUBSB',
    'Subtract bytes, signed saturation',
    combining(each('signedBytes', saturating(subtract, toInt8))),
  ),
  of(
    'E9',
    'PSUBSW',
    'Subtract words, signed saturation',
    combining(each('signedWords', saturating(subtract, toInt16))),
  ),
  of(
    'D8',
    'PSUBUSB',
    'Subtract bytes, unsigned saturation',
    combining(each('bytes', saturating(subtract, toUint8))),
  ),
  of(
    'D9',
    'PSUBUSW',
    'Subtract words, unsigned saturation',
    combining(each('words', saturating(subtract, toUint16))),
  ),
  of(
    'D5',
    'PMULLW',
    'Multiply words, low half',
    combining(each('signedWords', productLow)),
    'Pq,Qq',
    'multiply',
  ),
  of(
    'E5',
    'PMULHW',
    'Multiply words, high half',
    combining(each('signedWords', productHigh)),
    'Pq,Qq',
    'multiply',
  ),
  of('F5', 'PMADDWD', 'Multiply words and add pairs', combining(multiplyAdd), 'Pq,Qq', 'multiply'),
  of('DB', 'PAND', 'And', combining(each('doublewords', (a, b) => a & b))),
  of(
    'DF',
    'PANDN',
    'And with the complement of the destination',
    combining(each('doublewords', (a, b) => ~a & b)),
  ),
  of('EB', 'POR', 'Or', combining(each('doublewords', (a, b) => a | b))),
  of('EF', 'PXOR', 'Exclusive or', combining(each('doublewords', (a, b) => a ^ b))),
  ...shifts('F1', '71 /6', 'PSLLW', 'Shift words left', shiftEach('words', left(16))),
  ...shifts('F2', '72 /6', 'PSLLD', 'Shift doublewords left', shiftEach('doublewords', left(32))),
  ...shifts('F3', '73 /6', 'PSLLQ', 'Shift quadword left', leftWhole),
  ...shifts('D1', '71 /2', 'PSRLW', 'Shift words right', shiftEach('words', right(16))),
  ...shifts('D2', '72 /2', 'PSRLD', 'Shift doublewords right', shiftEach('doublewords', right(32))),
  ...shifts('D3', '73 /2', 'PSRLQ', 'Shift quadword right', rightWhole),
  ...shifts('E1', '71 /4', 'PSRAW', 'Shift words right by sign', shiftEach('signedWords', rightBySign(16))),
  ...shifts(
    'E2',
    '72 /4',
    'PSRAD',
    'Shift doublewords right by sign',
    shiftEach('doublewords', rightBySign(32)),
  ),
  of(
    '77',
    'EMMS',
    'Empty MMX state',
    usable((cpu) => leaveMmx(cpu.x87)),
    '',
    'float',
  ),
];
