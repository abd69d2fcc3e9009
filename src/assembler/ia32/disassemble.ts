/** The disassembler: one instruction at a time, written as the assembler reads it. */
import { hex, hexBytes } from '../../base/bits.ts';
import { ANY_PROCESSOR, decode } from '../../machines/pc/instructions/decode.ts';
import { CONDITIONS, type Decoded, type Row } from '../../machines/pc/instructions/row.ts';
import { bytesOf, followsSize, isSelector } from './match.ts';
import { registerName, registerNamed, SIZED_NAMES, SIZES, type RegisterClass } from './names.ts';

export interface Disassembled {
  /** Mnemonic and operands, or `db` with the byte where no instruction begins. */
  readonly text: string;
  /** Bytes taken. */
  readonly length: number;
  readonly mnemonic: string;
  readonly operands: string;
  /** Null for bytes that are no instruction. */
  readonly row: Row | null;
}

export interface DisassembleOptions {
  /** Address of the first byte, from which targets of jumps are reckoned. */
  readonly address?: number;
  /** Mode of the code segment. */
  readonly bits?: 16 | 32;
}

const NONE = '';
const GENERAL: Readonly<Record<number, RegisterClass>> = { 1: 'r8', 2: 'r16', 4: 'r32' };
const SIZE_WORDS: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(SIZES).map(([word, size]) => [size, word]),
);
const EBP = 5;
const ESP = 4;
const [SS, DS] = [2, 3];

/** The instruction that `bytes` begin at `offset`. Never fails: what is no instruction is shown as data. */
export function disassembleIa32(
  bytes: Uint8Array,
  offset = 0,
  options: DisassembleOptions = {},
): Disassembled {
  const { address = 0, bits = 32 } = options;
  const first = bytes[offset];
  if (first === undefined) return { text: NONE, length: 0, mnemonic: NONE, operands: NONE, row: null };
  const decoded = decode((i) => bytes[offset + i] ?? -1, bits === 32, ANY_PROCESSOR);
  if (!decoded || decoded.row.opcode === 'none' || namesNoRegister(decoded)) {
    const operands = `0x${hexBytes([first])}`;
    return { text: `db ${operands}`, length: 1, mnemonic: 'db', operands, row: null };
  }
  const writer = new Text(decoded, address, bits);
  const { mnemonic, operands } = writer;
  return {
    text: operands === NONE ? mnemonic : `${mnemonic} ${operands}`,
    length: decoded.length,
    mnemonic,
    operands,
    row: decoded.row,
  };
}

/** A decoded instruction as the assembler reads it; `address` is its own. */
export function writtenIa32(decoded: Decoded, address: number, bits: 16 | 32): string {
  if (decoded.row.opcode === 'none') return '(no instruction)';
  const { mnemonic, operands } = new Text(decoded, address, bits);
  return operands === NONE ? mnemonic : `${mnemonic} ${operands}`;
}

/** There are six segment registers; the other two codes raise #UD. */
const namesNoRegister = ({ row, reg }: Decoded): boolean => row.operands.includes('Sw') && reg > 5;

const number = (value: number): string => `0x${hex(value, 1)}`;
const signed = (value: number): string => (value < 0 ? `-${number(-value)}` : number(value));

/** The text of one decoded instruction. */
class Text {
  readonly mnemonic: string;
  readonly operands: string;
  private readonly decoded: Decoded;
  private readonly address: number;
  private readonly wideMode: boolean;

  constructor(decoded: Decoded, address: number, bits: 16 | 32) {
    this.decoded = decoded;
    this.address = address;
    this.wideMode = bits === 32;
    const texts = this.shown.map((notation) => this.operand(notation));
    // ModRM.reg first: so do other assemblers, to whom both orders are one.
    if (decoded.row.mnemonic === 'XCHG' && decoded.register) texts.reverse();
    this.operands = texts.join(', ') + this.counter();
    this.mnemonic = `${this.prefixes()}${this.name()}`.toLowerCase();
  }

  private get size(): 2 | 4 {
    return this.decoded.wide ? 4 : 2;
  }
  private get wideAddress(): boolean {
    return this.decoded.addressMask !== 0xffff;
  }
  private get isString(): boolean {
    return this.decoded.row.operands.some((operand) => /^[XY]/.test(operand));
  }
  /** Exchanging the accumulator with itself does nothing. */
  private get isNop(): boolean {
    return this.decoded.row.opcode === '90+r' && this.decoded.reg === 0;
  }
  /** Operands that are written; those of strings are implied. */
  private get shown(): readonly string[] {
    return this.isString || this.isNop ? [] : this.decoded.row.operands;
  }

