/**
 * The status flags, found when somebody asks. Arithmetic leaves its result, sign-extended to 32 bits, and a word of
 * carries: bit 31 is the carry out of the highest bit, bit 30 the carry into it, bit 3 the carry out of bit 3.
 * CF = bit 31, OF = bit 31 ≠ bit 30, AF = bit 3; ZF, SF and PF follow from the result. SDM vol. 1, section 3.4.3.1.
 */
import type { Cpu } from './cpu.ts';
import { CARRIES, EFLAGS, RESULT } from './registers.ts';
import {
  FLAG_AC,
  FLAG_AF,
  FLAG_CF,
  FLAG_OF,
  FLAG_PF,
  FLAG_RESERVED,
  FLAG_SF,
  FLAG_ZF,
  STATUS_FLAGS,
} from './eflags.ts';

const CARRY_OUT = 0x80000000 | 0;
const CARRY_IN = 0x40000000;
const AUXILIARY = 0x8;

/** 1 where a byte has an even number of ones. */
const EVEN_PARITY = Uint8Array.from({ length: 256 }, (_, byte) => {
  const folded = byte ^ (byte >> 4);
  return (0x9669 >> (folded & 15)) & 1;
});

/** Leaves what the flags follow from. */
export function setLazy(cpu: Cpu, result: number, carries: number): void {
  cpu.words[RESULT] = result;
  cpu.words[CARRIES] = carries;
  cpu.lazy = true;
}

export const carry = (cpu: Cpu): boolean =>
  cpu.lazy ? cpu.words[CARRIES]! < 0 : (cpu.words[EFLAGS]! & FLAG_CF) !== 0;
export const zero = (cpu: Cpu): boolean =>
  cpu.lazy ? cpu.words[RESULT] === 0 : (cpu.words[EFLAGS]! & FLAG_ZF) !== 0;
export const sign = (cpu: Cpu): boolean =>
  cpu.lazy ? cpu.words[RESULT]! < 0 : (cpu.words[EFLAGS]! & FLAG_SF) !== 0;
export const overflow = (cpu: Cpu): boolean =>
  cpu.lazy ? (cpu.words[CARRIES]! ^ (cpu.words[CARRIES]! << 1)) < 0 : (cpu.words[EFLAGS]! & FLAG_OF) !== 0;
export const parity = (cpu: Cpu): boolean =>
  cpu.lazy ? EVEN_PARITY[cpu.words[RESULT]! & 0xff] === 1 : (cpu.words[EFLAGS]! & FLAG_PF) !== 0;
export const auxiliary = (cpu: Cpu): boolean =>
  cpu.lazy ? (cpu.words[CARRIES]! & AUXILIARY) !== 0 : (cpu.words[EFLAGS]! & FLAG_AF) !== 0;

/** The status flags that a result alone decides. */
export const resultFlags = (result: number): number =>
  (result === 0 ? FLAG_ZF : 0) | (result < 0 ? FLAG_SF : 0) | (EVEN_PARITY[result & 0xff]! * FLAG_PF);

/** EFLAGS with its status flags in place. */
export function getFlags(cpu: Cpu): number {
  if (cpu.lazy) {
    const carries = cpu.words[CARRIES]!;
    const status =
      resultFlags(cpu.words[RESULT]!) |
      (carries < 0 ? FLAG_CF : 0) |
      ((carries & AUXILIARY) !== 0 ? FLAG_AF : 0) |
      ((carries ^ (carries << 1)) < 0 ? FLAG_OF : 0);
    cpu.words[EFLAGS] = (cpu.words[EFLAGS]! & ~STATUS_FLAGS) | status;
    cpu.lazy = false;
  }
  return cpu.words[EFLAGS]!;
}

/** Replaces the flags in `mask`. What depends on the mode bits among them the caller lets follow. */
export function setFlags(cpu: Cpu, mask: number, value: number): void {
  cpu.words[EFLAGS] = (((getFlags(cpu) & ~mask) | (value & mask)) & cpu.knownFlags) | FLAG_RESERVED;
  if ((mask & FLAG_AC) !== 0) cpu.selectMaps();
}

