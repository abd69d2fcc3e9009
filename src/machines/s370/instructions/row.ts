/**
 * What one row of the instruction table says. The table is the only description of an instruction: the processor
 * executes from it, disassembler, assembler, reference pages and the sensitivity classifier read it.
 */
import type { Cpu } from '../cpu.ts';
import type { CostClass } from '../models.ts';

/**
 * Operands in assembler syntax, which also fixes how they are encoded (GA22-7000, "Instruction Formats").
 * R/M: register or mask field; I: immediate byte; D(X,B), D(B), D(L,B): storage operands.
 */
export type Operands =
  | '' // S, no operand (PTLB); RRE-like two-byte codes without operands
  | 'R1,R2' // RR
  | 'M1,R2' // RR, branch mask (BCR)
  | 'R1' // RR, second field ignored (SPM)
  | 'I' // RR, both fields one immediate byte (SVC)
  | 'R1,D2(X2,B2)' // RX
  | 'M1,D2(X2,B2)' // RX, branch mask (BC)
  | 'R1,R3,D2(B2)' // RS
  | 'R1,D2(B2)' // RS shift: R3 ignored
  | 'R1,M3,D2(B2)' // RS with mask (ICM, CLM, STCM)
  | 'D1(B1),I2' // SI
  | 'D2(B2)' // S, or SI with the immediate ignored (LPSW, SSM)
  | 'D1(B1)' // SI without immediate (TS)
  | 'D1(L,B1),D2(B2)' // SS, one length of 8 bits
  | 'D1(L1,B1),D2(L2,B2)' // SS, two lengths of 4 bits
  | 'D1(L1,B1),D2(B2),I3'; // SS, length and rounding digit (SRP)

/**
 * Executes one instruction. `word` is its first four bytes; further halfwords come from `cpu.thirdHalfword()`.
 * The instruction address has already been advanced; a fault leaves by `cpu.program(code)`, which throws.
 */
export type Execute = (cpu: Cpu, word: number) => void;

/** What makes an instruction sensitive in the sense of Popek and Goldberg (CACM 17(7), 1974). */
export type Sensitivity = 'control' | 'behaviour';

export interface Row {
  /** One byte (X'1A') or, for extended codes, two (X'B202'). */
  readonly opcode: number;
  readonly mnemonic: string;
  /** The manual's title. */
  readonly title: string;
  readonly operands: Operands;
  readonly execute: Execute;
  readonly cost: CostClass;
  /** Program interruption X'0002' in the problem state. */
  readonly privileged?: true;
  readonly sensitive?: Sensitivity;
  /** Meaning of condition codes 0 … 3, or absent when the code stays unchanged. '--' = that code is not set. */
  readonly cc?: readonly [string, string, string, string];
  /** General registers the instruction replaces: a field name, a fixed register, or a range; read by PER. */
  readonly writes?: 'r1' | 'r1-pair' | 'r1,r2-pairs' | 'r1..r3' | 'gr1' | 'gr1,gr2' | 'gr2';
  /** What of the instruction is missing or simplified, for the support matrix. */
  readonly partial?: string;
}

/** One row, in the order in which the manual's summary prints it. */
export const row = (
  opcode: number,
  mnemonic: string,
  title: string,
  operands: Operands,
  cost: CostClass,
  execute: Execute,
  more: Pick<Row, 'privileged' | 'sensitive' | 'cc' | 'writes' | 'partial'> = {},
): Row => ({ opcode, mnemonic, title, operands, cost, execute, ...more });

/** Length in bytes that the first byte of an instruction gives (bits 0 and 1). */
export const instructionLength = (firstByte: number): 2 | 4 | 6 =>
  firstByte < 0x40 ? 2 : firstByte < 0xc0 ? 4 : 6;

/** First bytes whose second byte is part of the operation code. */
export const EXTENDED_CODES: ReadonlySet<number> = new Set([0x9c, 0x9d, 0x9e, 0x9f, 0xb2, 0xe5, 0xe6, 0x01]);
