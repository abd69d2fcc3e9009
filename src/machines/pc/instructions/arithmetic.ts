/** Binary arithmetic and logic. SDM vol. 2; flags in vol. 1, appendix A. */
import type { Cpu } from '../cpu.ts';
import { EAX, EBX, ECX, EDX } from '../registers.ts';
import { DE } from '../exceptions.ts';
import { FLAG_AF, FLAG_CF, FLAG_OF, FLAG_PF, FLAG_SF, FLAG_ZF } from '../eflags.ts';
import {
  add,
  addWithCarry,
  and,
  decrement,
  increment,
  or,
  resultFlags,
  setFlags,
  subtract,
  subtractWithBorrow,
  xor,
} from '../flags.ts';
import {
  BYTE,
  getE16,
  getE32,
  getE8,
  offsetOf,
  setE32,
  sized,
  updateE32,
  WORD,
  type Width,
} from './operands.ts';
import { row, type Decoded, type Execute, type Executes, type Row } from './row.ts';

type Operation = (cpu: Cpu, a: number, b: number, shift: number) => number;

const ALL_FLAGS = { flags: 'OSZAPC' } as const;
const LOGIC_FLAGS = { flags: 'OSZPC', undefinedFlags: 'A' } as const;

// ---------------------------------------------------------------- the eight operations of opcodes 00 to 3F, 80 to 83

const storeEG =
  (operation: Operation) =>
  (w: Width): Execute =>
  (cpu, i) =>
    w.set(cpu, i, operation(cpu, w.update(cpu, i), w.getG(cpu, i), w.shift));
const storeGE =
  (operation: Operation) =>
  (w: Width): Execute =>
  (cpu, i) =>
    w.setG(cpu, i, operation(cpu, w.getG(cpu, i), w.get(cpu, i), w.shift));
const storeA =
  (operation: Operation) =>
  (w: Width): Execute =>
  (cpu, i) =>
    w.setA(cpu, operation(cpu, w.getA(cpu), i.immediate, w.shift));
const storeEI =
  (operation: Operation) =>
  (w: Width): Execute =>
  (cpu, i) =>
    w.set(cpu, i, operation(cpu, w.update(cpu, i), i.immediate, w.shift));

const testEG =
  (operation: Operation) =>
  (w: Width): Execute =>
  (cpu, i) =>
    void operation(cpu, w.get(cpu, i), w.getG(cpu, i), w.shift);
const testGE =
  (operation: Operation) =>
  (w: Width): Execute =>
  (cpu, i) =>
    void operation(cpu, w.getG(cpu, i), w.get(cpu, i), w.shift);
const testA =
  (operation: Operation) =>
  (w: Width): Execute =>
  (cpu, i) =>
    void operation(cpu, w.getA(cpu), i.immediate, w.shift);
const testEI =
  (operation: Operation) =>
  (w: Width): Execute =>
  (cpu, i) =>
    void operation(cpu, w.get(cpu, i), i.immediate, w.shift);

type Form = (operation: Operation) => (width: Width) => Execute;
const STORING: readonly [Form, Form, Form, Form] = [storeEG, storeGE, storeA, storeEI];
const TESTING: readonly [Form, Form, Form, Form] = [testEG, testGE, testA, testEI];

const hexByte = (value: number): string => value.toString(16).toUpperCase().padStart(2, '0');

