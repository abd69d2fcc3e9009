/**
 * Instructions from storage to storage: move, logic, compare, translate, and the interruptible long forms.
 * GA22-7000, "General Instructions". Operands are processed left to right, one byte at a time, as the manual defines
 * for overlapping fields; where nothing overlaps the same result is reached in larger steps.
 */
import type { Cpu } from '../cpu.ts';
import { SPECIFICATION } from '../assigned-storage.ts';
import { BLOCK } from '../storage.ts';
import { row, type Execute, type Row } from './row.ts';

const ZERO = ['result zero', 'result not zero', '--', '--'] as const;
const COMPARE = ['equal', 'first low', 'first high', '--'] as const;

const lengthOf = (word: number): number => ((word >>> 16) & 0xff) + 1;
const OFFSET = BLOCK - 1;
const inOneBlock = (at: number, length: number): boolean => (at & OFFSET) + length <= BLOCK;

/** First- and second-operand addresses of an SS instruction; both operands are checked before anything is stored. */
const first = (cpu: Cpu, w: number): number => cpu.based(w & 0xffff);
const second = (cpu: Cpu): number => cpu.based(cpu.thirdHalfword());

const move: Execute = (cpu, w) => {
  const length = lengthOf(w);
  const to = first(cpu, w);
  const from = second(cpu);
  cpu.spend(length * cpu.costs.byte);
  if (!inOneBlock(to, length) || !inOneBlock(from, length)) {
    moveAcrossBlocks(cpu, to, from, length);
    return;
  }
  const source = cpu.absoluteForFetch(from);
  const target = cpu.absoluteForStore(to);
  const { bytes } = cpu;
  if (length > 16 && (target <= source || target >= source + length))
    bytes.copyWithin(target, source, source + length);
  else for (let i = 0; i < length; i++) bytes[target + i] = bytes[source + i]!;
};
function moveAcrossBlocks(cpu: Cpu, to: number, from: number, length: number): void {
  cpu.checkFetch(from, length);
  cpu.checkStore(to, length);
  for (let i = 0; i < length; i++) cpu.store1((to + i) & 0xffffff, cpu.fetch1((from + i) & 0xffffff));
}

const combine =
  (combineBytes: (a: number, b: number) => number): Execute =>
  (cpu, w) => {
    const length = lengthOf(w);
    const to = first(cpu, w);
    const from = second(cpu);
    cpu.checkFetch(from, length);
    cpu.checkStore(to, length);
    cpu.checkFetch(to, length);
    cpu.spend(length * cpu.costs.byte);
    let any = 0;
    for (let i = 0; i < length; i++) {
      const at = (to + i) & 0xffffff;
      const result = combineBytes(cpu.fetch1(at), cpu.fetch1((from + i) & 0xffffff));
      cpu.store1(at, result);
      any |= result;
    }
    cpu.cc = any === 0 ? 0 : 1;
  };
const andCharacters = combine((a, b) => a & b);
const orCharacters = combine((a, b) => a | b);
const exclusiveOrCharacters = combine((a, b) => a ^ b);

const compareLogicalCharacters: Execute = (cpu, w) => {
  const length = lengthOf(w);
  const one = first(cpu, w);
  const two = second(cpu);
  if (!inOneBlock(one, length) || !inOneBlock(two, length)) {
    compareAcrossBlocks(cpu, one, two, length);
    return;
  }
  const { bytes } = cpu;
  const a = cpu.absoluteForFetch(one);
  const b = cpu.absoluteForFetch(two);
  let i = 0;
  while (i < length - 1 && bytes[a + i] === bytes[b + i]) i++;
  setComparison(cpu, bytes[a + i]!, bytes[b + i]!);
  cpu.spend((i + 1) * cpu.costs.byte);
};
function compareAcrossBlocks(cpu: Cpu, one: number, two: number, length: number): void {
  cpu.checkFetch(one, length);
  cpu.checkFetch(two, length);
  const byte = (from: number, i: number): number => cpu.fetch1((from + i) & 0xffffff);
  let i = 0;
  while (i < length - 1 && byte(one, i) === byte(two, i)) i++;
  setComparison(cpu, byte(one, i), byte(two, i));
  cpu.spend((i + 1) * cpu.costs.byte);
}
function setComparison(cpu: Cpu, a: number, b: number): void {
  cpu.cc = a === b ? 0 : a < b ? 1 : 2;
}

