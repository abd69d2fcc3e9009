/**
 * How each instruction of a guest's kernel is translated: the table that the translator goes by and the reference page
 * shows. The first rule that fits counts; what none names is copied as it is. Adams and Agesen, ASPLOS 2006, section 3.
 */
import type { Decoded, Row } from '../../machines/pc/instructions/row.ts';
import { CS, DS, ES, FS, GS, SS } from '../../machines/pc/registers.ts';
import type { Emitter } from './emitter.ts';
import { doubleword } from './emitter.ts';
import { CONTROL, LDTR, TR } from './layout.ts';
import {
  clearInterruptFlag,
  indirectCall,
  indirectJump,
  loadSegment,
  nearReturn,
  popFlags,
  pushFlags,
  setInterruptFlag,
} from './sequences.ts';

/**
 * Identical: the same bytes. Inline: other instructions that do it to the virtual state. Control: what leads to other
 * guest code leads to its translation. Call-out: the monitor emulates it.
 */
export type Treatment = 'identical' | 'inline' | 'control' | 'call-out';

/** An instruction of the guest and what its translation depends on. */
export interface Source {
  readonly decoded: Decoded;
  readonly bytes: readonly number[];
  /** Index of the opcode byte behind the prefixes. */
  readonly opcodeAt: number;
  readonly eip: number;
  /** Address of the instruction behind it. */
  readonly next: number;
  readonly iopl: number;
  readonly codeSelector: number;
  /** Highest offset in the code segment. */
  readonly codeLimit: number;
  readonly gdtBase: number;
}

export interface Rule {
  /** Instructions as the manual writes them. */
  readonly instructions: string;
  /** One of them for the reference page, as a source line at label `l`. */
  readonly example: string;
  readonly treatment: Treatment;
  /** Rows of the instruction table that it may concern, and of these the instructions that it does, if not all. */
  rows(row: Row): boolean;
  readonly fits?: (source: Source) => boolean;
  /** Null: a call-out. */
  readonly emit: ((e: Emitter, source: Source) => void) | null;
}

const FLAT = 0xffffffff;
const CONDITIONAL = /^J(?!MP|ECXZ)/;
const LOOPS = /^(?:LOOP|JECXZ)/;

const target = ({ next, decoded }: Source): number => (next + decoded.immediate) | 0;
const named =
  (...mnemonics: readonly string[]) =>
  ({ mnemonic }: Row): boolean =>
    mnemonics.includes(mnemonic);
const opcode =
  (...opcodes: readonly string[]) =>
  (row: Row): boolean =>
    opcodes.includes(row.opcode);
const wide = ({ decoded }: Source): boolean => decoded.wide;
/** The destination lies in the code segment, else the instruction faults. */
const near = (source: Source): boolean => source.decoded.wide && target(source) >>> 0 <= source.codeLimit;
/** Destinations that only the processor learns need a code segment of all addresses. */
const anywhere = (source: Source): boolean => source.decoded.wide && source.codeLimit === FLAT;

const reachesMemory = ({ mnemonic, operands }: Row): boolean =>
  mnemonic === 'XLAT' || operands.some((o) => /^[EMOX]/.test(o));
/** Segment registers that stand for the monitor's own while kernel code is translated. */
const throughMonitor = ({ decoded: { register, row, segment } }: Source): boolean =>
  (!register || row.mnemonic === 'XLAT') && (segment === GS || segment === CS);

const controlRegister = ({ decoded: { reg } }: Source): number => CONTROL + 4 * [0, -1, 1, 2, 3][reg]!;
const isReadable = ({ decoded: { reg } }: Source): boolean => reg === 0 || (reg >= 2 && reg <= 4);
const operandOf = ({ bytes, opcodeAt }: Source): readonly number[] => bytes.slice(opcodeAt + 1);
const prefixesOf = ({ bytes, opcodeAt }: Source): readonly number[] => bytes.slice(0, opcodeAt);

const loop = (e: Emitter, source: Source): void => {
  // The short jump hops over the way straight on.
  e.put(...prefixesOf(source), source.bytes[source.opcodeAt]!, 5);
  e.exit(source.next);
  e.exit(target(source));
};