/** The nine encodings of operation `n`. */
function operationRows(n: number, mnemonic: string, title: string, operation: Operation): Row[] {
  const compare = mnemonic === 'CMP';
  const [eg, ge, a, ei] = (compare ? TESTING : STORING).map((form) => form(operation)) as [
    (w: Width) => Execute,
    (w: Width) => Execute,
    (w: Width) => Execute,
    (w: Width) => Execute,
  ];
  const flags = operation === and || operation === or || operation === xor ? LOGIC_FLAGS : ALL_FLAGS;
  const locked = compare ? flags : ({ ...flags, lock: true } as const);
  const code = (low: number): string => hexByte(8 * n + low);
  const fast = FAST[mnemonic];
  const wide = (narrow: Executes, execute: Execute | undefined): Executes =>
    execute && typeof narrow !== 'function' ? { 16: narrow[16], 32: execute } : narrow;
  return [
    row(code(0), mnemonic, title, 'Eb,Gb', 'plain', eg(BYTE), locked),
    row(code(1), mnemonic, title, 'Ev,Gv', 'plain', wide(sized(eg), fast?.eg), locked),
    row(code(2), mnemonic, title, 'Gb,Eb', 'plain', ge(BYTE), flags),
    row(code(3), mnemonic, title, 'Gv,Ev', 'plain', wide(sized(ge), fast?.ge), flags),
    row(code(4), mnemonic, title, 'AL,Ib', 'plain', a(BYTE), flags),
    row(code(5), mnemonic, title, 'eAX,Iz', 'plain', sized(a), flags),
    row(`80 /${n}`, mnemonic, title, 'Eb,Ib', 'plain', ei(BYTE), locked),
    row(`81 /${n}`, mnemonic, title, 'Ev,Iz', 'plain', wide(sized(ei), fast?.ei), locked),
    row(`82 /${n}`, mnemonic, title, 'Eb,Ib', 'plain', ei(BYTE), locked),
    row(`83 /${n}`, mnemonic, title, 'Ev,Ibs', 'plain', wide(sized(ei), fast?.ei), locked),
  ];
}

/**
 * The forms of 32 bits that compilers emit most, written out: a call that always goes to the same function is one
 * that the JavaScript engine inlines. Measured: a third off the time of a plain loop.
 */
const FAST: Readonly<Record<string, { readonly eg: Execute; readonly ge: Execute; readonly ei: Execute }>> = {
  ADD: {
    eg: (cpu, i) => setE32(cpu, i, add(cpu, updateE32(cpu, i), cpu.words[i.reg]!, 0)),
    ge: (cpu, i) => (cpu.words[i.reg] = add(cpu, cpu.words[i.reg]!, getE32(cpu, i), 0)),
    ei: (cpu, i) => setE32(cpu, i, add(cpu, updateE32(cpu, i), i.immediate, 0)),
  },
  SUB: {
    eg: (cpu, i) => setE32(cpu, i, subtract(cpu, updateE32(cpu, i), cpu.words[i.reg]!, 0)),
    ge: (cpu, i) => (cpu.words[i.reg] = subtract(cpu, cpu.words[i.reg]!, getE32(cpu, i), 0)),
    ei: (cpu, i) => setE32(cpu, i, subtract(cpu, updateE32(cpu, i), i.immediate, 0)),
  },
  CMP: {
    eg: (cpu, i) => void subtract(cpu, getE32(cpu, i), cpu.words[i.reg]!, 0),
    ge: (cpu, i) => void subtract(cpu, cpu.words[i.reg]!, getE32(cpu, i), 0),
    ei: (cpu, i) => void subtract(cpu, getE32(cpu, i), i.immediate, 0),
  },
  AND: {
    eg: (cpu, i) => setE32(cpu, i, and(cpu, updateE32(cpu, i), cpu.words[i.reg]!, 0)),
    ge: (cpu, i) => (cpu.words[i.reg] = and(cpu, cpu.words[i.reg]!, getE32(cpu, i), 0)),
    ei: (cpu, i) => setE32(cpu, i, and(cpu, updateE32(cpu, i), i.immediate, 0)),
  },
  OR: {
    eg: (cpu, i) => setE32(cpu, i, or(cpu, updateE32(cpu, i), cpu.words[i.reg]!, 0)),
    ge: (cpu, i) => (cpu.words[i.reg] = or(cpu, cpu.words[i.reg]!, getE32(cpu, i), 0)),
    ei: (cpu, i) => setE32(cpu, i, or(cpu, updateE32(cpu, i), i.immediate, 0)),
  },
  XOR: {
    eg: (cpu, i) => setE32(cpu, i, xor(cpu, updateE32(cpu, i), cpu.words[i.reg]!, 0)),
    ge: (cpu, i) => (cpu.words[i.reg] = xor(cpu, cpu.words[i.reg]!, getE32(cpu, i), 0)),
    ei: (cpu, i) => setE32(cpu, i, xor(cpu, updateE32(cpu, i), i.immediate, 0)),
  },
};