const translate: Execute = (cpu, w) => {
  const length = lengthOf(w);
  const at = first(cpu, w);
  const table = second(cpu);
  cpu.checkStore(at, length);
  cpu.checkFetch(at, length);
  // Only the table bytes that arguments select are accessed, but a fault must find the operand unchanged.
  for (let i = 0; i < length; i++) cpu.fetch1((table + cpu.fetch1((at + i) & 0xffffff)) & 0xffffff);
  cpu.spend(length * 2 * cpu.costs.byte);
  for (let i = 0; i < length; i++) {
    const argument = (at + i) & 0xffffff;
    cpu.store1(argument, cpu.fetch1((table + cpu.fetch1(argument)) & 0xffffff));
  }
};

/** TRT: address of the argument to bits 8–31 of register 1, function byte to bits 24–31 of register 2. */
const translateAndTest: Execute = (cpu, w) => {
  const length = lengthOf(w);
  const at = first(cpu, w);
  const table = second(cpu);
  for (let i = 0; i < length; i++) {
    const argument = (at + i) & 0xffffff;
    const found = cpu.fetch1((table + cpu.fetch1(argument)) & 0xffffff);
    cpu.spend(2 * cpu.costs.byte);
    if (found === 0) continue;
    cpu.gr[1] = (cpu.gr[1]! & 0xff00_0000) | argument;
    cpu.gr[2] = (cpu.gr[2]! & ~0xff) | found;
    cpu.cc = i === length - 1 ? 2 : 1;
    return;
  }
  cpu.cc = 0;
};

const MASK24 = 0xffffff;
const r1 = (word: number): number => (word >>> 20) & 15;
const r2 = (word: number): number => (word >>> 16) & 15;

/** One long operand: address in the even register, length in the low 24 bits of the odd one. */
interface LongOperand {
  readonly register: number;
  address: number;
  length: number;
}
function longOperand(cpu: Cpu, register: number): LongOperand {
  if ((register & 1) !== 0) cpu.program(SPECIFICATION);
  return { register, address: cpu.gr[register]! & MASK24, length: cpu.gr[register + 1]! & MASK24 };
}
function updateRegisters(cpu: Cpu, operand: LongOperand): void {
  cpu.gr[operand.register] = operand.address & MASK24;
  cpu.gr[operand.register + 1] = (cpu.gr[operand.register + 1]! & 0xff00_0000) | operand.length;
}

/** Bytes of one unit of operation: interruptions are taken between units, with the registers telling how far it got. */
const UNIT = 256;

/**
 * Whether an instruction that may be interrupted has to look up after `done` bytes. The subject of EX goes through in
 * one unit: to go on would be to execute EX again, whose registers it may have changed (GA22-7000, "Execute").
 */
const unitEnds = (cpu: Cpu, done: number): boolean => done === UNIT && !cpu.isSubject;

/** Backs up to the instruction itself, so that it goes on where the registers say after whatever is due. */
function resumeLater(cpu: Cpu): void {
  cpu.ia = cpu.instructionAddress;
}

/** Destructive overlap: the first operand is stored into before the same bytes are fetched as second operand. */
function overlapsDestructively(to: LongOperand, from: LongOperand): boolean {
  const moved = Math.min(to.length, from.length);
  if (moved <= 1) return false;
  const distance = (to.address - from.address) & MASK24;
  return distance > 0 && distance < moved;
}

/**
 * MVCL R1,R2 [RR] Move Long. CC: 0 equal lengths · 1 first shorter · 2 first longer · 3 destructive overlap.
 * Interruptible; specification exception for odd registers.
 */
