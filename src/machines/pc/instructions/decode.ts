/**
 * The decoder: from bytes to `Decoded`, by an index made from the instruction table. SDM vol. 2A, chapter 2.
 */
import { CS, DS, EBP, EBX, EDI, ES, ESI, ESP, FS, GS, NONE, SS } from '../registers.ts';
import {
  COST_CLASSES,
  FEATURE_BITS,
  VMX_FEATURES,
  type CostClass,
  type CostTable,
  type Feature,
} from '../models/classes.ts';
import { executeFor, invalidOpcode } from './dispatch.ts';
import type { Decoded, Operand, Row } from './row.ts';
import { IA32_INSTRUCTIONS } from './table.ts';

/** The byte at an index from the start of the instruction, or −1 where it is not to be had. */
export type Fetch = (index: number) => number;

const LONGEST = 15;
const TWO_BYTE = 0x0f;
/** Where two-byte and three-byte opcodes begin in the index; 0F 38 leads to the latter. */
const SECOND = 256;
const THIRD = 512;
const THREE_BYTE = 0x38;
const SIZE_PREFIX = '66';
const REPEAT_PREFIX = 'F3';
/** In a group: register forms behind the eight of memory, then the eight with each prefix that makes another of them. */
const REGISTER_FORMS = 8;
const PREFIXED: Readonly<Record<string, number>> = { [SIZE_PREFIX]: 72, [REPEAT_PREFIX]: 80 };
const GROUP = 88;
const isEscape = (at: number): boolean => at >= 0xd8 && at <= 0xdf;

/** What an opcode leads to: one row, or a group by ModRM, second byte and prefix. */
type Entry = Row | readonly (Row | undefined)[];

/** What of a processor decides how bytes are decoded. */
export interface Variant {
  readonly costs: CostTable;
  readonly features: ReadonlySet<Feature>;
}

/** For those who read instructions without executing them: every feature, no costs. */
export const ANY_PROCESSOR: Variant = {
  costs: Object.fromEntries(COST_CLASSES.map((name) => [name, 0])) as Record<CostClass, number>,
  features: new Set([
    ...(Object.keys(FEATURE_BITS) as (keyof typeof FEATURE_BITS)[]),
    'cpuid',
    'pmc',
    ...VMX_FEATURES,
  ]),
};

const isGroup = (entry: Entry): entry is readonly (Row | undefined)[] => Array.isArray(entry);

function buildIndex(rows: readonly Row[]): readonly (Entry | undefined)[] {
  const index = new Array<Entry | undefined>(768).fill(undefined);
  const put = (at: number, entry: Row, digit: number): void => {
    if (digit < 0) {
      if (index[at]) throw new Error(`opcode ${entry.opcode}: two rows`);
      index[at] = entry;
      return;
    }
    const group = [
      ...((index[at] ?? new Array<Row | undefined>(GROUP).fill(undefined)) as (Row | undefined)[]),
    ];
    if (group[digit]) throw new Error(`opcode ${entry.opcode}: two rows`);
    group[digit] = entry;
    index[at] = group;
  };
  for (const each of rows) {
    const escape = /^(D[89A-F]) ([0-9A-F]{2})(\+i)?$/.exec(each.opcode);
    if (escape) {
      const first = REGISTER_FORMS + (parseInt(escape[2]!, 16) & 63);
      for (let i = 0; i < (escape[3] ? 8 : 1); i++) put(parseInt(escape[1]!, 16), each, first + i);
      continue;
    }
    const form = /^0F 01 ([0-9A-F]{2})$/.exec(each.opcode);
    if (form) {
      put(SECOND + 1, each, REGISTER_FORMS + (parseInt(form[1]!, 16) & 63));
      continue;
    }
    const parts = /^(?:(66|F3) )?(0F 38 |0F )?([0-9A-F]{2})(?:\+(r|cc))?(?: \/([0-7]))?$/.exec(each.opcode);
    if (!parts) throw new Error(`opcode ${each.opcode}: not understood`);
    const [, prefix = '', map, byte, spread, digit] = parts;
    const first = (map === undefined ? 0 : map === '0F ' ? SECOND : THIRD) + parseInt(byte!, 16);
    const count = spread === 'r' ? 8 : spread === 'cc' ? 16 : 1;
    const offset = PREFIXED[prefix] ?? 0;
    for (let i = 0; i < count; i++) put(first + i, each, digit === undefined ? -1 : offset + Number(digit));
  }
  return index;
}

const INDEX = buildIndex(IA32_INSTRUCTIONS);

const SEGMENT_PREFIXES: Readonly<Record<number, number>> = {
  0x26: ES,
  0x2e: CS,
  0x36: SS,
  0x3e: DS,
  0x64: FS,
  0x65: GS,
};