// ---------------------------------------------------------------- INC, DEC, NEG, NOT, TEST, XADD, CMPXCHG

const incrementE =
  (w: Width): Execute =>
  (cpu, i) =>
    w.set(cpu, i, increment(cpu, w.update(cpu, i), w.shift));
const decrementE =
  (w: Width): Execute =>
  (cpu, i) =>
    w.set(cpu, i, decrement(cpu, w.update(cpu, i), w.shift));
const negate =
  (w: Width): Execute =>
  (cpu, i) =>
    w.set(cpu, i, subtract(cpu, 0, w.update(cpu, i), w.shift));
const not =
  (w: Width): Execute =>
  (cpu, i) =>
    w.set(cpu, i, ~w.update(cpu, i));

/** XADD: the destination's old value goes to the source. */
const exchangeAndAdd =
  (w: Width): Execute =>
  (cpu, i) => {
    const old = w.update(cpu, i);
    const sum = add(cpu, old, w.getG(cpu, i), w.shift);
    w.setG(cpu, i, old);
    w.set(cpu, i, sum);
  };

/** CMPXCHG: the destination is stored into in either case, so it must be writable in either case. */
const compareAndExchange =
  (w: Width): Execute =>
  (cpu, i) => {
    const old = w.update(cpu, i);
    const equal = subtract(cpu, w.getA(cpu), old, w.shift) === 0;
    w.set(cpu, i, equal ? w.getG(cpu, i) : old);
    if (!equal) w.setA(cpu, old);
  };

/** CMPXCHG8B: EDX:EAX against eight bytes of memory, which ECX:EBX may replace. */
const compareAndExchange8: Execute = (cpu, i) => {
  const { words } = cpu;
  const offset = offsetOf(cpu, i);
  const low = cpu.update(i.segment, offset, 4);
  const high = cpu.update(i.segment, (offset + 4) & i.addressMask, 4);
  const equal = low === words[EAX] && high === words[EDX];
  cpu.store32(i.segment, offset, equal ? words[EBX]! : low);
  cpu.store32(i.segment, (offset + 4) & i.addressMask, equal ? words[ECX]! : high);
  if (!equal) {
    words[EAX] = low;
    words[EDX] = high;
  }
  setFlags(cpu, FLAG_ZF, equal ? FLAG_ZF : 0);
};

// ---------------------------------------------------------------- multiplication and division

const CARRY_OVERFLOW = FLAG_CF | FLAG_OF;
const PRODUCT_FLAGS = CARRY_OVERFLOW | FLAG_SF | FLAG_ZF | FLAG_AF | FLAG_PF;

/** CF and OF tell whether the upper half matters; the other flags are undefined, set here as by the lower half. */
function productFlags(cpu: Cpu, low: number, significant: boolean): void {
  setFlags(cpu, PRODUCT_FLAGS, (resultFlags(low) & ~FLAG_ZF) | (significant ? CARRY_OVERFLOW : 0));
}

/** High and low word of a product of 32-bit numbers, exact. */
function wideProduct(a: bigint, b: bigint): readonly [high: number, low: number] {
  const product = a * b;
  return [Number(BigInt.asIntN(32, product >> 32n)), Number(BigInt.asIntN(32, product))];
}

/** Unsigned product by halves: no numbers beyond 2^53. */
export function multiplyUnsigned(a: number, b: number): readonly [high: number, low: number] {
  const [ah, al, bh, bl] = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff];
  const middle = ah * bl + al * bh + Math.floor((al * bl) / 0x10000);
  return [(ah * bh + Math.floor(middle / 0x10000)) | 0, Math.imul(a, b)];
}

const mul: Executes = {
  16: (cpu, i) => {
    const product = cpu.halves[0]! * getE16(cpu, i);
    cpu.halves[0] = product;
    cpu.halves[2 * EDX] = product >>> 16;
    productFlags(cpu, (product << 16) >> 16, product >>> 16 !== 0);
  },
  32: (cpu, i) => {
    const [high, low] = multiplyUnsigned(cpu.words[EAX]!, getE32(cpu, i));
    cpu.words[EAX] = low;
    cpu.words[EDX] = high;
    productFlags(cpu, low, high !== 0);
  },
};
const mul8: Execute = (cpu, i) => {
  const product = cpu.octets[0]! * getE8(cpu, i);
  cpu.halves[0] = product;
  productFlags(cpu, (product << 24) >> 24, product >>> 8 !== 0);
};