const conditional = (e: Emitter, source: Source): void => {
  e.put(0x0f, 0x80 | source.decoded.condition);
  const branch = e.at;
  e.put(5, 0, 0, 0);
  e.exit(source.next);
  e.exit(target(source), branch);
};

export const RULES: readonly Rule[] = [
  {
    instructions: 'any with an operand in CS: or GS:',
    example: 'mov eax, [cs:ebx]',
    treatment: 'call-out',
    rows: reachesMemory,
    fits: throughMonitor,
    emit: null,
  },
  {
    instructions: 'Jcc',
    example: 'jnz l',
    treatment: 'control',
    rows: ({ mnemonic }) => CONDITIONAL.test(mnemonic),
    fits: near,
    emit: conditional,
  },
  {
    instructions: 'LOOP, LOOPcc, JECXZ',
    example: 'loop l',
    treatment: 'control',
    rows: ({ mnemonic }) => LOOPS.test(mnemonic),
    fits: near,
    emit: loop,
  },
  {
    instructions: 'JMP rel',
    example: 'jmp l',
    treatment: 'control',
    rows: opcode('EB', 'E9'),
    fits: near,
    emit: (e, s) => {
      e.exit(target(s));
    },
  },
  {
    instructions: 'CALL rel',
    example: 'call l',
    treatment: 'control',
    rows: opcode('E8'),
    fits: near,
    emit: (e, s) => {
      e.put(0x68, ...doubleword(s.next));
      e.exit(target(s));
    },
  },
  {
    instructions: 'RET',
    example: 'ret',
    treatment: 'control',
    rows: opcode('C3', 'C2'),
    fits: anywhere,
    emit: (e, s) => {
      nearReturn(e, s.decoded.row.opcode === 'C2' ? s.decoded.immediate : 0);
    },
  },
  {
    instructions: 'JMP r/m32',
    example: 'jmp [ebx]',
    treatment: 'control',
    rows: opcode('FF /4'),
    fits: anywhere,
    emit: (e, s) => {
      indirectJump(e, prefixesOf(s), operandOf(s));
    },
  },
  {
    instructions: 'CALL r/m32',
    example: 'call eax',
    treatment: 'control',
    rows: opcode('FF /2'),
    fits: anywhere,
    emit: (e, s) => {
      indirectCall(e, prefixesOf(s), operandOf(s), s.next);
    },
  },
  {
    instructions: 'CLI',
    example: 'cli',
    treatment: 'inline',
    rows: named('CLI'),
    emit: (e, s) => {
      clearInterruptFlag(e, s.iopl);
    },
  },
  {
    instructions: 'STI',
    example: 'sti',
    treatment: 'inline',
    rows: named('STI'),
    emit: (e, s) => {
      setInterruptFlag(e, s.iopl, s.next);
    },
  },
  {
    instructions: 'PUSHF',
    example: 'pushfd',
    treatment: 'inline',
    rows: opcode('9C'),
    fits: wide,
    emit: pushFlags,
  },
  {
    instructions: 'POPF',
    example: 'popfd',
    treatment: 'inline',
    rows: opcode('9D'),
    fits: wide,
    emit: (e, s) => {
      popFlags(e, s.iopl, s.next);
    },
  },
  {
    instructions: 'MOV r32, CR0 / CR2 / CR3 / CR4',
    example: 'mov eax, cr0',
    treatment: 'inline',
    rows: opcode('0F 20'),
    fits: isReadable,
    emit: (e, s) => {
      e.load(s.decoded.rm, controlRegister(s));
    },
  },
  {
    instructions: 'SMSW r32',
    example: 'smsw eax',
    treatment: 'inline',
    rows: opcode('0F 01 /4'),
    fits: (s) => wide(s) && s.decoded.register,
    emit: (e, s) => {
      e.load(s.decoded.rm, CONTROL);
    },
  },
  {
    instructions: 'SLDT r32, STR r32',
    example: 'str eax',
    treatment: 'inline',
    rows: opcode('0F 00 /0', '0F 00 /1'),
    fits: (s) => wide(s) && s.decoded.register,
    emit: (e, s) => {
      e.load(s.decoded.rm, s.decoded.row.mnemonic === 'STR' ? TR : LDTR);
    },
  },
  {
    instructions: 'MOV r32, CS',
    example: 'mov eax, cs',
    treatment: 'inline',
    rows: opcode('8C'),
    fits: (s) => wide(s) && s.decoded.register && s.decoded.reg === CS,
    emit: (e, s) => {
      e.put(0xb8 | s.decoded.rm, ...doubleword(s.codeSelector));
    },
  },
  {
    instructions: 'MOV DS / ES / FS, r32',
    example: 'mov es, eax',
    treatment: 'inline',
    rows: opcode('8E'),
    fits: (s) => wide(s) && s.decoded.register && [DS, ES, FS].some((each) => each === s.decoded.reg),
    emit: (e, s) => {
      loadSegment(e, s.decoded.reg, s.decoded.rm, s.gdtBase);
    },
  },
  {
    instructions: 'POP DS / ES / FS',
    example: 'pop ds',
    treatment: 'inline',
    rows: opcode('1F', '07', '0F A1'),
    fits: wide,
    emit: (e, s) => {
      const segment = { '1F': DS, '07': ES, '0F A1': FS }[s.decoded.row.opcode]!;
      loadSegment(e, segment, 'stack', s.gdtBase);
    },
  },
  {
    instructions: 'MOV and PUSH of CS, SS, GS; MOV, POP and LxS of segment registers otherwise',
    example: 'push cs',
    treatment: 'call-out',
    rows: ({ opcode: code, mnemonic }) =>
      /^(?:8C|8E|0E|16|0F A8|1F|07|17|0F A1|0F A9)$/.test(code) || /^L[DEFGS]S$/.test(mnemonic),
    fits: ({ decoded: { row, reg } }) => row.opcode !== '8C' || [CS, SS, GS].some((each) => each === reg),
    emit: null,
  },
  {
    instructions:
      'control transfers of 16 bits, far or beyond the code segment; INT n, INT1, INT3, INTO, IRET, UD2',
    example: 'iretd',
    treatment: 'call-out',
    rows: ({ mnemonic }) => /^(?:J|LOOP|CALL|RET|INT|IRET|UD2|\(bad\)|SYSENTER|SYSEXIT)/.test(mnemonic),
    emit: null,
  },
  {
    instructions:
      'HLT, IN, OUT, INS, OUTS, LGDT, LIDT, LLDT, LTR, LMSW, CLTS, INVLPG, MOV to CRn, DRn, RDMSR, WRMSR …',
    example: 'in al, dx',
    treatment: 'call-out',
    rows: ({ privilege }) => privilege !== undefined,
    emit: null,
  },
  {
    instructions: 'SGDT, SIDT, SLDT, STR, SMSW, LAR, LSL, VERR, VERW, RDTSC, RDPMC',
    example: 'sgdt [ebx]',
    treatment: 'call-out',
    rows: (row) => row.sensitive !== undefined && !named('CPUID', 'PUSH', 'POP', 'MOV')(row),
    emit: null,
  },
  {
    instructions: 'FNSTENV, FNSAVE, FXSAVE: they store where the last x87 instruction stood',
    example: 'fnsave [ebx]',
    treatment: 'call-out',
    rows: named('FNSTENV', 'FNSAVE', 'FXSAVE', 'FSTENV', 'FSAVE'),
    emit: null,
  },
];

/** For each row met so far, the rules that may concern it. */
const BY_ROW = new Map<Row, readonly Rule[]>();
function rulesOf(row: Row): readonly Rule[] {
  const known = BY_ROW.get(row);
  if (known) return known;
  const rules = RULES.filter((rule) => rule.rows(row));
  BY_ROW.set(row, rules);
  return rules;
}

export const ruleFor = (source: Source): Rule | null =>
  rulesOf(source.decoded.row).find(({ fits }) => !fits || fits(source)) ?? null;
