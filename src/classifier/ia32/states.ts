/** Generated states for each row of the IA-32 table: an encoding, registers, flags and memory that it can work on. */
import type { Random } from '../../base/random.ts';
import type { Row } from '../../machines/pc/instructions/row.ts';
import {
  CODE,
  CODE_0,
  CODE_3,
  CONFORMING,
  DATA,
  DATA_0,
  DATA_3,
  HANDLER,
  SELECTORS,
  STACK,
} from './layout.ts';

export interface State {
  readonly bytes: readonly number[];
  /** EAX … EDI. */
  readonly registers: readonly number[];
  /** Status flags and DF. */
  readonly flags: number;
  /** What the program believes of its interrupt flag and I/O privilege level. */
  readonly interruptFlag: boolean;
  readonly iopl: number;
  /** CR0.TS. */
  readonly taskSwitched: boolean;
  /** Gates of the interrupt table are open to level 3. */
  readonly open: boolean;
  /** Words from DATA_AT and from STACK_AT on. */
  readonly data: readonly number[];
  readonly stack: readonly number[];
}

/** Middles of their pages, so that strings may go both ways. */
export const DATA_AT = DATA + 0x400;
export const STACK_AT = STACK + 0x800;

const STATUS_AND_DIRECTION = 0xcd5;
const INTERRUPT = 0x200;
const MODRM_BY_EBX = 3;

const pick = <T>(random: Random, from: readonly T[]): T => from[random.below(from.length)]!;

/** Values that registers are given: selectors, small numbers, bits of control registers, anything. */
const value = (random: Random): number =>
  [
    () => pick(random, SELECTORS),
    () => pick(random, SELECTORS),
    () => random.below(16),
    () => pick(random, [0x11, 0x19, 0x33, 0x10000 | 0x11]),
    () => random.word(),
  ][random.below(5)]!() | 0;

/** Numbers of registers that ModRM.reg may name, by the letter of the operand. */
function registerField(row: Row, random: Random): number {
  const operand = row.operands.find((each) => /^(?:Sw|Cd|Dd)$/.test(each));
  if (operand === 'Sw') return pick(random, row.operands[0] === 'Sw' ? [0, 2, 3, 4, 5] : [0, 1, 2, 3, 4, 5]);
  if (operand === 'Cd') return pick(random, [0, 2, 3, 4]);
  if (operand === 'Dd') return pick(random, [0, 1, 2, 3, 6, 7]);
  return random.below(3);
}

const word32 = (n: number): number[] => [n & 255, (n >>> 8) & 255, (n >>> 16) & 255, (n >>> 24) & 255];

/** Bytes behind ModRM. */
function immediate(operand: string, random: Random): number[] {
  switch (operand) {
    case 'Ib':
    case 'Ibs':
      return [pick(random, [0x80, 3, 1, 0x21, random.below(256)])];
    case 'Jb':
      return [random.below(128)];
    case 'Iw':
      return [random.below(32) & ~3, 0];
    case 'Iz':
    case 'Jz':
      return word32(value(random));
    case 'Ap':
      return [...word32(HANDLER), pick(random, SELECTORS), 0];
    case 'Ob':
    case 'Ov':
      return word32(DATA_AT);
    default:
      return [];
  }
}

/** One encoding of `row`: memory operands lie at EBX, register operands in EAX, ECX or EDX. */
function encode(row: Row, random: Random): number[] {
  const bytes = [...row.opcode.matchAll(/(?<![/\w])([0-9A-F]{2})/g)].map(([, byte]) => parseInt(byte!, 16));
  if (/\+[ri]/.test(row.opcode)) bytes[bytes.length - 1]! += random.below(3);
  if (row.opcode.includes('+cc')) bytes[bytes.length - 1]! += random.below(16);
  const digit = /\/([0-7])/.exec(row.opcode)?.[1];
  const hasModRM = digit !== undefined || row.operands.some((each) => /^(?:[EGMR].?|Sw|Cd|Dd)$/.test(each));
  if (hasModRM) {
    const reg = digit === undefined ? registerField(row, random) : Number(digit);
    const inMemory =
      row.operands.some((each) => each.startsWith('M')) ||
      (random.below(2) === 0 && !row.operands.some((each) => each.startsWith('R')));
    bytes.push((reg << 3) | (inMemory ? MODRM_BY_EBX : 0xc0 | random.below(3)));
  }
  return [...bytes, ...row.operands.flatMap((operand) => immediate(operand, random))];
}

/** What far pointers, table registers and selectors are loaded from. */
const dataWords = (random: Random): number[] => [
  pick(random, [HANDLER, value(random)]),
  pick(random, SELECTORS),
  ...Array.from({ length: 30 }, () => value(random)),
];

/** Return address, code segment, flags, stack pointer and segment, as RET and IRET find them; or any words. */
function stackWords(random: Random): number[] {
  const frame = [
    CODE + 0x80,
    pick(random, [CODE_0, CODE_3, CONFORMING]),
    (random.word() & STATUS_AND_DIRECTION) | pick(random, [0, INTERRUPT]) | 2,
    STACK_AT,
    DATA_3,
  ];
  const first = pick(random, [CODE + 0x80, ...SELECTORS, random.word() & (STATUS_AND_DIRECTION | INTERRUPT)]);
  // As IRET finds it, as a far RET to an outer level does, or headed by anything.
  return pick(random, [
    frame,
    [...frame.slice(0, 2), ...frame.slice(3)],
    [pick(random, [DATA_0, DATA_3]), ...frame.slice(1)],
    [first, ...frame.slice(1)],
  ]);
}

/** A state for `row`. */
export function stateFor(row: Row, random: Random): State {
  const registers = [0, 1, 2].map(() => value(random));
  // Counters and port or register numbers are small ones, where they mean something.
  if (random.below(2) === 0) registers[1] = pick(random, [0, 1, 3, 0x10]);
  return {
    bytes: encode(row, random),
    registers: [...registers, DATA_AT, STACK_AT, STACK_AT + 0x40, DATA_AT + 0x80, DATA_AT + 0x100],
    flags: (random.word() & STATUS_AND_DIRECTION) | 2,
    interruptFlag: random.below(2) === 0,
    iopl: pick(random, [0, 0, 3]),
    taskSwitched: random.below(4) === 0,
    open: random.below(2) === 0,
    data: dataWords(random),
    stack: stackWords(random),
  };
}