const imul: Executes = {
  16: (cpu, i) => {
    const product = signed(cpu.halves[0]!, 16) * signed(getE16(cpu, i), 16);
    cpu.halves[0] = product;
    cpu.halves[2 * EDX] = product >>> 16;
    productFlags(cpu, signed(product, 16), signed(product, 16) !== product);
  },
  32: (cpu, i) => {
    const [high, low] = wideProduct(BigInt(cpu.words[EAX]!), BigInt(getE32(cpu, i)));
    cpu.words[EAX] = low;
    cpu.words[EDX] = high;
    productFlags(cpu, low, high !== low >> 31);
  },
};
const imul8: Execute = (cpu, i) => {
  const product = signed(cpu.octets[0]!, 24) * signed(getE8(cpu, i), 24);
  cpu.halves[0] = product;
  productFlags(cpu, signed(product, 24), signed(product, 24) !== product);
};

const signed = (value: number, shift: number): number => (value << shift) >> shift;

/** IMUL with two or three operands: the product is cut to the operand size. */
const imulTo = (second: (w: Width, cpu: Cpu, i: Decoded) => number): Executes =>
  sized((w) => (cpu, i) => {
    const [a, b] = [signed(w.get(cpu, i), w.shift), signed(second(w, cpu, i), w.shift)];
    const exact = a * b;
    const result = signed(Math.imul(a, b), w.shift);
    w.setG(cpu, i, result);
    // A product beyond 2^53 may have lost low bits, but then it is far from any 32-bit number.
    productFlags(cpu, result, exact !== result);
  });

const div8: Execute = (cpu, i) => {
  const divisor = getE8(cpu, i);
  const dividend = cpu.halves[0]!;
  if (divisor === 0 || dividend >= divisor * 0x100) cpu.fault(DE);
  cpu.octets[0] = dividend / divisor;
  cpu.octets[1] = dividend % divisor;
};
const div: Executes = {
  16: (cpu, i) => {
    const divisor = getE16(cpu, i);
    const dividend = cpu.halves[2 * EDX]! * 0x10000 + cpu.halves[0]!;
    if (divisor === 0 || dividend >= divisor * 0x10000) cpu.fault(DE);
    cpu.halves[0] = Math.floor(dividend / divisor);
    cpu.halves[2 * EDX] = dividend % divisor;
  },
  32: (cpu, i) => {
    const divisor = getE32(cpu, i) >>> 0;
    const [high, low] = [cpu.words[EDX]! >>> 0, cpu.words[EAX]! >>> 0];
    if (high >= divisor) cpu.fault(DE);
    if (high === 0) {
      cpu.words[EAX] = Math.floor(low / divisor);
      cpu.words[EDX] = low % divisor;
      return;
    }
    const dividend = (BigInt(high) << 32n) | BigInt(low);
    cpu.words[EAX] = Number(dividend / BigInt(divisor)) | 0;
    cpu.words[EDX] = Number(dividend % BigInt(divisor)) | 0;
  },
};

const idiv8: Execute = (cpu, i) => {
  const divisor = signed(getE8(cpu, i), 24);
  const dividend = signed(cpu.halves[0]!, 16);
  const quotient = Math.trunc(dividend / divisor);
  if (divisor === 0 || signed(quotient, 24) !== quotient) cpu.fault(DE);
  cpu.octets[0] = quotient;
  cpu.octets[1] = dividend % divisor;
};
const idiv: Executes = {
  16: (cpu, i) => {
    const divisor = signed(getE16(cpu, i), 16);
    const dividend = (cpu.halves[2 * EDX]! << 16) | cpu.halves[0]!;
    const quotient = Math.trunc(dividend / divisor);
    if (divisor === 0 || signed(quotient, 16) !== quotient) cpu.fault(DE);
    cpu.halves[0] = quotient;
    cpu.halves[2 * EDX] = dividend % divisor;
  },
  32: (cpu, i) => {
    const divisor = BigInt(getE32(cpu, i));
    if (divisor === 0n) cpu.fault(DE);
    const dividend = (BigInt(cpu.words[EDX]!) << 32n) | BigInt(cpu.words[EAX]! >>> 0);
    const quotient = dividend / divisor;
    if (BigInt.asIntN(32, quotient) !== quotient) cpu.fault(DE);
    cpu.words[EAX] = Number(quotient);
    cpu.words[EDX] = Number(dividend % divisor);
  },
};

