/**
 * Images of the x87 unit in memory: FSTENV, FSAVE and their like in the formats of operand size and mode, and the area
 * of FXSAVE. SDM vol. 1, section 8.1.10 and figures 8-9 to 8-12; vol. 2A, "FXSAVE".
 */
import type { Cpu } from '../cpu.ts';
import { GP } from '../exceptions.ts';
import { MAXIMUM } from './extended.ts';
import type { X87 } from './unit.ts';

/** A place in memory: segment and offset, the offset counted within the address size. */
export interface Place {
  readonly segment: number;
  readonly offset: number;
  readonly mask: number;
}
const within = (at: Place, by: number): number => (at.offset + by) & at.mask;

/** Real-address and virtual-8086 mode keep linear addresses in pieces. */
const pieces = (cpu: Cpu): boolean => !cpu.protectedMode || cpu.virtual8086;

const OPCODE = 0x7ff;
const EXCEPTION_MASKS = 0x3f;

/** The seven words of the environment, as fields of 16 bits or of 32. */
function fields(cpu: Cpu, wide: boolean): number[] {
  const { x87 } = cpu;
  const { opcode, instruction, codeSelector, operand, dataSelector } = x87.pointers;
  const words = [x87.control, x87.status, x87.tags];
  const high = wide ? 0xffff0000 : 0;
  const upper = words.map((word) => word | high);
  if (!pieces(cpu)) {
    const code = wide ? codeSelector | (opcode << 16) : codeSelector;
    return [...upper, instruction, code, operand, dataSelector | high];
  }
  const ip = (instruction + (codeSelector << 4)) | 0;
  const dp = (operand + (dataSelector << 4)) | 0;
  if (wide) {
    const rest = (linear: number): number => (linear >>> 16) << 12;
    return [...upper, (ip & 0xffff) | high, rest(ip) | opcode, (dp & 0xffff) | high, rest(dp)];
  }
  const nibble = (linear: number): number => ((linear >>> 16) & 15) << 12;
  return [...upper, ip & 0xffff, nibble(ip) | opcode, dp & 0xffff, nibble(dp)];
}

const sizeOf = (wide: boolean): 2 | 4 => (wide ? 4 : 2);
/** Bytes of the environment. */
const lengthOf = (wide: boolean): number => 7 * sizeOf(wide);

/** Nothing is stored unless all can be. */
function demand(cpu: Cpu, at: Place, bytes: number): void {
  for (let by = 0; by < bytes; by += 2) cpu.update(at.segment, within(at, by), 2);
}

function storeFields(cpu: Cpu, at: Place, wide: boolean): void {
  fields(cpu, wide).forEach((value, k) => {
    const offset = within(at, k * sizeOf(wide));
    if (wide) cpu.store32(at.segment, offset, value);
    else cpu.store16(at.segment, offset, value);
  });
}

/** FNSTENV masks all exceptions afterwards. */
export function storeEnvironment(cpu: Cpu, at: Place, wide: boolean): void {
  demand(cpu, at, lengthOf(wide));
  storeFields(cpu, at, wide);
  cpu.x87.control |= EXCEPTION_MASKS;
}

export function loadEnvironment(cpu: Cpu, at: Place, wide: boolean): void {
  const get = (k: number): number => {
    const offset = within(at, k * sizeOf(wide));
    return wide ? cpu.load32(at.segment, offset) : cpu.load16(at.segment, offset);
  };
  const [control, status, tags, ip, code, dp, data] = [0, 1, 2, 3, 4, 5, 6].map(get) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number, // prettier-ignore
  ];
  const { x87 } = cpu;
  x87.control = control & 0xffff;
  x87.status = status & 0xffff;
  x87.tags = tags & 0xffff;
  if (!pieces(cpu)) {
    const opcode = wide ? (code >>> 16) & OPCODE : x87.pointers.opcode;
    const [codeSelector, dataSelector] = [code & 0xffff, data & 0xffff];
    x87.pointers = { opcode, instruction: ip, codeSelector, operand: dp, dataSelector };
    return;
  }
  const linear = (low: number, high: number): number => (low & 0xffff) | ((high >>> 12) << 16);
  x87.pointers = {
    opcode: code & OPCODE,
    instruction: linear(ip, code),
    codeSelector: 0,
    operand: linear(dp, data),
    dataSelector: 0,
  };
}

