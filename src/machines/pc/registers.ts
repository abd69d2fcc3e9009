/** Names and numbers of the registers, and how a fault leaves an instruction. SDM vol. 1, chapter 3; vol. 3A, section 2.5. */

/** Thrown by a fault in the middle of an instruction; `Cpu.faultVector` says which. One object: nothing to allocate. */
export const FAULT = Object.freeze({ fault: true });

/** Indices into `Cpu.words`: the general-purpose registers in the order of their encoding. */
export const EAX = 0;
export const ECX = 1;
export const EDX = 2;
export const EBX = 3;
export const ESP = 4;
export const EBP = 5;
export const ESI = 6;
export const EDI = 7;
/** Always 0: the base or index register of an address that has none. */
export const NONE = 8;
export const EIP = 9;
/** EFLAGS; its status flags count only while `lazy` is false. */
export const EFLAGS = 10;
/** Last result, sign-extended to 32 bits, and the carries out of each bit: what the status flags follow from. */
export const RESULT = 11;
export const CARRIES = 12;

/** Segment registers in the order of their encoding. */
export const ES = 0;
export const CS = 1;
export const SS = 2;
export const DS = 3;
export const FS = 4;
export const GS = 5;
export type SegmentNumber = typeof ES | typeof CS | typeof SS | typeof DS | typeof FS | typeof GS;

export const CR0_PE = 0x1;
export const CR0_MP = 0x2;
export const CR0_EM = 0x4;
export const CR0_TS = 0x8;
export const CR0_ET = 0x10;
export const CR0_NE = 0x20;
export const CR0_AM = 0x40000;
export const CR0_NW = 0x20000000;
export const CR0_CD = 0x40000000;
export const CR0_WP = 0x10000;
export const CR0_PG = 0x80000000 | 0;
export const CR4_TSD = 0x4;
export const CR4_DE = 0x8;
export const CR4_PSE = 0x10;
export const CR4_PAE = 0x20;
export const CR4_PGE = 0x80;
export const CR4_PCE = 0x100;
export const CR4_OSFXSR = 0x200;
export const CR4_VMXE = 0x2000;

/** A system segment register: LDTR, TR. */
export interface SystemSegment {
  readonly selector: number;
  readonly base: number;
  readonly limit: number;
  /** Access byte of the descriptor, 0 if none is loaded. */
  readonly access: number;
}
export const NO_SEGMENT: SystemSegment = { selector: 0, base: 0, limit: 0, access: 0 };