// ---------------------------------------------------------------- sign extension

/** CBW, CWDE. */
const convert: Executes = {
  16: (cpu) => {
    cpu.halves[0] = signed(cpu.octets[0]!, 24);
  },
  32: (cpu) => {
    cpu.words[EAX] = signed(cpu.halves[0]!, 16);
  },
};
/** CWD, CDQ. */
const spread: Executes = {
  16: (cpu) => {
    cpu.halves[2 * EDX] = signed(cpu.halves[0]!, 16) >> 31;
  },
  32: (cpu) => {
    cpu.words[EDX] = cpu.words[EAX]! >> 31;
  },
};

const IMUL_FLAGS = { flags: 'OC', undefinedFlags: 'SZAP' } as const;
const DIV_FLAGS = { undefinedFlags: 'OSZAPC' } as const;
const STEP_FLAGS = { flags: 'OSZAP' } as const;
const LOCKED_ALL = { ...ALL_FLAGS, lock: true } as const;

const incrementRegister: Execute = (cpu, i) => (cpu.words[i.reg] = increment(cpu, cpu.words[i.reg]!, 0));
const decrementRegister: Execute = (cpu, i) => (cpu.words[i.reg] = decrement(cpu, cpu.words[i.reg]!, 0));
const incrementNarrow: Execute = (cpu, i) =>
  (cpu.halves[i.reg << 1] = increment(cpu, cpu.halves[i.reg << 1]!, 16));
const decrementNarrow: Execute = (cpu, i) =>
  (cpu.halves[i.reg << 1] = decrement(cpu, cpu.halves[i.reg << 1]!, 16));
const testWide: Execute = (cpu, i) => void and(cpu, getE32(cpu, i), cpu.words[i.reg]!, 0);

