/** Words of the language: registers, sizes, prefixes, and what mnemonics are called besides their name in the table. */
import { CONDITIONS } from '../../machines/pc/instructions/row.ts';

/** What a register can be used as. */
export type RegisterClass = 'r8' | 'r16' | 'r32' | 'segment' | 'control' | 'debug' | 'float' | 'mmx';

export interface Register {
  readonly class: RegisterClass;
  /** As encoded. */
  readonly number: number;
}

const SETS: readonly (readonly [RegisterClass, readonly string[]])[] = [
  ['r8', ['al', 'cl', 'dl', 'bl', 'ah', 'ch', 'dh', 'bh']],
  ['r16', ['ax', 'cx', 'dx', 'bx', 'sp', 'bp', 'si', 'di']],
  ['r32', ['eax', 'ecx', 'edx', 'ebx', 'esp', 'ebp', 'esi', 'edi']],
  ['segment', ['es', 'cs', 'ss', 'ds', 'fs', 'gs']],
  ['control', ['cr0', 'cr1', 'cr2', 'cr3', 'cr4', 'cr5', 'cr6', 'cr7']],
  ['debug', ['dr0', 'dr1', 'dr2', 'dr3', 'dr4', 'dr5', 'dr6', 'dr7']],
  ['float', ['st0', 'st1', 'st2', 'st3', 'st4', 'st5', 'st6', 'st7']],
  ['mmx', ['mm0', 'mm1', 'mm2', 'mm3', 'mm4', 'mm5', 'mm6', 'mm7']],
];

const REGISTERS: ReadonlyMap<string, Register> = new Map(
  SETS.flatMap(([kind, names]) =>
    names.map((name, number) => [name, { class: kind, number }] as [string, Register]),
  ),
);

/** The register that a word names, in either case; undefined if it names none. */
export const registerNamed = (word: string): Register | undefined => REGISTERS.get(word.toLowerCase());

/** Name of the register of `kind` with this number. */
export const registerName = (kind: RegisterClass, number: number): string =>
  SETS.find(([name]) => name === kind)?.[1][number] ?? '?';

/** Bytes that a size word stands for. */
export const SIZES: Readonly<Record<string, number>> = { byte: 1, word: 2, dword: 4, qword: 8, tword: 10 };

/** Prefix bytes by the words that stand before an instruction; operand and address sizes depend on the mode. */
export const PREFIXES: Readonly<Record<string, number>> = {
  lock: 0xf0,
  rep: 0xf3,
  repe: 0xf3,
  repz: 0xf3,
  repne: 0xf2,
  repnz: 0xf2,
};
export const SIZE_PREFIXES = ['o16', 'o32', 'a16', 'a32'] as const;
export const SEGMENT_PREFIXES = [0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65] as const;

/** Second names of the conditions, by the name in the table. SDM vol. 2D, appendix B.1.4.7. */
const CONDITION_ALIASES: Readonly<Record<string, readonly string[]>> = {
  B: ['C', 'NAE'],
  NB: ['AE', 'NC'],
  Z: ['E'],
  NZ: ['NE'],
  BE: ['NA'],
  NBE: ['A'],
  P: ['PE'],
  NP: ['PO'],
  L: ['NGE'],
  NL: ['GE'],
  LE: ['NG'],
  NLE: ['G'],
};

/** Every name of a condition, by the name in the table. */
export const namesOfCondition = (name: string): readonly string[] => [
  name,
  ...(CONDITION_ALIASES[name] ?? []),
];

/** Every name of a condition with its code. */
export const CONDITION_CODES: readonly (readonly [name: string, code: number])[] = CONDITIONS.flatMap(
  (name, code) => namesOfCondition(name).map((each) => [each, code] as const),
);

/** Other names of mnemonics of the table. */
export const ALIASES: Readonly<Record<string, readonly string[]>> = {
  SHL: ['SAL'],
  LOOPE: ['LOOPZ'],
  LOOPNE: ['LOOPNZ'],
  XLAT: ['XLATB'],
  WAIT: ['FWAIT'],
  INT1: ['ICEBP'],
};

/** Mnemonics whose operand size is part of the name: 16 bits, 32 bits, and without a word for it, the mode's. */
export const SIZED_NAMES: Readonly<Record<string, Readonly<Record<string, 2 | 4 | null>>>> = {
  'CBW/CWDE': { CBW: 2, CWDE: 4 },
  'CWD/CDQ': { CWD: 2, CDQ: 4 },
  PUSHA: { PUSHA: null, PUSHAW: 2, PUSHAD: 4 },
  POPA: { POPA: null, POPAW: 2, POPAD: 4 },
  PUSHF: { PUSHF: null, PUSHFW: 2, PUSHFD: 4 },
  POPF: { POPF: null, POPFW: 2, POPFD: 4 },
  IRET: { IRET: null, IRETW: 2, IRETD: 4 },
};
