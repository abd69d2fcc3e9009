/** x87 data transfer: loads, stores, constants, exchanges, conditional moves. SDM vol. 1, sections 8.3.2 and 8.3.3. */
import type { Cpu } from '../cpu.ts';
import { carry, parity, zero } from '../flags.ts';
import { load64, load80, store64, store80 } from '../x87/access.ts';
import {
  BEFORE,
  exactly,
  IE,
  INDEFINITE,
  isSignalling,
  ONE,
  OE,
  quieted,
  UE,
  zero as zeroValue,
  type Extended,
  type Mode,
  type Outcome,
} from '../x87/extended.ts';
import {
  DOUBLE_LAYOUT,
  fromDecimal,
  fromInteger,
  fromMemory,
  SINGLE_LAYOUT,
  toDecimal,
  toInteger,
  toMemory,
  type Stored,
} from '../x87/formats.ts';
import { C1 } from '../x87/unit.ts';
import { offsetOf } from './operands.ts';
import { row, type Decoded, type Execute, type Row } from './row.ts';
import { present, push, put, settle, waiting } from './x87-frame.ts';

// ---------------------------------------------------------------- operands in memory

type Load = (cpu: Cpu, i: Decoded) => Outcome;

export const loadSingle: Load = (cpu, i) =>
  fromMemory(BigInt(cpu.load32(i.segment, offsetOf(cpu, i)) >>> 0), SINGLE_LAYOUT);
export const loadDouble: Load = (cpu, i) =>
  fromMemory(load64(cpu, i.segment, offsetOf(cpu, i), i.addressMask), DOUBLE_LAYOUT);
export const loadInteger16: Load = (cpu, i) =>
  exactly(fromInteger(BigInt((cpu.load16(i.segment, offsetOf(cpu, i)) << 16) >> 16)));
export const loadInteger32: Load = (cpu, i) =>
  exactly(fromInteger(BigInt(cpu.load32(i.segment, offsetOf(cpu, i)))));
const loadInteger64: Load = (cpu, i) =>
  exactly(fromInteger(BigInt.asIntN(64, load64(cpu, i.segment, offsetOf(cpu, i), i.addressMask))));
const loadExtended: Load = (cpu, i) => {
  const bits = load80(cpu, i.segment, offsetOf(cpu, i), i.addressMask);
  const high = Number(bits >> 64n);
  return exactly({
    negative: high > 0x7fff,
    exponent: high & 0x7fff,
    significand: BigInt.asUintN(64, bits),
  });
};
const loadDecimal: Load = (cpu, i) =>
  exactly(fromDecimal(load80(cpu, i.segment, offsetOf(cpu, i), i.addressMask)));

/** FLD, FILD, FBLD. Conversion makes signalling NaNs quiet; the extended format is not converted. */
const loadFrom =
  (load: Load, converts: boolean): Execute =>
  (cpu, i) => {
    const { value, flags } = load(cpu, i);
    const { x87 } = cpu;
    if (!x87.isEmpty(7)) {
      push(cpu, value);
      return;
    }
    const signalling = converts && isSignalling(value);
    if (settle(cpu, exactly(value, signalling ? IE : flags))) x87.push(signalling ? quieted(value) : value);
  };

/** How a number leaves for memory; bytes are those of the operand. */
interface Store {
  readonly convert: (x: Extended, mode: Mode) => Stored;
  readonly write: (cpu: Cpu, i: Decoded, bits: bigint) => void;
}

const write16 = (cpu: Cpu, i: Decoded, bits: bigint): void =>
  cpu.store16(i.segment, offsetOf(cpu, i), Number(bits));
const write32 = (cpu: Cpu, i: Decoded, bits: bigint): void =>
  cpu.store32(i.segment, offsetOf(cpu, i), Number(bits) | 0);
const write64 = (cpu: Cpu, i: Decoded, bits: bigint): void =>
  store64(cpu, i.segment, offsetOf(cpu, i), bits, i.addressMask);
const write80 = (cpu: Cpu, i: Decoded, bits: bigint): void =>
  store80(cpu, i.segment, offsetOf(cpu, i), bits, i.addressMask);

const SINGLE: Store = { convert: (x, mode) => toMemory(x, SINGLE_LAYOUT, mode), write: write32 };
const DOUBLE: Store = { convert: (x, mode) => toMemory(x, DOUBLE_LAYOUT, mode), write: write64 };
const EXTENDED: Store = {
  convert: ({ negative, exponent, significand }) => ({
    bits: (BigInt(exponent | (negative ? 0x8000 : 0)) << 64n) | significand,
    flags: 0,
    up: false,
  }),
  write: write80,
};
const integer = (size: number, write: Store['write']): Store => ({
  convert: (x, mode) => toInteger(x, size, mode),
  write,
});
const DECIMAL: Store = { convert: toDecimal, write: write80 };

