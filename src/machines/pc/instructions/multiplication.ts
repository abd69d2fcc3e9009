/** Multiplication and division. SDM vol. 2, "MUL", "IMUL", "DIV", "IDIV". */
import type { Cpu } from '../cpu.ts';
import { FLAG_AF, FLAG_CF, FLAG_OF, FLAG_PF, FLAG_SF, FLAG_ZF } from '../eflags.ts';
import { DE } from '../exceptions.ts';
import { setFlags } from '../flags.ts';
import { EAX, EDX } from '../registers.ts';
import { getE16, getE32, getE8, signed, sized, type Width } from './operands.ts';
import { row, type Decoded, type Execute, type Executes, type Row } from './row.ts';

const CARRY_OVERFLOW = FLAG_CF | FLAG_OF;

/** CF and OF tell whether the upper half matters; the other flags are undefined, and stay as recorded. */
function productFlags(cpu: Cpu, significant: boolean): void {
  setFlags(cpu, CARRY_OVERFLOW, significant ? CARRY_OVERFLOW : 0);
}

/** After a division all flags are undefined; as recorded. */
function quotientFlags(cpu: Cpu): void {
  setFlags(cpu, FLAG_SF | FLAG_ZF | FLAG_AF | FLAG_PF, FLAG_AF);
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
    productFlags(cpu, product >>> 16 !== 0);
  },
  32: (cpu, i) => {
    const [high, low] = multiplyUnsigned(cpu.words[EAX]!, getE32(cpu, i));
    cpu.words[EAX] = low;
    cpu.words[EDX] = high;
    productFlags(cpu, high !== 0);
  },
};
const mul8: Execute = (cpu, i) => {
  const product = cpu.octets[0]! * getE8(cpu, i);
  cpu.halves[0] = product;
  productFlags(cpu, product >>> 8 !== 0);
};

const imul: Executes = {
  16: (cpu, i) => {
    const product = signed(cpu.halves[0]!, 16) * signed(getE16(cpu, i), 16);
    cpu.halves[0] = product;
    cpu.halves[2 * EDX] = product >>> 16;
    productFlags(cpu, signed(product, 16) !== product);
  },
  32: (cpu, i) => {
    const [high, low] = wideProduct(BigInt(cpu.words[EAX]!), BigInt(getE32(cpu, i)));
    cpu.words[EAX] = low;
    cpu.words[EDX] = high;
    productFlags(cpu, high !== low >> 31);
  },
};
const imul8: Execute = (cpu, i) => {
  const product = signed(cpu.octets[0]!, 24) * signed(getE8(cpu, i), 24);
  cpu.halves[0] = product;
  productFlags(cpu, signed(product, 24) !== product);
};

/** IMUL with two or three operands: the product is cut to the operand size. */
const imulTo = (second: (w: Width, cpu: Cpu, i: Decoded) => number): Executes =>
  sized((w) => (cpu, i) => {
    const [a, b] = [signed(w.get(cpu, i), w.shift), signed(second(w, cpu, i), w.shift)];
    const exact = a * b;
    const result = signed(Math.imul(a, b), w.shift);
    w.setG(cpu, i, result);
    // A product beyond 2^53 may have lost low bits, but then it is far from any 32-bit number.
    productFlags(cpu, exact !== result);
  });

const div8: Execute = (cpu, i) => {
  const divisor = getE8(cpu, i);
  const dividend = cpu.halves[0]!;
  if (divisor === 0 || dividend >= divisor * 0x100) cpu.fault(DE);
  cpu.octets[0] = dividend / divisor;
  cpu.octets[1] = dividend % divisor;
  quotientFlags(cpu);
};
const div: Executes = {
  16: (cpu, i) => {
    const divisor = getE16(cpu, i);
    const dividend = cpu.halves[2 * EDX]! * 0x10000 + cpu.halves[0]!;
    if (divisor === 0 || dividend >= divisor * 0x10000) cpu.fault(DE);
    cpu.halves[0] = Math.floor(dividend / divisor);
    cpu.halves[2 * EDX] = dividend % divisor;
    quotientFlags(cpu);
  },
  32: (cpu, i) => {
    const divisor = getE32(cpu, i) >>> 0;
    const [high, low] = [cpu.words[EDX]! >>> 0, cpu.words[EAX]! >>> 0];
    if (high >= divisor) cpu.fault(DE);
    quotientFlags(cpu);
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
  quotientFlags(cpu);
};
const idiv: Executes = {
  16: (cpu, i) => {
    const divisor = signed(getE16(cpu, i), 16);
    const dividend = (cpu.halves[2 * EDX]! << 16) | cpu.halves[0]!;
    const quotient = Math.trunc(dividend / divisor);
    if (divisor === 0 || signed(quotient, 16) !== quotient) cpu.fault(DE);
    cpu.halves[0] = quotient;
    cpu.halves[2 * EDX] = dividend % divisor;
    quotientFlags(cpu);
  },
  32: (cpu, i) => {
    const divisor = BigInt(getE32(cpu, i));
    if (divisor === 0n) cpu.fault(DE);
    const dividend = (BigInt(cpu.words[EDX]!) << 32n) | BigInt(cpu.words[EAX]! >>> 0);
    const quotient = dividend / divisor;
    if (BigInt.asIntN(32, quotient) !== quotient) cpu.fault(DE);
    quotientFlags(cpu);
    cpu.words[EAX] = Number(quotient);
    cpu.words[EDX] = Number(dividend % divisor);
  },
};

const IMUL_FLAGS = { flags: 'OC', undefinedFlags: 'SZAP' } as const;
const DIV_FLAGS = { undefinedFlags: 'OSZAPC' } as const;

export const MULTIPLICATION: readonly Row[] = [
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
];
