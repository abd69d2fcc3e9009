/**
 * Where a case's operands lie, and what stands in registers and storage when the case says nothing else.
 * The recorder and the replay start from the same background, so that a vector holds differences only.
 */

export interface Area {
  readonly at: number;
  readonly length: number;
  /** Byte at offset `i` before any case has changed it. */
  readonly fill: (i: number) => number;
}

/** 8 M of main storage: an address beyond it gives an addressing exception. */
export const STORAGE_SIZE = 0x800000;

/** SVC codes that end a case: behind the instruction, and at every halfword of the landing place of branches. */
export const SVC_BEHIND = 0xe0;
export const SVC_LANDED = 0xe1;

const svc = (code: number) => (i: number) => (i % 2 === 0 ? 0x0a : code);

/** A byte that looks random and depends on the address alone. */
const scattered = (at: number) => (i: number) => (Math.imul(at + i + 1, 0x9e3779b1) >>> 13) & 0xff;

const operands = (at: number, length: number): Area => ({ at, length, fill: scattered(at) });

/** Codes and addresses that interruptions store in EC mode, and the monitor code. */
export const LOW: Area = { at: 0x80, length: 32, fill: () => 0 };
/** The instruction stands here, by default before a boundary of 2 K. */
export const CODE: Area = { at: 0x67f0, length: 32, fill: svc(SVC_BEHIND) };
/** Operand areas: across 4 K, across 2 K, and up to the end of storage. */
export const A = operands(0x2f00, 512);
export const B = operands(0x4700, 512);
export const END = operands(STORAGE_SIZE - 256, 256);

/** Restored before each case and recorded after it. */
export const AREAS: readonly Area[] = [LOW, CODE, A, B, END];

/** Landing place of branches: never changed by a case. */
export const LANDING: Area = { at: 0x5000, length: 0x800, fill: svc(SVC_LANDED) };

export const INSTRUCTION_AT = CODE.at + 4;

/** Blocks of 2 K whose storage keys a case may set: those of A (2), B (2), CODE (2) and END. */
export const KEYED_BLOCKS: readonly number[] = [
  0x2800,
  0x3000,
  0x4000,
  0x4800,
  0x6000,
  0x6800,
  STORAGE_SIZE - 2048,
];

export const backgroundGeneral = (r: number): number => (0x0a53_7c00 + Math.imul(r + 1, 0x1357_9bd1)) | 0;

/** High and low word of floating-point register r (0, 2, 4 or 6). */
export const backgroundFloating = (r: number): readonly [number, number] => [
  0x4212_3450 + r,
  0x89ab_cde0 + r,
];

/** Control registers as the manual's initial values leave them. */
export const backgroundControl = (r: number): number =>
  r === 0 ? 0x0000_00e0 : r === 2 ? -1 : r === 14 ? 0xc200_0000 | 0 : 0;
