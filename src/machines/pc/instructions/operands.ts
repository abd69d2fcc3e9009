/** Operands of decoded instructions: reading, and storing without having changed anything before a fault. */
import type { Cpu } from '../cpu.ts';
import type { Decoded, Execute, Executes } from './row.ts';

/** Offset of the memory operand within its segment. */
export const offsetOf = (cpu: Cpu, i: Decoded): number =>
  (cpu.words[i.base]! + (cpu.words[i.index]! << i.scale) + i.displacement) & i.addressMask;

/** A value of 32 − `shift` bits with its sign extended. */
export const signed = (value: number, shift: number): number => (value << shift) >> shift;

// ---------------------------------------------------------------- E: register or memory

export const getE8 = (cpu: Cpu, i: Decoded): number =>
  i.register ? cpu.octets[i.rm8]! : cpu.load8(i.segment, offsetOf(cpu, i));
export const getE16 = (cpu: Cpu, i: Decoded): number =>
  i.register ? cpu.halves[i.rm << 1]! : cpu.load16(i.segment, offsetOf(cpu, i));
export const getE32 = (cpu: Cpu, i: Decoded): number =>
  i.register ? cpu.words[i.rm]! : cpu.load32(i.segment, offsetOf(cpu, i));

export function setE8(cpu: Cpu, i: Decoded, value: number): void {
  if (i.register) cpu.octets[i.rm8] = value;
  else cpu.store8(i.segment, offsetOf(cpu, i), value);
}
export function setE16(cpu: Cpu, i: Decoded, value: number): void {
  if (i.register) cpu.halves[i.rm << 1] = value;
  else cpu.store16(i.segment, offsetOf(cpu, i), value);
}
export function setE32(cpu: Cpu, i: Decoded, value: number): void {
  if (i.register) cpu.words[i.rm] = value;
  else cpu.store32(i.segment, offsetOf(cpu, i), value);
}

/** Reads what `setE…` will replace: that store then cannot fault. */
export const updateE8 = (cpu: Cpu, i: Decoded): number =>
  i.register ? cpu.octets[i.rm8]! : cpu.update(i.segment, offsetOf(cpu, i), 1);
export const updateE16 = (cpu: Cpu, i: Decoded): number =>
  i.register ? cpu.halves[i.rm << 1]! : cpu.update(i.segment, offsetOf(cpu, i), 2);
export const updateE32 = (cpu: Cpu, i: Decoded): number =>
  i.register ? cpu.words[i.rm]! : cpu.update(i.segment, offsetOf(cpu, i), 4);

// ---------------------------------------------------------------- one description for all operand sizes

/** How an instruction reaches its operands at one size; `shift` = 32 − operand size. */
export interface Width {
  readonly size: 1 | 2 | 4;
  readonly shift: 0 | 16 | 24;
  readonly get: (cpu: Cpu, i: Decoded) => number;
  readonly set: (cpu: Cpu, i: Decoded, value: number) => void;
  readonly update: (cpu: Cpu, i: Decoded) => number;
  readonly getG: (cpu: Cpu, i: Decoded) => number;
  readonly setG: (cpu: Cpu, i: Decoded, value: number) => void;
  readonly getA: (cpu: Cpu) => number;
  readonly setA: (cpu: Cpu, value: number) => void;
  readonly load: (cpu: Cpu, segment: number, offset: number) => number;
  readonly store: (cpu: Cpu, segment: number, offset: number, value: number) => void;
}

export const BYTE: Width = {
  size: 1,
  shift: 24,
  get: getE8,
  set: setE8,
  update: updateE8,
  getG: (cpu, i) => cpu.octets[i.reg8]!,
  setG: (cpu, i, value) => {
    cpu.octets[i.reg8] = value;
  },
  getA: (cpu) => cpu.octets[0]!,
  setA: (cpu, value) => {
    cpu.octets[0] = value;
  },
  load: (cpu, segment, offset) => cpu.load8(segment, offset),
  store: (cpu, segment, offset, value) => cpu.store8(segment, offset, value),
};

export const WORD: Width = {
  size: 2,
  shift: 16,
  get: getE16,
  set: setE16,
  update: updateE16,
  getG: (cpu, i) => cpu.halves[i.reg << 1]!,
  setG: (cpu, i, value) => {
    cpu.halves[i.reg << 1] = value;
  },
  getA: (cpu) => cpu.halves[0]!,
  setA: (cpu, value) => {
    cpu.halves[0] = value;
  },
  load: (cpu, segment, offset) => cpu.load16(segment, offset),
  store: (cpu, segment, offset, value) => cpu.store16(segment, offset, value),
};

export const DOUBLEWORD: Width = {
  size: 4,
  shift: 0,
  get: getE32,
  set: setE32,
  update: updateE32,
  getG: (cpu, i) => cpu.words[i.reg]!,
  setG: (cpu, i, value) => {
    cpu.words[i.reg] = value;
  },
  getA: (cpu) => cpu.words[0]!,
  setA: (cpu, value) => {
    cpu.words[0] = value;
  },
  load: (cpu, segment, offset) => cpu.load32(segment, offset),
  store: (cpu, segment, offset, value) => cpu.store32(segment, offset, value),
};

/** One function for each operand size from one description. */
export const sized = (make: (width: Width) => Execute): Executes => ({
  16: make(WORD),
  32: make(DOUBLEWORD),
});