export const ARITHMETIC: readonly Row[] = [
  ...operationRows(0, 'ADD', 'Add', add),
  ...operationRows(1, 'OR', 'Logical inclusive OR', or),
  ...operationRows(2, 'ADC', 'Add with carry', addWithCarry),
  ...operationRows(3, 'SBB', 'Integer subtraction with borrow', subtractWithBorrow),
  ...operationRows(4, 'AND', 'Logical AND', and),
  ...operationRows(5, 'SUB', 'Subtract', subtract),
  ...operationRows(6, 'XOR', 'Logical exclusive OR', xor),
  ...operationRows(7, 'CMP', 'Compare two operands', subtract),
  row(
    '40+r',
    'INC',
    'Increment by 1',
    'Zv',
    'plain',
    { 16: incrementNarrow, 32: incrementRegister },
    STEP_FLAGS,
  ),
  row(
    '48+r',
    'DEC',
    'Decrement by 1',
    'Zv',
    'plain',
    { 16: decrementNarrow, 32: decrementRegister },
    STEP_FLAGS,
  ),
  row('FE /0', 'INC', 'Increment by 1', 'Eb', 'plain', incrementE(BYTE), { ...STEP_FLAGS, lock: true }),
  row('FF /0', 'INC', 'Increment by 1', 'Ev', 'plain', sized(incrementE), { ...STEP_FLAGS, lock: true }),
  row('FE /1', 'DEC', 'Decrement by 1', 'Eb', 'plain', decrementE(BYTE), { ...STEP_FLAGS, lock: true }),
  row('FF /1', 'DEC', 'Decrement by 1', 'Ev', 'plain', sized(decrementE), { ...STEP_FLAGS, lock: true }),
  row('84', 'TEST', 'Logical compare', 'Eb,Gb', 'plain', testEG(and)(BYTE), LOGIC_FLAGS),
  row(
    '85',
    'TEST',
    'Logical compare',
    'Ev,Gv',
    'plain',
    { 16: testEG(and)(WORD), 32: testWide },
    LOGIC_FLAGS,
  ),
  row('A8', 'TEST', 'Logical compare', 'AL,Ib', 'plain', testA(and)(BYTE), LOGIC_FLAGS),
  row('A9', 'TEST', 'Logical compare', 'eAX,Iz', 'plain', sized(testA(and)), LOGIC_FLAGS),
  ...[0, 1].flatMap((digit) => [
    row(`F6 /${digit}`, 'TEST', 'Logical compare', 'Eb,Ib', 'plain', testEI(and)(BYTE), LOGIC_FLAGS),
    row(`F7 /${digit}`, 'TEST', 'Logical compare', 'Ev,Iz', 'plain', sized(testEI(and)), LOGIC_FLAGS),
  ]),
  row('F6 /2', 'NOT', "One's complement negation", 'Eb', 'plain', not(BYTE), { lock: true }),
  row('F7 /2', 'NOT', "One's complement negation", 'Ev', 'plain', sized(not), { lock: true }),
  row('F6 /3', 'NEG', "Two's complement negation", 'Eb', 'plain', negate(BYTE), LOCKED_ALL),
  row('F7 /3', 'NEG', "Two's complement negation", 'Ev', 'plain', sized(negate), LOCKED_ALL),
  row('F6 /4', 'MUL', 'Unsigned multiply', 'Eb', 'multiply', mul8, IMUL_FLAGS),
  row('F7 /4', 'MUL', 'Unsigned multiply', 'Ev', 'multiply', mul, IMUL_FLAGS),
  row('F6 /5', 'IMUL', 'Signed multiply', 'Eb', 'multiply', imul8, IMUL_FLAGS),
  row('F7 /5', 'IMUL', 'Signed multiply', 'Ev', 'multiply', imul, IMUL_FLAGS),
  row(
    '0F AF',
    'IMUL',
    'Signed multiply',
    'Gv,Ev',
    'multiply',
    imulTo((w, cpu, i) => w.getG(cpu, i)),
    IMUL_FLAGS,
  ),
  row(
    '69',
    'IMUL',
    'Signed multiply',
    'Gv,Ev,Iz',
    'multiply',
    imulTo((_w, _cpu, i) => i.immediate),
    IMUL_FLAGS,
  ),
  row(
    '6B',
    'IMUL',
    'Signed multiply',
    'Gv,Ev,Ibs',
    'multiply',
    imulTo((_w, _cpu, i) => i.immediate),
    IMUL_FLAGS,
  ),
  row('F6 /6', 'DIV', 'Unsigned divide', 'Eb', 'divide', div8, DIV_FLAGS),
  row('F7 /6', 'DIV', 'Unsigned divide', 'Ev', 'divide', div, DIV_FLAGS),
  row('F6 /7', 'IDIV', 'Signed divide', 'Eb', 'divide', idiv8, DIV_FLAGS),
  row('F7 /7', 'IDIV', 'Signed divide', 'Ev', 'divide', idiv, DIV_FLAGS),
  row('98', 'CBW/CWDE', 'Convert byte to word, word to doubleword', '', 'plain', convert),
  row('99', 'CWD/CDQ', 'Convert word to doubleword, doubleword to quadword', '', 'plain', spread),
  row('0F C0', 'XADD', 'Exchange and add', 'Eb,Gb', 'plain', exchangeAndAdd(BYTE), LOCKED_ALL),
  row('0F C1', 'XADD', 'Exchange and add', 'Ev,Gv', 'plain', sized(exchangeAndAdd), LOCKED_ALL),
  row('0F B0', 'CMPXCHG', 'Compare and exchange', 'Eb,Gb', 'plain', compareAndExchange(BYTE), LOCKED_ALL),
  row('0F B1', 'CMPXCHG', 'Compare and exchange', 'Ev,Gv', 'plain', sized(compareAndExchange), LOCKED_ALL),
  row('0F C7 /1', 'CMPXCHG8B', 'Compare and exchange bytes', 'Mq', 'plain', compareAndExchange8, {
    flags: 'Z',
    lock: true,
  }),
];