const byModRM = (operand: Operand): boolean => /^[EGMRSCDPQN](?!S$|L$|X$)/.test(operand);
const needsModRM = new Map<Row, boolean>(
  IA32_INSTRUCTIONS.map((each) => [each, each.opcode.includes('/') || each.operands.some(byModRM)]),
);

/** 16-bit address forms: base and index register by ModRM.rm. SDM vol. 2A, table 2-1. */
const FORMS_16 = [
  [EBX, ESI],
  [EBX, EDI],
  [EBP, ESI],
  [EBP, EDI],
  [NONE, ESI],
  [NONE, EDI],
  [EBP, NONE],
  [EBX, NONE],
] as const;

/** Place of a byte register among the bytes of the registers. */
const byteRegister = (r: number): number => ((r & 3) << 2) | (r >> 2);

/** Reads an instruction's bytes one after the other; `ended` once one was not to be had. */
class Reader {
  position = 0;
  ended = false;
  private readonly fetch: Fetch;

  constructor(fetch: Fetch) {
    this.fetch = fetch;
  }
  byte(): number {
    const value = this.fetch(this.position++);
    if (value < 0) this.ended = true;
    return value & 0xff;
  }
  signed8(): number {
    return (this.byte() << 24) >> 24;
  }
  word(): number {
    return this.byte() | (this.byte() << 8);
  }
  doubleword(): number {
    return this.word() | (this.word() << 16);
  }
}

interface Prefixes {
  wide: boolean;
  address32: boolean;
  segment: number;
  repeat: number;
  lock: boolean;
  opcode: number;
}

/** Takes the prefixes; the last of a group counts. SDM vol. 2A, section 2.1.1. */
function readPrefixes(reader: Reader, code32: boolean): Prefixes {
  const found = { wide: code32, address32: code32, segment: -1, repeat: 0, lock: false, opcode: 0 };
  for (;;) {
    const byte = reader.byte();
    const segment = SEGMENT_PREFIXES[byte];
    if (segment !== undefined) found.segment = segment;
    else if (byte === 0x66) found.wide = !code32;
    else if (byte === 0x67) found.address32 = !code32;
    else if (byte === 0xf0) found.lock = true;
    else if (byte === 0xf2 || byte === 0xf3) found.repeat = byte;
    else {
      found.opcode = byte;
      return found;
    }
    if (reader.ended || reader.position > LONGEST) return found;
  }
}

interface ModRM {
  byte: number;
  reg: number;
  register: boolean;
  rm: number;
  base: number;
  index: number;
  scale: number;
  displacement: number;
  segment: number;
}

const NO_MODRM: ModRM = {
  byte: 0,
  reg: 0,
  register: false,
  rm: 0,
  base: NONE,
  index: NONE,
  scale: 0,
  displacement: 0,
  segment: DS,
};

function readModRM(reader: Reader, address32: boolean): ModRM {
  const byte = reader.byte();
  const mod = byte >> 6;
  const found = { ...NO_MODRM, byte, reg: (byte >> 3) & 7, register: mod === 3, rm: byte & 7 };
  if (mod === 3) return found;
  if (address32) readAddress32(reader, mod, found);
  else readAddress16(reader, mod, found);
  if (found.base === EBP || (address32 && found.base === ESP)) found.segment = SS;
  return found;
}

function readAddress16(reader: Reader, mod: number, found: ModRM): void {
  if (mod === 0 && found.rm === 6) {
    found.displacement = reader.word();
    return;
  }
  [found.base, found.index] = FORMS_16[found.rm]!;
  if (mod === 1) found.displacement = reader.signed8();
  else if (mod === 2) found.displacement = reader.word();
}

function readAddress32(reader: Reader, mod: number, found: ModRM): void {
  found.base = found.rm;
  if (found.rm === 4) {
    const sib = reader.byte();
    found.base = sib & 7;
    found.index = (sib >> 3) & 7;
    found.scale = sib >> 6;
    if (found.index === 4) [found.index, found.scale] = [NONE, 0];
  }
  // Without displacement EBP as base means: no base, and a displacement of 32 bits.
  if (mod === 0 && found.base === EBP) {
    found.base = NONE;
    found.displacement = reader.doubleword();
  } else if (mod === 1) found.displacement = reader.signed8();
  else if (mod === 2) found.displacement = reader.doubleword();
}

/** Immediate operands in the order of the row. */
function readImmediates(reader: Reader, row: Row, { wide, address32 }: Prefixes): [number, number] {
  const values: number[] = [];
  for (const operand of row.operands)
    switch (operand) {
      case 'Ib':
        values.push(reader.byte());
        break;
      case 'Ibs':
      case 'Jb':
        values.push(reader.signed8());
        break;
      case 'Iw':
        values.push(reader.word());
        break;
      case 'Iz':
        values.push(wide ? reader.doubleword() : reader.word());
        break;
      case 'Jz':
        values.push(wide ? reader.doubleword() : (reader.word() << 16) >> 16);
        break;
      case 'Ap':
        values.push(wide ? reader.doubleword() : reader.word(), reader.word());
        break;
      case 'Ob':
      case 'Ov':
        values.push(address32 ? reader.doubleword() : reader.word());
        break;
      default:
    }
  return [values[0] ?? 0, values[1] ?? 0];
}