// ---------------------------------------------------------------- FSAVE, FRSTOR: the registers in order of the stack,
// by halves, because only the image as a whole lies at a multiple of its word

export function saveAll(cpu: Cpu, at: Place, wide: boolean): void {
  const length = lengthOf(wide);
  demand(cpu, at, length + 80);
  storeFields(cpu, at, wide);
  for (let i = 0; i < 8; i++) storeRegister(cpu, at, length + 10 * i, i);
  cpu.x87.initialize();
}

export function restoreAll(cpu: Cpu, at: Place, wide: boolean): void {
  const length = lengthOf(wide);
  const values = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => readRegister(cpu, at, length + 10 * i));
  loadEnvironment(cpu, at, wide);
  values.forEach((value, i) => putRegister(cpu.x87, i, value));
}

interface Contents {
  readonly significand: bigint;
  readonly exponent: number;
}

function storeRegister(cpu: Cpu, at: Place, by: number, i: number): void {
  const { negative, exponent, significand } = cpu.x87.get(i);
  for (let k = 0; k < 4; k++)
    cpu.store16(at.segment, within(at, by + 2 * k), Number((significand >> BigInt(16 * k)) & 0xffffn));
  cpu.store16(at.segment, within(at, by + 8), exponent | (negative ? 0x8000 : 0));
}

function readRegister(cpu: Cpu, at: Place, by: number): Contents {
  let significand = 0n;
  for (let k = 3; k >= 0; k--)
    significand = (significand << 16n) | BigInt(cpu.load16(at.segment, within(at, by + 2 * k)));
  return { significand, exponent: cpu.load16(at.segment, within(at, by + 8)) };
}

/** The tag stays what the environment says. */
function putRegister(x87: X87, i: number, { significand, exponent }: Contents): void {
  const { occupied } = x87;
  x87.set(i, { negative: exponent > MAXIMUM, exponent: exponent & MAXIMUM, significand });
  x87.occupied = occupied;
}

// ---------------------------------------------------------------- FXSAVE, FXRSTOR

const AREA = 512;
const ALIGNMENT = 15;
const REGISTERS_AT = 32;
/** Without SSE the words of MXCSR and the XMM registers are left alone. */
const STORED = REGISTERS_AT + 8 * 16;

function demandAligned(cpu: Cpu, at: Place): void {
  if (((at.offset + cpu.bases[at.segment]!) & ALIGNMENT) !== 0) cpu.fault(GP, 0);
}

export function saveExtended(cpu: Cpu, at: Place): void {
  demandAligned(cpu, at);
  demand(cpu, at, AREA);
  const { x87 } = cpu;
  const { opcode, instruction, codeSelector, operand, dataSelector } = x87.pointers;
  const words = [x87.control, x87.status, x87.occupied, opcode];
  words.forEach((word, k) => cpu.store16(at.segment, within(at, 2 * k), word));
  const pointers = [instruction, codeSelector, operand, dataSelector];
  pointers.forEach((value, k) => cpu.store32(at.segment, within(at, 8 + 4 * k), value));
  for (let i = 0; i < 8; i++) {
    const by = REGISTERS_AT + 16 * i;
    storeRegister(cpu, at, by, i);
    cpu.store16(at.segment, within(at, by + 10), 0);
    cpu.store32(at.segment, within(at, by + 12), 0);
  }
}

export function restoreExtended(cpu: Cpu, at: Place): void {
  demandAligned(cpu, at);
  const half = (by: number): number => cpu.load16(at.segment, within(at, by));
  const word = (by: number): number => cpu.load32(at.segment, within(at, by));
  word(STORED - 4);
  const values = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => readRegister(cpu, at, REGISTERS_AT + 16 * i));
  const { x87 } = cpu;
  x87.control = half(0);
  x87.status = half(2);
  x87.occupied = half(4) & 0xff;
  x87.pointers = {
    opcode: half(6) & OPCODE,
    instruction: word(8),
    codeSelector: half(12),
    operand: word(16),
    dataSelector: half(20),
  };
  values.forEach((value, i) => putRegister(x87, i, value));
}
