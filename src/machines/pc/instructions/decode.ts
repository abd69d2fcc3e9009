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

/** By byte: the segment register that it names as a prefix, else −1. */
const SEGMENT_PREFIXES = new Int8Array(256).fill(-1);
for (const [prefix, segment] of [
  [0x26, ES],
  [0x2e, CS],
  [0x36, SS],
  [0x3e, DS],
  [0x64, FS],
  [0x65, GS],
] as const)
  SEGMENT_PREFIXES[prefix] = segment;

/** What the operands of a row, as the manual's letters, ask of an instruction's bytes. */
interface Shape {
  readonly hasModRM: boolean;
  /** The operand by ModRM must be in memory; in a register. */
  readonly memoryOnly: boolean;
  readonly registerOnly: boolean;
  /** Reaches memory in the memory form of ModRM; in any form. */
  readonly memoryForm: boolean;
  readonly memory: boolean;
  /** What REP repeats. */
  readonly string: boolean;
  /** The first operand may be a destination for LOCK. */
  readonly lockable: boolean;
  readonly registerInOpcode: boolean;
  readonly sized: boolean;
  readonly immediates: readonly Operand[];
}

const IMMEDIATES: readonly Operand[] = ['Ib', 'Ibs', 'Jb', 'Iw', 'Iz', 'Jz', 'Ap', 'Ob', 'Ov'];
const byModRM = (operand: Operand): boolean => /^[EGMRSCDPQN](?!S$|L$|X$)/.test(operand);

function shapeOf({ opcode, operands, lock }: Row): Shape {
  const any = (pattern: RegExp): boolean => operands.some((operand) => pattern.test(operand));
  return {
    hasModRM: opcode.includes('/') || operands.some(byModRM),
    memoryOnly: any(/^M/),
    registerOnly: any(/^[RN]/),
    memoryForm: any(/^[EMQ]/),
    memory: any(/^O/),
    string: any(/^[XY]/),
    lockable: lock === true && /^[EM]/.test(operands[0] ?? ''),
    registerInOpcode: opcode.endsWith('+r'),
    sized: opcode.startsWith(SIZE_PREFIX),
    immediates: operands.filter((operand) => IMMEDIATES.includes(operand)),
  };
}
const SHAPES = new Map<Row, Shape>([...IA32_INSTRUCTIONS, invalidOpcode].map((row) => [row, shapeOf(row)]));

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
    const segment = SEGMENT_PREFIXES[byte]!;
    if (segment >= 0) found.segment = segment;
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

/** Immediate operands in the order of the row: where there are two, the second one is a word or a byte. */
function readImmediate(reader: Reader, operand: Operand, { wide, address32 }: Prefixes): number {
  switch (operand) {
    case 'Ib':
      return reader.byte();
    case 'Ibs':
    case 'Jb':
      return reader.signed8();
    case 'Iw':
      return reader.word();
    case 'Jz':
      return wide ? reader.doubleword() : (reader.word() << 16) >> 16;
    case 'Ob':
    case 'Ov':
      return address32 ? reader.doubleword() : reader.word();
    default:
      return wide ? reader.doubleword() : reader.word();
  }
}

/** Register forms of operands that must be in memory, memory forms of registers, LOCK where it may not stand: #UD. */
function allowed(shape: Shape, { register }: ModRM, lock: boolean): boolean {
  if (register ? shape.memoryOnly : shape.registerOnly) return false;
  return !lock || (shape.lockable && !register);
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
  const withModRM = isGroup(entry) || SHAPES.get(entry)!.hasModRM;
  const modrm = withModRM ? readModRM(reader, prefixes.address32) : NO_MODRM;
  const sized = prefixes.wide !== code32;
  const row = isGroup(entry) ? fromGroup(entry, at, modrm, prefixes, sized) : entry;
  if (reader.ended) return null;
  const shape = row && SHAPES.get(row)!;
  const good =
    shape &&
    allowed(shape, modrm, prefixes.lock) &&
    (!row.since || variant.features.has(row.since)) &&
    (sized || !shape.sized);
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
  const shape = SHAPES.get(row)!;
  const [first, second] = shape.immediates;
  const immediate = first ? readImmediate(reader, first, prefixes) : 0;
  // Behind the offset of a far pointer stands its selector.
  const immediate2 = second ? readImmediate(reader, second, prefixes) : first === 'Ap' ? reader.word() : 0;
  if (reader.ended) return null;
  const { wide, repeat, lock } = prefixes;
  const reg = shape.registerInOpcode ? at & 7 : modrm.reg;
  const repeated = repeat !== 0 && shape.string;
  const inMemory = shape.memory || (shape.memoryForm && !modrm.register);
  const extra = (inMemory ? costs.memory : 0) + (lock ? costs.locked : 0);
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
