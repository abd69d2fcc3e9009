/** x87 arithmetic, comparison and transcendental functions. SDM vol. 1, sections 8.3.5 to 8.3.9. */
import type { Cpu } from '../cpu.ts';
import { FLAG_CF, FLAG_PF, FLAG_ZF, STATUS_FLAGS } from '../eflags.ts';
import { setFlags } from '../flags.ts';
import {
  add,
  compare,
  divide,
  extract,
  multiply,
  remainder,
  roundToInteger,
  scale,
  squareRoot,
  subtract,
  withFlags,
  type Order,
} from '../x87/arithmetic.ts';
import {
  exactly,
  IE,
  INDEFINITE,
  isDenormal,
  isInfinite,
  isNan,
  isUnsupported,
  isZero,
  ONE,
  ZE,
  zero,
  type Extended,
  type Mode,
  type Outcome,
} from '../x87/extended.ts';
import {
  angleOf,
  cosine,
  outOfRange,
  powerOfTwoLessOne,
  sine,
  tangent,
  timesLog,
  timesLogOfOneMore,
} from '../x87/transcendental.ts';
import { C0, C1, C2, C3, CONDITIONS } from '../x87/unit.ts';
import { row, type Decoded, type Execute, type Row } from './row.ts';
import { loadDouble, loadInteger16, loadInteger32, loadSingle } from './x87-data.ts';
import { present, push, put, settle, waiting } from './x87-frame.ts';

type Load = (cpu: Cpu, i: Decoded) => Outcome;
type Binary = (a: Extended, b: Extended, mode: Mode) => Outcome;
const reversed =
  (operation: Binary): Binary =>
  (a, b, mode) =>
    operation(b, a, mode);

// ---------------------------------------------------------------- add, multiply, subtract, divide

/** A denormal of memory counts unless something graver was found. */
const withDenormal = (outcome: Outcome, flags: number): Outcome =>
  (outcome.flags & (IE | ZE)) !== 0 || isNan(outcome.value) ? outcome : withFlags(outcome, flags);

const withMemory =
  (operation: Binary, load: Load): Execute =>
  (cpu, i) => {
    const { x87 } = cpu;
    const { value, flags } = load(cpu, i);
    if (!present(cpu, [0], () => x87.setIndefinite(0))) return;
    put(cpu, 0, withDenormal(operation(x87.get(0), value, x87.mode), flags));
  };

/** ST(0) with ST(i), the result to ST(0). */
const toTop =
  (operation: Binary): Execute =>
  (cpu, i) => {
    const { x87 } = cpu;
    if (!present(cpu, [0, i.rm], () => x87.setIndefinite(0))) return;
    put(cpu, 0, operation(x87.get(0), x87.get(i.rm), x87.mode));
  };

/** ST(i) with ST(0), the result to ST(i). */
const toRegister =
  (operation: Binary, pops: boolean): Execute =>
  (cpu, i) => {
    const { x87 } = cpu;
    const good = present(cpu, [0, i.rm], () => {
      x87.setIndefinite(i.rm);
      if (pops) x87.pop();
    });
    if (good && put(cpu, i.rm, operation(x87.get(i.rm), x87.get(0), x87.mode)) && pops) x87.pop();
  };

const X87 = { x87: true } as const;
const ALIAS = { ...X87, alias: true } as const;

/** All forms of an operation: digit in memory forms, registers at `top` in D8 and `other` in DC and DE. */
function operationRows(
  mnemonic: string,
  title: string,
  operation: Binary,
  [digit, top, other]: readonly [number, string, string],
): Row[] {
  const cost = mnemonic.startsWith('FDIV') ? 'float-divide' : 'float';
  const memory = (opcode: string, name: string, operand: string, load: Load): Row =>
    row(`${opcode} /${digit}`, name, title, operand, cost, waiting(withMemory(operation, load)), X87);
  const whole = mnemonic.replace('F', 'FI');
  return [
    memory('D8', mnemonic, 'Md', loadSingle),
    memory('DC', mnemonic, 'Mq', loadDouble),
    memory('DA', whole, 'Md', loadInteger32),
    memory('DE', whole, 'Mw', loadInteger16),
    row(`D8 ${top}+i`, mnemonic, title, 'ST,STi', cost, waiting(toTop(operation)), X87),
    row(`DC ${other}+i`, mnemonic, title, 'STi,ST', cost, waiting(toRegister(operation, false)), X87),
    row(`DE ${other}+i`, `${mnemonic}P`, title, 'STi,ST', cost, waiting(toRegister(operation, true)), X87),
  ];
}