const moveLong: Execute = (cpu, w) => {
  const to = longOperand(cpu, r1(w));
  const from = longOperand(cpu, r2(w));
  const pad = cpu.gr[r2(w) + 1]! >>> 24;
  if (overlapsDestructively(to, from)) {
    updateRegisters(cpu, to);
    updateRegisters(cpu, from);
    cpu.cc = 3;
    return;
  }
  const code = to.length === from.length ? 0 : to.length < from.length ? 1 : 2;
  for (let done = 0; to.length > 0; done++) {
    if (unitEnds(cpu, done)) {
      resumeLater(cpu);
      return;
    }
    const byte = from.length > 0 ? cpu.fetch1(from.address) : pad;
    cpu.store1(to.address, byte);
    cpu.spend(cpu.costs.byte);
    advance(to);
    if (from.length > 0) advance(from);
    // Kept true after each byte: a fault on the next one is taken between units.
    updateRegisters(cpu, to);
    updateRegisters(cpu, from);
  }
  updateRegisters(cpu, to);
  updateRegisters(cpu, from);
  cpu.cc = code;
};
function advance(operand: LongOperand): void {
  operand.address = (operand.address + 1) & MASK24;
  operand.length--;
}

/**
 * CLCL R1,R2 [RR] Compare Logical Long. CC: 0 equal or both lengths zero · 1 first low · 2 first high.
 * On inequality the registers designate the unequal bytes. Interruptible.
 */
const compareLogicalLong: Execute = (cpu, w) => {
  const one = longOperand(cpu, r1(w));
  const two = longOperand(cpu, r2(w));
  const pad = cpu.gr[r2(w) + 1]! >>> 24;
  cpu.cc = 0;
  for (let done = 0; one.length > 0 || two.length > 0; done++) {
    if (unitEnds(cpu, done)) {
      resumeLater(cpu);
      return;
    }
    const a = one.length > 0 ? cpu.fetch1(one.address) : pad;
    const b = two.length > 0 ? cpu.fetch1(two.address) : pad;
    cpu.spend(cpu.costs.byte);
    if (a !== b) {
      cpu.cc = a < b ? 1 : 2;
      break;
    }
    if (one.length > 0) advance(one);
    if (two.length > 0) advance(two);
    updateRegisters(cpu, one);
    updateRegisters(cpu, two);
  }
  updateRegisters(cpu, one);
  updateRegisters(cpu, two);
};

export const STORAGE_TO_STORAGE: readonly Row[] = [
  row(0xd4, 'NC', 'And', 'D1(L,B1),D2(B2)', 'move', andCharacters, { cc: ZERO }),
  row(0xd5, 'CLC', 'Compare Logical', 'D1(L,B1),D2(B2)', 'move', compareLogicalCharacters, { cc: COMPARE }),
  row(0x0f, 'CLCL', 'Compare Logical Long', 'R1,R2', 'move', compareLogicalLong, {
    cc: COMPARE,
    writes: 'r1,r2-pairs',
  }),
  row(0xd7, 'XC', 'Exclusive Or', 'D1(L,B1),D2(B2)', 'move', exclusiveOrCharacters, { cc: ZERO }),
  row(0xd2, 'MVC', 'Move', 'D1(L,B1),D2(B2)', 'move', move),
  row(0x0e, 'MVCL', 'Move Long', 'R1,R2', 'move', moveLong, {
    cc: ['lengths equal', 'first shorter', 'first longer', 'destructive overlap: no movement'],
    writes: 'r1,r2-pairs',
  }),
  row(0xd6, 'OC', 'Or', 'D1(L,B1),D2(B2)', 'move', orCharacters, { cc: ZERO }),
  row(0xdc, 'TR', 'Translate', 'D1(L,B1),D2(B2)', 'move', translate),
  row(0xdd, 'TRT', 'Translate and Test', 'D1(L,B1),D2(B2)', 'move', translateAndTest, {
    cc: ['all function bytes zero', 'nonzero before the last', 'nonzero at the last', '--'],
    writes: 'gr1,gr2',
  }),
];