/** The condition of Jcc, SETcc and CMOVcc by its code. SDM vol. 2D, appendix B.1.4.7. */
export function condition(cpu: Cpu, code: number): boolean {
  let holds: boolean;
  switch (code >> 1) {
    case 0:
      holds = overflow(cpu);
      break;
    case 1:
      holds = carry(cpu);
      break;
    case 2:
      holds = zero(cpu);
      break;
    case 3:
      holds = carry(cpu) || zero(cpu);
      break;
    case 4:
      holds = sign(cpu);
      break;
    case 5:
      holds = parity(cpu);
      break;
    case 6:
      holds = sign(cpu) !== overflow(cpu);
      break;
    default:
      holds = zero(cpu) || sign(cpu) !== overflow(cpu);
  }
  return holds === ((code & 1) === 0);
}

// ---------------------------------------------------------------- arithmetic; `shift` = 32 − operand size

/** The carries of an operation on the low bits, moved to where those of 32 bits stand. */
const place = (carries: number, shift: number): number => (carries << shift) | (carries & AUXILIARY);

export function add(cpu: Cpu, a: number, b: number, shift: number): number {
  const sum = (a + b) | 0;
  const result = (sum << shift) >> shift;
  setLazy(cpu, result, place((a & b) | ((a | b) & ~sum), shift));
  return result;
}

export function addWithCarry(cpu: Cpu, a: number, b: number, shift: number): number {
  const sum = (a + b + (carry(cpu) ? 1 : 0)) | 0;
  const result = (sum << shift) >> shift;
  setLazy(cpu, result, place((a & b) | ((a | b) & ~sum), shift));
  return result;
}

export function subtract(cpu: Cpu, a: number, b: number, shift: number): number {
  const difference = (a - b) | 0;
  const result = (difference << shift) >> shift;
  setLazy(cpu, result, place((~a & b) | (~(a ^ b) & difference), shift));
  return result;
}

export function subtractWithBorrow(cpu: Cpu, a: number, b: number, shift: number): number {
  const difference = (a - b - (carry(cpu) ? 1 : 0)) | 0;
  const result = (difference << shift) >> shift;
  setLazy(cpu, result, place((~a & b) | (~(a ^ b) & difference), shift));
  return result;
}

/** Flags of a logical operation: CF, OF and (as on all processors of the line) AF are cleared. */
function logical(cpu: Cpu, value: number, shift: number): number {
  const result = (value << shift) >> shift;
  setLazy(cpu, result, 0);
  return result;
}
export const and = (cpu: Cpu, a: number, b: number, shift: number): number => logical(cpu, a & b, shift);
export const or = (cpu: Cpu, a: number, b: number, shift: number): number => logical(cpu, a | b, shift);
export const xor = (cpu: Cpu, a: number, b: number, shift: number): number => logical(cpu, a ^ b, shift);

/** Carries that say: CF as before, OF and AF as given. */
function carriesKept(cpu: Cpu, overflows: boolean, aux: boolean): number {
  const kept = carry(cpu);
  return (kept ? CARRY_OUT : 0) | (kept !== overflows ? CARRY_IN : 0) | (aux ? AUXILIARY : 0);
}

export function increment(cpu: Cpu, a: number, shift: number): number {
  const result = ((a + 1) << shift) >> shift;
  const carries = carriesKept(cpu, result === CARRY_OUT >> shift, (result & 15) === 0);
  setLazy(cpu, result, carries);
  return result;
}

export function decrement(cpu: Cpu, a: number, shift: number): number {
  const result = ((a - 1) << shift) >> shift;
  const carries = carriesKept(cpu, result === 0x7fffffff >> shift, (result & 15) === 15);
  setLazy(cpu, result, carries);
  return result;
}