// ---------------------------------------------------------------- comparison

const CODES: Readonly<Record<Order, number>> = { greater: 0, less: C0, equal: C3, unordered: C0 | C2 | C3 };
const COMPARED = C0 | C2 | C3;

/** Sets the condition codes; whether the instruction may go on to pop. */
function comparison(cpu: Cpu, order: Order, flags: number): boolean {
  const { x87 } = cpu;
  x87.conditions(CONDITIONS, CODES[order]);
  return settle(cpu, { flags, up: false });
}

function unordered(cpu: Cpu, pops: number): void {
  cpu.x87.conditions(COMPARED, COMPARED);
  for (let n = 0; n < pops; n++) cpu.x87.pop();
}

const compareMemory =
  (load: Load, pops: number): Execute =>
  (cpu, i) => {
    const { x87 } = cpu;
    const { value, flags } = load(cpu, i);
    x87.conditions(COMPARED, COMPARED);
    if (!present(cpu, [0], () => unordered(cpu, pops))) return;
    const found = compare(x87.get(0), value, false);
    const all = found.flags | (found.order === 'unordered' ? 0 : flags);
    if (comparison(cpu, found.order, all)) for (let n = 0; n < pops; n++) x87.pop();
  };

const compareRegister =
  (quiet: boolean, pops: number): Execute =>
  (cpu, i) => {
    const { x87 } = cpu;
    x87.conditions(COMPARED, COMPARED);
    if (!present(cpu, [0, i.rm], () => unordered(cpu, pops))) return;
    const { order, flags } = compare(x87.get(0), x87.get(i.rm), quiet);
    if (comparison(cpu, order, flags)) for (let n = 0; n < pops; n++) x87.pop();
  };

const FLAGS: Readonly<Record<Order, number>> = {
  greater: 0,
  less: FLAG_CF,
  equal: FLAG_ZF,
  unordered: FLAG_CF | FLAG_PF | FLAG_ZF,
};

/** FCOMI and its like put the order into EFLAGS. */
const compareToFlags =
  (quiet: boolean, pops: boolean): Execute =>
  (cpu, i) => {
    const { x87 } = cpu;
    const done = (order: Order): void => {
      setFlags(cpu, STATUS_FLAGS, FLAGS[order]);
      if (pops) x87.pop();
    };
    if (!present(cpu, [0, i.rm], () => done('unordered'))) return;
    const { order, flags } = compare(x87.get(0), x87.get(i.rm), quiet);
    if (settle(cpu, { flags, up: false })) done(order);
  };

const test: Execute = (cpu) => {
  const { x87 } = cpu;
  x87.conditions(COMPARED, COMPARED);
  if (!present(cpu, [0], () => unordered(cpu, 0))) return;
  const { order, flags } = compare(x87.get(0), zero(false), false);
  comparison(cpu, order, flags);
};

const examine: Execute = (cpu) => {
  const { x87 } = cpu;
  const x = x87.get(0);
  x87.conditions(CONDITIONS, (x.negative ? C1 : 0) | (x87.isEmpty(0) ? C3 | C0 : classOf(x)));
};
function classOf(x: Extended): number {
  if (isUnsupported(x)) return 0;
  if (isNan(x)) return C0;
  if (isInfinite(x)) return C2 | C0;
  if (isZero(x)) return C3;
  return isDenormal(x) ? C3 | C2 : C2;
}

// ---------------------------------------------------------------- one operand

const unary =
  (operation: (x: Extended, mode: Mode) => Outcome): Execute =>
  (cpu) => {
    const { x87 } = cpu;
    if (present(cpu, [0], () => x87.setIndefinite(0))) put(cpu, 0, operation(x87.get(0), x87.mode));
  };

/** FABS, FCHS look at the sign alone, even of what is no number. */
const signOf = (sign: (negative: boolean) => boolean): Execute =>
  unary((x) => exactly({ ...x, negative: sign(x.negative) }));

/** ST(0) and ST(1), the result to ST(1), which becomes the top. */
const toSecond =
  (operation: Binary): Execute =>
  (cpu) => {
    const { x87 } = cpu;
    const good = present(cpu, [0, 1], () => {
      x87.setIndefinite(1);
      x87.pop();
    });
    if (good && put(cpu, 1, operation(x87.get(0), x87.get(1), x87.mode))) x87.pop();
  };