/** The store comes first: if it faults, the unit has not changed. */
const storeTo =
  ({ convert, write }: Store, pops: boolean): Execute =>
  (cpu, i) => {
    const { x87 } = cpu;
    const { mode } = x87;
    const empty = x87.isEmpty(0);
    const stored = convert(empty ? INDEFINITE : x87.get(0), mode);
    const flags = empty ? IE : stored.flags;
    // Where the format of memory is narrower, overflow and underflow also keep the number where it is.
    const refused = (flags & ~mode.masks & (BEFORE | OE | UE)) !== 0;
    if (!refused) write(cpu, i, stored.bits);
    if (empty) x87.stackFault(false);
    else settle(cpu, stored);
    if (pops && !refused) x87.pop();
  };

const storeRegister =
  (pops: boolean): Execute =>
  (cpu, i) => {
    const { x87 } = cpu;
    const good = present(cpu, [0], () => {
      x87.setIndefinite(i.rm);
      if (pops) x87.pop();
    });
    if (!good) return;
    put(cpu, i.rm, exactly(x87.get(0)));
    if (pops) x87.pop();
  };

const loadRegister: Execute = (cpu, i) => {
  const { x87 } = cpu;
  if (!present(cpu, [i.rm], () => x87.push(INDEFINITE))) return;
  x87.conditions(C1, 0);
  push(cpu, x87.get(i.rm));
};

const exchange: Execute = (cpu, i) => {
  const { x87 } = cpu;
  const filled = (k: number): Extended => (x87.isEmpty(k) ? INDEFINITE : x87.get(k));
  const swap = (): void => {
    const [a, b] = [filled(0), filled(i.rm)];
    x87.set(0, b);
    x87.set(i.rm, a);
  };
  if (!present(cpu, [0, i.rm], swap)) return;
  x87.conditions(C1, 0);
  swap();
};

const conditionalMove =
  (holds: (cpu: Cpu) => boolean): Execute =>
  (cpu, i) => {
    const { x87 } = cpu;
    if (!present(cpu, [0, i.rm], () => x87.setIndefinite(0))) return;
    if (holds(cpu)) x87.set(0, x87.get(i.rm));
  };

// ---------------------------------------------------------------- constants, rounded as the control word says

const NEAREST = 0;
const DOWN = 1;
const UP = 2;
/** Significands cut to 64 bits, exponents biased; whether the rest would round up to the nearest. */
const constant =
  (exponent: number, significand: bigint, nearestUp: boolean): Execute =>
  (cpu) => {
    const { rounding } = cpu.x87.mode;
    const up = rounding === UP || (rounding === NEAREST && nearestUp);
    const value = { negative: false, exponent, significand: significand + (up ? 1n : 0n) };
    cpu.x87.conditions(C1, 0);
    push(cpu, rounding === DOWN ? { ...value, significand } : value);
  };
const fixed =
  (value: Extended): Execute =>
  (cpu) => {
    cpu.x87.conditions(C1, 0);
    push(cpu, value);
  };

const constants: readonly (readonly [string, string, string, Execute])[] = [
  ['D9 E8', 'FLD1', 'Load 1.0', fixed(ONE)],
  ['D9 E9', 'FLDL2T', 'Load log2(10)', constant(0x4000, 0xd49a784bcd1b8afen, false)],
  ['D9 EA', 'FLDL2E', 'Load log2(e)', constant(0x3fff, 0xb8aa3b295c17f0bbn, true)],
  ['D9 EB', 'FLDPI', 'Load pi', constant(0x4000, 0xc90fdaa22168c234n, true)],
  ['D9 EC', 'FLDLG2', 'Load log10(2)', constant(0x3ffd, 0x9a209a84fbcff798n, true)],
  ['D9 ED', 'FLDLN2', 'Load ln(2)', constant(0x3ffe, 0xb17217f7d1cf79abn, true)],
  ['D9 EE', 'FLDZ', 'Load 0.0', fixed(zeroValue(false))],
];

const X87 = { x87: true } as const;
const load = (opcode: string, mnemonic: string, operand: string, from: Load, converts = true): Row =>
  row(
    opcode,
    mnemonic,
    'Load into the register stack',
    operand,
    'float',
    waiting(loadFrom(from, converts)),
    X87,
  );