const inMemory = (row: Row, register: boolean): boolean =>
  row.operands.some((o) => /^[EMQ]/.test(o) && !register) || row.operands.some((o) => /^O/.test(o));

/** Register forms of operands that must be in memory, memory forms of registers, LOCK where it may not stand: #UD. */
function allowed(row: Row, modrm: ModRM, lock: boolean): boolean {
  const first = row.operands[0] ?? '';
  if (row.operands.some((o) => /^M/.test(o)) && modrm.register) return false;
  if (row.operands.some((o) => /^[RN]/.test(o)) && !modrm.register) return false;
  return !lock || (row.lock === true && /^[EM]/.test(first) && !modrm.register);
}

/**
 * Decodes one instruction; null if its bytes end too early. More than 15 bytes and unknown opcodes are instructions
 * that raise their exception.
 */
export function decode(fetch: Fetch, code32: boolean, variant: Variant): Decoded | null {
  const { costs } = variant;
  const reader = new Reader(fetch);
  const prefixes = readPrefixes(reader, code32);
  const { opcode } = prefixes;
  const at = opcode === TWO_BYTE ? longOpcode(reader) : opcode;
  if (reader.ended) return null;
  const entry = INDEX[at];
  if (!entry) return finish(reader, invalidOpcode, NO_MODRM, prefixes, costs, at);
  const withModRM = isGroup(entry) || needsModRM.get(entry) === true;
  const modrm = withModRM ? readModRM(reader, prefixes.address32) : NO_MODRM;
  const sized = prefixes.wide !== code32;
  const row = isGroup(entry) ? fromGroup(entry, at, modrm, prefixes, sized) : entry;
  if (reader.ended) return null;
  const good =
    row &&
    allowed(row, modrm, prefixes.lock) &&
    (!row.since || variant.features.has(row.since)) &&
    (sized || !row.opcode.startsWith(SIZE_PREFIX));
  return finish(reader, good ? row : invalidOpcode, modrm, prefixes, costs, at);
}

/** Opcodes behind 0F, of two bytes or of three. */
function longOpcode(reader: Reader): number {
  const second = reader.byte();
  return second === THREE_BYTE ? THIRD + reader.byte() : SECOND + second;
}

function fromGroup(
  group: readonly (Row | undefined)[],
  at: number,
  { register, reg, rm }: ModRM,
  { repeat }: Prefixes,
  sized: boolean,
): Row | undefined {
  const form = register ? group[REGISTER_FORMS + 8 * reg + rm] : undefined;
  if (form || (register && isEscape(at))) return form;
  if (repeat === 0xf3 && group[PREFIXED[REPEAT_PREFIX]! + reg]) return group[PREFIXED[REPEAT_PREFIX]! + reg];
  return (sized ? group[PREFIXED[SIZE_PREFIX]! + reg] : undefined) ?? group[reg];
}

/** The eleven bits that the x87 unit keeps of an escape. SDM vol. 1, section 8.1.9. */
const escapeOpcode = (at: number, { byte }: ModRM): number => ((at & 7) << 8) | byte;

function finish(
  reader: Reader,
  row: Row,
  modrm: ModRM,
  prefixes: Prefixes,
  costs: CostTable,
  at: number,
): Decoded | null {
  const [immediate, immediate2] = readImmediates(reader, row, prefixes);
  if (reader.ended) return null;
  const { wide, repeat, lock } = prefixes;
  const reg = row.opcode.endsWith('+r') ? at & 7 : modrm.reg;
  const repeated = repeat !== 0 && row.operands.some((o) => /^[XY]/.test(o));
  const extra = (inMemory(row, modrm.register) ? costs.memory : 0) + (lock ? costs.locked : 0);
  return {
    row,
    execute: executeFor(row, wide),
    cycles: costs[row.cost] + extra,
    length: reader.position,
    ends: row.ends === true || repeated,
    wide,
    addressMask: prefixes.address32 ? -1 : 0xffff,
    segment: prefixes.segment >= 0 ? prefixes.segment : modrm.segment,
    repeat,
    lock,
    condition: at & 15,
    reg,
    reg8: byteRegister(reg),
    register: modrm.register,
    rm: modrm.rm,
    rm8: byteRegister(modrm.rm),
    base: modrm.base,
    index: modrm.index,
    scale: modrm.scale,
    displacement: modrm.displacement,
    immediate: isEscape(at) ? escapeOpcode(at, modrm) : immediate,
    immediate2,
  };
}