const scaleBySecond: Execute = (cpu) => {
  const { x87 } = cpu;
  if (present(cpu, [0, 1], () => x87.setIndefinite(0))) put(cpu, 0, scale(x87.get(0), x87.get(1), x87.mode));
};

const partialRemainder =
  (nearest: boolean): Execute =>
  (cpu) => {
    const { x87 } = cpu;
    x87.conditions(C2, 0);
    if (!present(cpu, [0, 1], () => x87.setIndefinite(0))) return;
    const result = remainder(x87.get(0), x87.get(1), x87.mode, nearest);
    if (!put(cpu, 0, result)) return;
    if (isNan(result.value)) return;
    const q = result.quotient;
    const codes = ((q & 4) !== 0 ? C0 : 0) | ((q & 2) !== 0 ? C3 : 0) | ((q & 1) !== 0 ? C1 : 0);
    x87.conditions(CONDITIONS, result.partial ? C2 : codes);
  };

// ---------------------------------------------------------------- results that take two places

/** Replaces ST(0) by `first` and pushes `second`; needs an operand and room. */
function pair(cpu: Cpu, first: Outcome, second: Extended): void {
  if (put(cpu, 0, first)) push(cpu, second);
}

/** Whether ST(0) is there and a push has room; else the stack fault is reported and both results are indefinite. */
function roomForPair(cpu: Cpu): boolean {
  const { x87 } = cpu;
  const overflow = !x87.isEmpty(0);
  if (overflow && x87.isEmpty(7)) return true;
  if (!x87.stackFault(overflow)) {
    x87.setIndefinite(0);
    x87.push(INDEFINITE);
  }
  return false;
}

const extractParts: Execute = (cpu) => {
  if (!roomForPair(cpu)) return;
  const { exponent, outcome } = extract(cpu.x87.get(0));
  if (!settle(cpu, outcome)) return;
  cpu.x87.set(0, exponent);
  push(cpu, outcome.value);
};

/** Angles of 2^63 and more stay as they are, and C2 says so. */
function inRange(cpu: Cpu): boolean {
  const out = outOfRange(cpu.x87.get(0));
  cpu.x87.conditions(C1 | C2, out ? C2 : 0);
  return !out;
}

const ofAngle =
  (operation: (x: Extended, mode: Mode) => Outcome): Execute =>
  (cpu) => {
    const { x87 } = cpu;
    x87.conditions(C2, 0);
    if (present(cpu, [0], () => x87.setIndefinite(0)) && inRange(cpu))
      put(cpu, 0, operation(x87.get(0), x87.mode));
  };

const tangentOfAngle: Execute = (cpu) => {
  const { x87 } = cpu;
  x87.conditions(C2, 0);
  if (!roomForPair(cpu) || !inRange(cpu)) return;
  const result = tangent(x87.get(0), x87.mode);
  pair(cpu, result, isNan(result.value) ? result.value : ONE);
};

const sineAndCosine: Execute = (cpu) => {
  const { x87 } = cpu;
  x87.conditions(C2, 0);
  if (!roomForPair(cpu) || !inRange(cpu)) return;
  const [s, c] = [sine(x87.get(0), x87.mode), cosine(x87.get(0), x87.mode)];
  pair(cpu, { ...s, flags: s.flags | c.flags }, c.value);
};

const one = (opcode: string, mnemonic: string, title: string, execute: Execute): Row =>
  row(opcode, mnemonic, title, '', 'float', waiting(execute), X87);
const slow = (opcode: string, mnemonic: string, title: string, execute: Execute): Row =>
  row(opcode, mnemonic, title, '', 'float-function', waiting(execute), X87);