const store = (opcode: string, mnemonic: string, operand: string, to: Store): Row =>
  row(
    opcode,
    mnemonic,
    'Store from the register stack',
    operand,
    'float',
    waiting(storeTo(to, mnemonic.endsWith('P'))),
    X87,
  );
const move = (opcode: string, mnemonic: string, holds: (cpu: Cpu) => boolean): Row =>
  row(
    opcode,
    mnemonic,
    'Conditional move between registers',
    'ST,STi',
    'float',
    waiting(conditionalMove(holds)),
    {
      ...X87,
      since: 'cmov',
    },
  );

/** Encodings that no manual lists for these mnemonics, but that all processors take. */
const ALIAS = { ...X87, alias: true } as const;
const popQuietly = waiting((cpu, i) => {
  const { x87 } = cpu;
  if (!x87.isEmpty(0)) x87.set(i.rm, x87.get(0));
  x87.conditions(C1, 0);
  x87.pop();
});
const storePop = waiting(storeRegister(true));

export const X87_DATA: readonly Row[] = [
  load('D9 /0', 'FLD', 'Md', loadSingle),
  load('DD /0', 'FLD', 'Mq', loadDouble),
  load('DB /5', 'FLD', 'Mt', loadExtended, false),
  load('DF /0', 'FILD', 'Mw', loadInteger16),
  load('DB /0', 'FILD', 'Md', loadInteger32),
  load('DF /5', 'FILD', 'Mq', loadInteger64),
  load('DF /4', 'FBLD', 'Mt', loadDecimal),
  store('D9 /2', 'FST', 'Md', SINGLE),
  store('DD /2', 'FST', 'Mq', DOUBLE),
  store('D9 /3', 'FSTP', 'Md', SINGLE),
  store('DD /3', 'FSTP', 'Mq', DOUBLE),
  store('DB /7', 'FSTP', 'Mt', EXTENDED),
  store('DF /2', 'FIST', 'Mw', integer(16, write16)),
  store('DB /2', 'FIST', 'Md', integer(32, write32)),
  store('DF /3', 'FISTP', 'Mw', integer(16, write16)),
  store('DB /3', 'FISTP', 'Md', integer(32, write32)),
  store('DF /7', 'FISTP', 'Mq', integer(64, write64)),
  store('DF /6', 'FBSTP', 'Mt', DECIMAL),
  row('D9 C0+i', 'FLD', 'Push a register', 'STi', 'float', waiting(loadRegister), X87),
  row('DD D0+i', 'FST', 'Copy to a register', 'STi', 'float', waiting(storeRegister(false)), X87),
  row('DD D8+i', 'FSTP', 'Copy to a register and pop', 'STi', 'float', storePop, X87),
  row(
    'D9 D8+i',
    'FSTPNCE',
    'Copy to a register and pop, without a stack fault',
    'STi',
    'float',
    popQuietly,
    ALIAS,
  ),
  row('DF D0+i', 'FSTP', 'Copy to a register and pop', 'STi', 'float', storePop, ALIAS),
  row('DF D8+i', 'FSTP', 'Copy to a register and pop', 'STi', 'float', storePop, ALIAS),
  row('D9 C8+i', 'FXCH', 'Exchange registers', 'STi', 'float', waiting(exchange), X87),
  row('DD C8+i', 'FXCH', 'Exchange registers', 'STi', 'float', waiting(exchange), ALIAS),
  row('DF C8+i', 'FXCH', 'Exchange registers', 'STi', 'float', waiting(exchange), ALIAS),
  move('DA C0+i', 'FCMOVB', carry),
  move('DA C8+i', 'FCMOVE', zero),
  move('DA D0+i', 'FCMOVBE', (cpu) => carry(cpu) || zero(cpu)),
  move('DA D8+i', 'FCMOVU', parity),
  move('DB C0+i', 'FCMOVNB', (cpu) => !carry(cpu)),
  move('DB C8+i', 'FCMOVNE', (cpu) => !zero(cpu)),
  move('DB D0+i', 'FCMOVNBE', (cpu) => !carry(cpu) && !zero(cpu)),
  move('DB D8+i', 'FCMOVNU', (cpu) => !parity(cpu)),
  ...constants.map(([opcode, mnemonic, title, execute]) =>
    row(opcode, mnemonic, title, '', 'float', waiting(execute), X87),
  ),
];
