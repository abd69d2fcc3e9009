/**
 * What one row of the instruction table says. The table is the only description of an instruction: decoder,
 * disassembler, assembler, reference pages and the sensitivity classifier read it.
 */
import type { Cpu } from '../cpu.ts';
import type { CostClass, Feature } from '../models/classes.ts';
import type { Intercept } from '../vmx/intercepts.ts';

/**
 * Operands in the notation of SDM vol. 2D, appendix A.2. First letter, the place: E register or memory by ModRM;
 * G, S, C, D register by ModRM.reg (general, segment, control, debug); M memory only; R general register only by
 * ModRM; P and Q, N the same of MMX registers: by ModRM.reg, register or memory, register only; I immediate; J relative; A far pointer; O memory by offset; X, Y string source and destination; Z register
 * in the opcode; the rest are fixed registers. Second part, the size: b byte, w word, d doubleword, v word or
 * doubleword by operand size, z immediate of that size (sign not extended), bs byte sign-extended, p far pointer,
 * a pair of bounds, q quadword, s table register of 6 bytes, t ten bytes; none for an address without access or a
 * structure. ST and STi are the top of the x87 stack and the register that the low three bits name.
 */
export type Operand =
  | 'Eb'
  | 'Ew'
  | 'Ev'
  | 'Ed' // prettier-ignore
  | 'Gb'
  | 'Gw'
  | 'Gd'
  | 'Gv'
  | 'Ib'
  | 'Ibs'
  | 'Iw'
  | 'Iz'
  | '1'
  | 'Jb'
  | 'Jz'
  | 'Ap'
  | 'M'
  | 'Ma'
  | 'Md'
  | 'Mp'
  | 'Mq'
  | 'Ms'
  | 'Mt'
  | 'Mw'
  | 'Nq'
  | 'Ob'
  | 'Ov'
  | 'Pq'
  | 'Qd'
  | 'Qq'
  | 'Rv'
  | 'Rd'
  | 'Sw'
  | 'Cd'
  | 'Dd'
  | 'Xb'
  | 'Xv'
  | 'Yb'
  | 'Yv'
  | 'Zb'
  | 'Zv'
  | 'AL'
  | 'CL'
  | 'DX'
  | 'AX'
  | 'eAX'
  | 'ES'
  | 'CS'
  | 'SS'
  | 'DS'
  | 'FS'
  | 'GS'
  | 'ST'
  | 'STi';

/** One instruction as decoded: its bytes taken apart, ready to execute again and again. */
export interface Decoded {
  readonly row: Row;
  readonly execute: Execute;
  readonly cycles: number;
  /** Bytes, prefixes included. */
  readonly length: number;
  /** Last of its block. */
  readonly ends: boolean;
  /** Operand size is 32 bits rather than 16. */
  readonly wide: boolean;
  /** −1 or 0xFFFF: what an address is cut to. */
  readonly addressMask: number;
  /** Segment of the memory operand: the default one or that of the prefix. */
  readonly segment: number;
  /** 0, or the prefix F2 or F3. */
  readonly repeat: number;
  readonly lock: boolean;
  /** Low four bits of the opcode: the condition of Jcc, SETcc, CMOVcc. */
  readonly condition: number;
  /** ModRM.reg, or the register in the opcode; and the place of that byte register. */
  readonly reg: number;
  readonly reg8: number;
  /** ModRM.rm names a register. */
  readonly register: boolean;
  readonly rm: number;
  readonly rm8: number;
  /** Address of the memory operand: words[base] + (words[index] << scale) + displacement. */
  readonly base: number;
  readonly index: number;
  readonly scale: number;
  readonly displacement: number;
  /** Immediate, relative distance, offset of a far pointer or of an O operand; of x87 instructions the opcode register. */
  readonly immediate: number;
  /** Second immediate: selector of a far pointer, level of ENTER. */
  readonly immediate2: number;
}

/**
 * Executes one instruction. EIP has already been advanced; a fault leaves by `cpu.fault`, before anything is changed.
 */
export type Execute = (cpu: Cpu, i: Decoded) => void;

/** One function for both operand sizes, or one for each. */
export type Executes = Execute | { readonly 16: Execute; readonly 32: Execute };

/** Who may execute an instruction, else #GP(0). */
export type Privilege =
  | 'cpl0' // only at CPL 0
  | 'iopl' // CPL ≤ IOPL: CLI, STI
  | 'port' // CPL ≤ IOPL, else the I/O permission bit map decides
  | 'virtual8086'; // free, but in virtual-8086 mode only with IOPL 3: PUSHF, POPF, INT n, IRET

/** What makes an instruction sensitive in the sense of Popek and Goldberg (CACM 17(7), 1974). */
export type Sensitivity = 'control' | 'behaviour';

export interface Row {
  /**
   * Opcode bytes in hexadecimal; `/n`: ModRM.reg belongs to it; `+r`: the low three bits name a register;
   * `+cc`: the low four bits are a condition; `+i`: the low three bits name an x87 register. Escapes D8 to DF have two
   * bytes where the second is no ModRM of an operand in memory, and so has 0F 01 for some of its register forms; a
   * first byte 66 or F3 is a prefix without which the bytes are another instruction. SDM vol. 2A, section 3.1.1.
   */
  readonly opcode: string;
  readonly mnemonic: string;
  readonly title: string;
  readonly operands: readonly Operand[];
  readonly cost: CostClass;
  readonly execute: Executes;
  readonly privilege?: Privilege;
  readonly sensitive?: Sensitivity;
  /** #UD in real-address and virtual-8086 mode. */
  readonly protectedOnly?: true;
  /** Ends a block: transfers control, reads the clock, or changes how code is to be read. */
  readonly ends?: true;
  /** LOCK is allowed where the destination is in memory. */
  readonly lock?: true;
  /** Status flags that the instruction sets by its result, and those it leaves undefined: letters of OSZAPC. */
  readonly flags?: string;
  readonly undefinedFlags?: string;
  /** Only processors with this feature have it; elsewhere it is #UD. */
  readonly since?: Feature;
  /** Asked first while a guest of VT-x executes it. */
  readonly exits?: Intercept;
  /** Belongs to the x87 unit. */
  readonly x87?: true;
  /** Works on the MMX registers. */
  readonly mmx?: true;
  /** A second encoding that the manual does not list: decoded, but never assembled. */
  readonly alias?: true;
  /** What of the instruction is missing or simplified, for the support matrix. */
  readonly partial?: string;
}

type More = Omit<Partial<Row>, 'opcode' | 'mnemonic' | 'title' | 'operands' | 'cost' | 'execute'>;

/** One row; `operands` as the manual prints them, separated by commas. */
export const row = (
  opcode: string,
  mnemonic: string,
  title: string,
  operands: string,
  cost: CostClass,
  execute: Executes,
  more: More = {},
): Row => ({
  opcode,
  mnemonic,
  title,
  operands: operands === '' ? [] : (operands.split(',') as Operand[]),
  cost,
  execute,
  ...more,
});

/** Mnemonic endings of the conditions, by their code. SDM vol. 2D, appendix B.1.4.7. */
export const CONDITIONS = [
  'O',
  'NO',
  'B',
  'NB',
  'Z',
  'NZ',
  'BE',
  'NBE',
  'S',
  'NS',
  'P',
  'NP',
  'L',
  'NL',
  'LE',
  'NLE', // prettier-ignore
] as const;
