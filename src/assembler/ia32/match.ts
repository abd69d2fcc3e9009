/** Which operands fit which notation of the table. */
import { assertNever } from '../../base/bugs.ts';
import { resolved } from './expression.ts';
import type { Form } from './forms.ts';
import { registerNamed, type RegisterClass } from './names.ts';
import type { Operand } from './operand.ts';

/** How an operand fits a notation. */
export interface Fit {
  /** It has a size of its own, by which the operand size of the instruction is settled. */
  readonly settles: boolean;
  /** Bytes of memory that a memory operand without a size word is taken for; 0: not such a one. */
  readonly assumed: number;
}

const SIZE_CODES: Readonly<Record<string, number>> = { b: 1, w: 2, d: 4, q: 8, t: 10, bs: 1 };
const GENERAL: Readonly<Record<number, RegisterClass>> = { 1: 'r8', 2: 'r16', 4: 'r32' };

/** Bytes of an operand by the second part of its notation, with an operand size of `size` bytes. */
export const bytesOf = (notation: string, size: number): number => {
  const code = notation.slice(1);
  return code === 'v' || code === 'z' ? size : (SIZE_CODES[code] ?? 0);
};

/** Whether the operand size of the instruction decides about this operand. */
export const followsSize = (notation: string): boolean => /^(?:.[vzpa]|eAX|Ibs)$/.test(notation);

/** Selectors: 16 bits, but a register may be written whole. SDM vol. 2, "MOV", "LAR", "SLDT". */
const WHOLE_REGISTER = new Set(['MOV', 'LAR', 'LSL', 'SLDT', 'STR', 'SMSW']);

export const isSelector = (form: Pick<Form, 'row'>, notation: string): boolean =>
  notation === 'Ew' && WHOLE_REGISTER.has(form.row.mnemonic);

const SETTLED: Fit = { settles: true, assumed: 0 };
const LOOSE: Fit = { settles: false, assumed: 0 };

const byClass = (kind: RegisterClass, operand: Operand, fit: Fit): Fit | null =>
  operand.kind === 'register' && operand.class === kind ? fit : null;

function general(form: Form, notation: string, operand: Operand, size: number): Fit | null {
  if (operand.kind !== 'register') return null;
  const wanted = GENERAL[bytesOf(notation, size)];
  if (operand.class === wanted) return followsSize(notation) ? SETTLED : LOOSE;
  if (!isSelector(form, notation) || operand.class !== 'r32') return null;
  return LOOSE;
}

function memory(notation: string, operand: Operand, size: number): Fit | null {
  if (operand.kind !== 'memory') return null;
  const bytes = bytesOf(notation, size);
  if (bytes === 0) return LOOSE;
  if (operand.size === 0) return { settles: false, assumed: bytes };
  return operand.size === bytes ? (followsSize(notation) ? SETTLED : LOOSE) : null;
}

/** A far pointer in memory: jumps and calls say `far`, which tells them from near ones; loads need not. */
function farMemory(form: Form, operand: Operand, size: number): Fit | null {
  if (operand.kind !== 'memory') return null;
  const transfers = form.row.mnemonic === 'JMP' || form.row.mnemonic === 'CALL';
  if (transfers && operand.distance !== 'far') return null;
  if (operand.size === 0) return LOOSE;
  return operand.size === size ? SETTLED : null;
}

const fitsSigned8 = (value: bigint, size: number): boolean => {
  const wrapped = BigInt.asIntN(8 * size, value);
  return wrapped >= -128n && wrapped <= 127n && value < 1n << BigInt(8 * size);
};

function immediate(notation: string, operand: Operand, size: number): Fit | null {
  if (operand.kind !== 'immediate') return null;
  const bytes = bytesOf(notation, size);
  const { value, strict } = operand;
  if (notation === 'Ibs') {
    if (operand.size === 1) return LOOSE;
    const small = value.place === null && !value.guessed && fitsSigned8(value.number, size);
    if (!small || strict) return null;
    return operand.size === 0 ? LOOSE : operand.size === size ? SETTLED : null;
  }
  if (operand.size === 0) return LOOSE;
  if (operand.size !== bytes) return null;
  return followsSize(notation) ? SETTLED : LOOSE;
}

function jump(notation: string, operand: Operand, size: number): Fit | null {
  if (operand.kind !== 'immediate' || operand.distance === 'far') return null;
  if (notation === 'Jb') return operand.distance === 'near' || operand.size > 1 ? null : LOOSE;
  if (operand.distance === 'short') return null;
  if (operand.size === 0) return LOOSE;
  return operand.size === size ? SETTLED : null;
}

function pointer(operand: Operand, size: number): Fit | null {
  if (operand.kind !== 'pointer') return null;
  if (operand.size === 0) return LOOSE;
  return operand.size === size ? SETTLED : null;
}

/** A memory operand by its offset alone. */
function direct(notation: string, operand: Operand, size: number): Fit | null {
  if (operand.kind !== 'memory' || operand.base >= 0 || operand.index >= 0) return null;
  return memory(notation, operand, size);
}

/** A register that the table names. */
function fixed(notation: string, operand: Operand, size: number): Fit | null {
  if (operand.kind !== 'register') return null;
  const name = notation === 'eAX' ? (size === 4 ? 'eax' : 'ax') : notation === 'ST' ? 'st0' : notation;
  const register = registerNamed(name);
  const same = register?.class === operand.class && register.number === operand.number;
  return same ? (notation === 'eAX' ? SETTLED : LOOSE) : null;
}

/** How `operand` fits `notation` of `form` at an operand size; null if it does not. */
export function fit(form: Form, notation: string, operand: Operand, size: 2 | 4): Fit | null {
  if (notation === '1')
    return operand.kind === 'immediate' &&
      !operand.value.guessed &&
      !operand.strict &&
      resolved(operand.value) === 1n
      ? LOOSE
      : null;
  if (notation === 'STi') return byClass('float', operand, LOOSE);
  if (notation === 'Mp') return farMemory(form, operand, size);
  if (registerNamed(notation) || notation === 'eAX' || notation === 'ST')
    return fixed(notation, operand, size);
  const letter = notation[0] as
    'E' | 'G' | 'R' | 'Z' | 'M' | 'O' | 'S' | 'C' | 'D' | 'I' | 'J' | 'A' | 'X' | 'Y' | 'P' | 'Q' | 'N';
  switch (letter) {
    case 'E':
      if (operand.kind === 'memory')
        return operand.distance === 'far' ? null : memory(notation, operand, size);
      return general(form, notation, operand, size);
    case 'G':
    case 'R':
    case 'Z':
      return general(form, notation, operand, size);
    case 'P':
    case 'N':
      return byClass('mmx', operand, LOOSE);
    case 'Q':
      return operand.kind === 'memory' ? memory(notation, operand, size) : byClass('mmx', operand, LOOSE);
    case 'M':
      return memory(notation, operand, size);
    case 'O':
      return direct(notation, operand, size);
    case 'S':
      return byClass('segment', operand, LOOSE);
    case 'C':
      return byClass('control', operand, LOOSE);
    case 'D':
      return byClass('debug', operand, LOOSE);
    case 'I':
      return immediate(notation, operand, size);
    case 'J':
      return jump(notation, operand, size);
    case 'A':
      return pointer(operand, size);
    case 'X':
    case 'Y':
      return null;
    default:
      return assertNever(letter);
  }
}