function comparisonRows(): Row[] {
  const title = 'Compare';
  const memory = (opcode: string, mnemonic: string, operand: string, load: Load): Row =>
    row(
      opcode,
      mnemonic,
      title,
      operand,
      'float',
      waiting(compareMemory(load, mnemonic.endsWith('P') ? 1 : 0)),
      X87,
    );
  const register = (
    opcode: string,
    mnemonic: string,
    pops: number,
    more: typeof X87 | typeof ALIAS = X87,
  ): Row => {
    const operand = pops === 2 ? '' : 'STi';
    const quiet = mnemonic.startsWith('FU');
    return row(opcode, mnemonic, title, operand, 'float', waiting(compareRegister(quiet, pops)), more);
  };
  const flags = (opcode: string, mnemonic: string): Row =>
    row(
      opcode,
      mnemonic,
      'Compare and set EFLAGS',
      'ST,STi',
      'float',
      waiting(compareToFlags(mnemonic.startsWith('FU'), mnemonic.endsWith('P'))),
      { ...X87, since: 'cmov', flags: 'OSZAPC' },
    );
  return [
    memory('D8 /2', 'FCOM', 'Md', loadSingle),
    memory('DC /2', 'FCOM', 'Mq', loadDouble),
    memory('D8 /3', 'FCOMP', 'Md', loadSingle),
    memory('DC /3', 'FCOMP', 'Mq', loadDouble),
    memory('DA /2', 'FICOM', 'Md', loadInteger32),
    memory('DE /2', 'FICOM', 'Mw', loadInteger16),
    memory('DA /3', 'FICOMP', 'Md', loadInteger32),
    memory('DE /3', 'FICOMP', 'Mw', loadInteger16),
    register('D8 D0+i', 'FCOM', 0),
    register('DC D0+i', 'FCOM', 0, ALIAS),
    register('D8 D8+i', 'FCOMP', 1),
    register('DC D8+i', 'FCOMP', 1, ALIAS),
    register('DE D0+i', 'FCOMP', 1, ALIAS),
    register('DE D9', 'FCOMPP', 2),
    register('DD E0+i', 'FUCOM', 0),
    register('DD E8+i', 'FUCOMP', 1),
    register('DA E9', 'FUCOMPP', 2),
    flags('DB F0+i', 'FCOMI'),
    flags('DF F0+i', 'FCOMIP'),
    flags('DB E8+i', 'FUCOMI'),
    flags('DF E8+i', 'FUCOMIP'),
  ];
}

export const X87_ARITHMETIC: readonly Row[] = [
  ...operationRows('FADD', 'Add', add, [0, 'C0', 'C0']),
  ...operationRows('FMUL', 'Multiply', multiply, [1, 'C8', 'C8']),
  ...operationRows('FSUB', 'Subtract', subtract, [4, 'E0', 'E8']),
  ...operationRows('FSUBR', 'Reverse subtract', reversed(subtract), [5, 'E8', 'E0']),
  ...operationRows('FDIV', 'Divide', divide, [6, 'F0', 'F8']),
  ...operationRows('FDIVR', 'Reverse divide', reversed(divide), [7, 'F8', 'F0']),
  ...comparisonRows(),
  one('D9 E4', 'FTST', 'Compare with 0.0', test),
  one('D9 E5', 'FXAM', 'Examine the class of ST(0)', examine),
  one(
    'D9 E0',
    'FCHS',
    'Change sign',
    signOf((negative) => !negative),
  ),
  one(
    'D9 E1',
    'FABS',
    'Absolute value',
    signOf(() => false),
  ),
  one('D9 FC', 'FRNDINT', 'Round to integer', unary(roundToInteger)),
  row('D9 FA', 'FSQRT', 'Square root', '', 'float-divide', waiting(unary(squareRoot)), X87),
  slow('D9 FD', 'FSCALE', 'Scale', scaleBySecond),
  slow('D9 F4', 'FXTRACT', 'Extract exponent and significand', extractParts),
  slow('D9 F8', 'FPREM', 'Partial remainder', partialRemainder(false)),
  slow('D9 F5', 'FPREM1', 'IEEE partial remainder', partialRemainder(true)),
  slow('D9 FE', 'FSIN', 'Sine', ofAngle(sine)),
  slow('D9 FF', 'FCOS', 'Cosine', ofAngle(cosine)),
  slow('D9 FB', 'FSINCOS', 'Sine and cosine', sineAndCosine),
  slow('D9 F2', 'FPTAN', 'Partial tangent', tangentOfAngle),
  slow('D9 F3', 'FPATAN', 'Partial arctangent', toSecond(angleOf)),
  slow('D9 F0', 'F2XM1', 'Compute 2^x - 1', unary(powerOfTwoLessOne)),
  slow('D9 F1', 'FYL2X', 'Compute y * log2(x)', toSecond(timesLog)),
  slow('D9 F9', 'FYL2XP1', 'Compute y * log2(x + 1)', toSecond(timesLogOfOneMore)),
];