  private name(): string {
    const { row, wide, condition, repeat } = this.decoded;
    if (this.isNop) return repeat === 0xf3 ? 'pause' : 'nop';
    if (row.opcode.includes('+cc')) return row.mnemonic + CONDITIONS[condition]!;
    const sized = SIZED_NAMES[row.mnemonic];
    if (sized) {
      const [plain] = Object.entries(sized).find(([, size]) => size === null) ?? [];
      if (plain !== undefined && wide === this.wideMode) return plain;
      return Object.entries(sized).find(([, size]) => size === this.size)![0];
    }
    if (this.isString) {
      const byte = row.operands.some((operand) => /^[XY]b$/.test(operand));
      return row.mnemonic + (byte ? 'b' : wide ? 'd' : 'w');
    }
    if (row.mnemonic === 'JECXZ') return this.wideAddress ? 'jecxz' : 'jcxz';
    if (row.mnemonic === 'RET' && /^C[AB]$/.test(row.opcode)) return 'retf';
    return row.mnemonic;
  }

  private prefixes(): string {
    const { row, lock, repeat, segment, wide } = this.decoded;
    let text = lock ? 'lock ' : '';
    if (this.isString && repeat !== 0) text += repeat === 0xf2 ? 'repne ' : 'rep ';
    if (this.isString && row.operands.some((operand) => operand.startsWith('X')) && segment !== DS)
      text += `${registerName('segment', segment)} `;
    if (row.mnemonic === 'XLAT' && segment !== DS) text += `${registerName('segment', segment)} `;
    if (wide !== this.wideMode && !this.tellsSize) text += wide ? 'o32 ' : 'o16 ';
    if (this.wideAddress !== this.wideMode && !this.tellsAddress) text += this.wideAddress ? 'a32 ' : 'a16 ';
    return text;
  }

  /** Name or operands tell the operand size where it is not the mode's. */
  private get tellsSize(): boolean {
    const { row, register } = this.decoded;
    if (SIZED_NAMES[row.mnemonic] || this.isString) return true;
    if (this.conditional) return false;
    const selector =
      row.operands[0] === 'Ew' && ['MOV', 'SLDT', 'STR', 'SMSW'].includes(row.mnemonic) && register;
    return selector || row.operands.some((notation) => followsSize(notation)) || !matters(row);
  }

  /** A conditional jump, of which no size word tells the operand size. */
  private get conditional(): boolean {
    const { row } = this.decoded;
    return row.operands[0] === 'Jz' && !/^(?:JMP|CALL)$/.test(row.mnemonic);
  }

  /** An operand or the name tells the address size. */
  private get tellsAddress(): boolean {
    const { row, register } = this.decoded;
    const inMemory = row.operands.some(
      (notation) => /^(?:[EMQ](?!S)|O)/.test(notation) && (!register || /^[MO]/.test(notation)),
    );
    return (
      inMemory ||
      row.mnemonic === 'JECXZ' ||
      /^LOOP/.test(row.mnemonic) ||
      !(this.isString || row.mnemonic === 'XLAT')
    );
  }

  /** The counter of LOOP, where it is not the mode's. */
  private counter(): string {
    const loop = /^LOOP/.test(this.decoded.row.mnemonic);
    return loop && this.wideAddress !== this.wideMode ? `, ${this.wideAddress ? 'ecx' : 'cx'}` : NONE;
  }

  // ---------------------------------------------------------------- operands

  private operand(notation: string): string {
    const { row, reg, register, rm, immediate, immediate2 } = this.decoded;
    if (notation === '1') return '1';
    if (notation === 'eAX') return this.size === 4 ? 'eax' : 'ax';
    if (notation === 'STi') return registerName('float', rm);
    if (notation === 'ST') return 'st0';
    if (registerNamed(notation)) return notation.toLowerCase();
    switch (notation[0]) {
      case 'E':
      case 'R':
        return register ? this.general(notation, rm) : this.memory(notation);
      case 'N':
      case 'Q':
        return register ? registerName('mmx', rm) : this.memory(notation);
      case 'P':
        return registerName('mmx', reg);
      case 'M':
        return this.memory(notation);
      case 'G':
      case 'Z':
        return this.general(notation, reg);
      case 'S':
        return registerName('segment', reg);
      case 'C':
        return registerName('control', reg);
      case 'D':
        return registerName('debug', reg);
      case 'O':
        return `[${this.override(DS)}${this.wideAddress === this.wideMode ? '' : this.wideAddress ? 'dword ' : 'word '}${number(immediate >>> 0)}]`;
      case 'J':
        return this.target(notation);
      case 'A':
        return `${this.odd()}${number(immediate2)}:${number(immediate >>> 0)}`;
      default:
        return this.immediate(
          notation,
          row.operands.indexOf('Iw') === 0 && notation === 'Ib' ? immediate2 : immediate,
        );
    }
  }

  /** Operand size as a word where it is not the mode's. */
  private odd(): string {
    return this.decoded.wide === this.wideMode ? '' : this.decoded.wide ? 'dword ' : 'word ';
  }

  private general(notation: string, n: number): string {
    const { row, wide } = this.decoded;
    const whole = notation === 'Ew' && isSelector({ row }, notation) && wide && row.operands[0] === notation;
    return registerName(whole ? 'r32' : GENERAL[bytesOf(notation, this.size)]!, n);
  }

  private target(notation: string): string {
    const { length, immediate, wide } = this.decoded;
    const to = (this.address + length + immediate) & (wide ? -1 : 0xffff);
    return `${notation === 'Jz' && !this.conditional ? this.odd() : ''}${number(to >>> 0)}`;
  }

  private immediate(notation: string, value: number): string {
    if (notation === 'Ibs') return `${this.alone ? this.odd() : ''}${signed(value)}`;
    const bytes = bytesOf(notation, this.size);
    const text = number(bytes === 4 ? value >>> 0 : value & (bytes === 2 ? 0xffff : 0xff));
    return notation === 'Iz' && this.alone ? this.odd() + text : text;
  }

  /** No other operand tells the size of an immediate. */
  private get alone(): boolean {
    return this.decoded.row.operands.length === 1;
  }

  private override(usual: number): string {
    const { segment } = this.decoded;
    return segment === usual ? '' : `${registerName('segment', segment)}:`;
  }

  private memory(notation: string): string {
    const { row } = this.decoded;
    const { segment, base, index, scale, displacement } = parts(this.decoded);
    const wide = this.wideAddress;
    const kind = wide ? 'r32' : 'r16';
    const usual = base === EBP || (wide && base === ESP) ? SS : DS;
    const terms = [
      ...(base < 0 ? [] : [registerName(kind, base)]),
      ...(index < 0 ? [] : [registerName(kind, index) + (scale > 1 ? `*${scale}` : '')]),
    ];
    let inner = terms.join('+');
    const value = wide || terms.length === 0 ? displacement : (displacement << 16) >> 16;
    if (terms.length === 0)
      inner = `${wide === this.wideMode ? '' : wide ? 'dword ' : 'word '}${number((wide ? value : value & 0xffff) >>> 0)}`;
    else if (value !== 0) inner += value < 0 ? `-${number(-value)}` : `+${number(value)}`;
    const far = notation === 'Mp' && /^(JMP|CALL)$/.test(row.mnemonic) ? 'far ' : '';
    const override = segment === usual ? '' : `${registerName('segment', segment)}:`;
    return `${far}${this.sizeWord(notation)}[${override}${inner}]`;
  }

  private sizeWord(notation: string): string {
    if (notation === 'Mp') return /^(?:JMP|CALL)$/.test(this.decoded.row.mnemonic) ? this.odd() : '';
    const bytes = bytesOf(notation, this.size);
    return bytes === 0 || (notation === 'Ew' && isSelector({ row: this.decoded.row }, notation))
      ? ''
      : `${SIZE_WORDS[bytes]!} `;
  }
}

/** Whether the operand size makes a difference without any operand that shows it. */
const matters = (row: Row): boolean =>
  /^(?:RET|ENTER|LEAVE|IRET|LGDT|LIDT|SGDT|SIDT|F(?:N?SAVE|RSTOR|N?STENV|LDENV))$/.test(row.mnemonic) ||
  /^(?:PUSH|POP)$/.test(row.mnemonic);

/** Address parts with register numbers, −1 for none, and the factor itself. */
const parts = (
  decoded: Decoded,
): { segment: number; base: number; index: number; scale: number; displacement: number } => ({
  segment: decoded.segment,
  base: decoded.base > 7 ? -1 : decoded.base,
  index: decoded.index > 7 ? -1 : decoded.index,
  scale: 1 << decoded.scale,
  displacement: decoded.displacement,
});
