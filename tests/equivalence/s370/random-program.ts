/**
 * Random programs for two levels to agree on: sequences of short units, each a random instruction with what it needs
 * before it. They run in supervisor and problem state, BC and EC mode, with translation on and off, under any key and
 * mask. A handler logs every interruption and goes on behind the instruction that caused it.
 * By construction no unit reads a clock, and control only moves forward, so that every program ends.
 */
import { seededRandom, type Random } from '../../../src/base/random.ts';
import { assembleS370 } from '../../../src/assembler/s370/assemble.ts';
import { S370_INSTRUCTIONS } from '../../../src/machines/s370/instructions/table.ts';
import type { Row } from '../../../src/machines/s370/instructions/row.ts';
import type { Segment } from './stack.ts';

export const STORAGE = 0x20000;
const CODE = 0x2000;
const POOL = 0x6000;
const DATA = 0x8000;
const BORDER = 0x9ff0;
const CODE_LIMIT = 0x5f00;

/** Instructions that read a clock, could jump anywhere, or mean something else under CP (see LEGITIMATE). */
const EXCLUDED = new Set(
  'STIDC TCH STCK SCK SPT STPT STIDP DIAG SPX STPX LPSW EX MVCL CLCL BXH BXLE BC BCR BCT BCTR BAL BALR LCTL SSM STOSM STNSM SVC'.split(
    ' ',
  ),
);
const ROWS = S370_INSTRUCTIONS.filter(({ mnemonic }) => !EXCLUDED.has(mnemonic));
const PRIVILEGED = ROWS.filter(({ privileged }) => privileged);

/** Registers 0 to 9 are the programs' own; 10 to 13 hold these; 14 and 15 belong to the handler. */
const BASES = [DATA, BORDER, 0x20400, POOL] as const;

export interface Unit {
  /** Bytes of the unit when it begins at `at`; `pool` puts a constant away and gives its address. */
  readonly emit: (at: number, pool: (bytes: readonly number[], boundary: number) => number) => number[];
  readonly text: string;
}

const word = (value: number): number[] => [
  (value >>> 24) & 0xff,
  (value >>> 16) & 0xff,
  (value >>> 8) & 0xff,
  value & 0xff,
];
const rx = (opcode: number, r: number, address: number): number[] => {
  // Constants are reached with base 13.
  const displacement = address - POOL;
  return [opcode, (r << 4) & 0xf0, 0xd0 | (displacement >> 8), displacement & 0xff];
};
const LOAD = 0x58;

/** Loads of registers that a unit needs. */
type Need = readonly [register: number, value: number];

function unit(text: string, needs: readonly Need[], instruction: Unit['emit']): Unit {
  return {
    text,
    emit: (at, pool) => {
      const loads = needs.flatMap(([r, value]) => rx(LOAD, r, pool(word(value), 4)));
      return [...loads, ...instruction(at + loads.length, pool)];
    },
  };
}

const CORNERS = [0, 1, -1, 0x7fffffff, -0x80000000, 0x00ff00ff, 0x12345678] as const;
const pick = <T>(random: Random, list: readonly T[]): T => list[random.below(list.length)]!;
const anyWord = (random: Random): number =>
  random.below(3) === 0 ? pick(random, CORNERS) : random.word() | 0;

/** Base and displacement of an operand: mostly in the data areas, sometimes beyond storage. */
function operand(random: Random): number[] {
  const wild = random.below(16) === 0;
  const base = wild ? 12 : 10 + random.below(2);
  const displacement = random.below(2) === 0 ? random.below(0x1000) & ~7 : random.below(0x1000);
  return [(base << 4) | (displacement >> 8), displacement & 0xff];
}

/** Bytes of an instruction of `row` with random fields; no register from 10 on is changed. */
function randomFields(row: Row, random: Random): number[] {
  const [first = 0, second] = row.opcode > 0xff ? [row.opcode >> 8, row.opcode & 0xff] : [row.opcode];
  const r1 = random.below(row.mnemonic === 'LM' ? 8 : 10);
  const low = row.operands === 'R1,R3,D2(B2)' ? Math.min(9, r1 + random.below(4)) : random.below(10);
  // An index is a register of any content: only fetches may use it, or they could reach the handler.
  const stores = /^(ST|CVD)/.test(row.mnemonic);
  const index = row.operands.includes('X2') && (stores || random.below(4) !== 0) ? 0 : low;
  const byte = row.operands.includes('X2') ? (r1 << 4) | index : (r1 << 4) | low;
  if (row.opcode > 0xff) return [first, second ?? 0, ...operand(random)];
  if (first < 0x40) return [first, byte];
  if (first < 0xc0)
    return [first, row.operands.includes('I2') ? random.below(256) : byte, ...operand(random)];
  const lengths = random.below(3) === 0 ? random.below(256) : random.below(16) * 17;
  return [first, lengths, ...operand(random), ...operand(random)];
}

function ordinary(random: Random, rows: readonly Row[]): Unit {
  const row = pick(random, rows);
  const bytes = randomFields(row, random);
  const needs: Need[] = [];
  if (random.below(3) === 0) needs.push([random.below(10), anyWord(random)]);
  // Storage-key instructions want a block address in their second register, privileged RR ones mostly fit.
  if (row.mnemonic === 'SSK' || row.mnemonic === 'ISK') {
    const block = pick(random, [0x8000, 0x8800, 0x9000, 0x9800, 0xa000, 0xa800, 0x20000, 0x8008]);
    needs.push([bytes[1]! & 15, block | (random.word() << 24)]);
  }
  return unit(row.mnemonic, needs, () => bytes);
}

/** In one page: where it crosses into another it may be interrupted, and PER counts each part. */
function long(random: Random): Unit {
  const opcode = pick(random, [0x0e, 0x0f]);
  const lengths = [random.below(0x100), random.below(0x100)];
  return unit(
    opcode === 0x0e ? 'MVCL' : 'CLCL',
    [
      [2, DATA + random.below(0x700)],
      [3, lengths[0]!],
      [4, DATA + random.below(0x700)],
      [5, lengths[1]! | (random.word() << 24)],
    ],
    () => [opcode, 0x24],
  );
}

/** Branches only over nothing: to the next unit, taken or not. */
const branch = (random: Random): Unit => {
  const opcode = pick(random, [0x47, 0x46, 0x45]);
  const r = random.below(10);
  return unit(`BRANCH ${opcode.toString(16)}`, [], (at, pool) => {
    // L 9,=A(next); BC r,0(9): the register is set right before.
    const load = rx(LOAD, 9, pool(word(at + 8), 4));
    return [...load, opcode, (r << 4) & 0xf0, 0x90, 0x00];
  });
};

const execute = (random: Random): Unit => {
  const row = pick(random, random.below(3) === 0 ? PRIVILEGED : ROWS);
  const bytes = randomFields(row, random);
  const r = random.below(10);
  return unit(`EX ${row.mnemonic}`, [], (_at, pool) => {
    const subject = pool([...bytes, 0, 0].slice(0, 6), 2);
    return [...rx(0x44, r & (row.operands.includes('I2') || bytes.length === 6 ? 15 : 0), subject)];
  });
};

function loadPsw(random: Random): Unit {
  const extended = random.below(2) === 0;
  const problem = random.below(2);
  const key = random.below(3) === 0 ? random.below(16) : 0;
  const invalid = random.below(24) === 0;
  const system = extended
    ? (random.below(4) === 0 ? 0x40 : 0) | (random.below(2) === 0 ? 0x04 : 0) | (random.below(2) << 1)
    : random.below(128) << 1;
  return unit(`LPSW ${extended ? 'EC' : 'BC'}${problem ? ' problem' : ''}`, [], (at, pool) => {
    const next = at + 4;
    const byte1 = (key << 4) | (extended ? 8 : 0) | (problem ? 1 : 0);
    const condition = random0(at) & 0x3f;
    const bytes = extended
      ? [system | (invalid ? 0x10 : 0), byte1, condition, 0, 0, ...word(next).slice(1)]
      : [system, byte1, 0, 0, condition, ...word(next).slice(1)];
    return rx(0x82, 0, pool(bytes, 8));
  });
}
/** A value that depends on the place alone: units stay the same when others before them are taken out. */
const random0 = (at: number): number => seededRandom(at).word();

function systemMask(random: Random): Unit {
  const opcode = pick(random, [0x80, 0xac, 0xad]);
  const mask = pick(random, [0x00, 0x02, 0x04, 0x40, 0x44, 0x46, 0xfe, 0x10]);
  return unit(['SSM', 'STNSM', 'STOSM'][[0x80, 0xac, 0xad].indexOf(opcode)]!, [], (_at, pool) => {
    if (opcode === 0x80) return rx(0x80, 0, pool([mask], 1));
    return [opcode, opcode === 0xac ? mask | 0x01 : mask & 0x46, ...operand(random1(mask))];
  });
}
const random1 = (seed: number): Random => seededRandom(seed);

/** Control register 0 and 1 that fit together: page and segment size, and the table of the handler's making. */
const TABLES: readonly (readonly [number, number])[] = [
  [0x0080_0060, 0x0000_1000],
  [0x0040_0060, 0x0000_1040],
  [0x0090_0060, 0x0000_1000],
  [0x0050_0060, 0x0f00_1040],
  [0x4080_0060, 0x0f00_1000],
];
/** No format, and a table beyond storage. */
const STRANGE_TABLES: typeof TABLES = [
  [0x60, 0x1000],
  [0x0080_0060, 0x0002_0000],
];

function control(random: Random): Unit {
  const tables = random.below(2) === 0;
  const strange = random.below(16) === 0;
  const register = tables ? 0 : pick(random, [8, 9, 10, 11, 3, 5, 12, 14]);
  const range = [0, CODE, DATA, BORDER, 0xffffff, POOL];
  const values = tables
    ? [...pick(random, strange ? STRANGE_TABLES : TABLES)]
    : [register === 10 || register === 11 ? pick(random, range) : random.word() | 0];
  const last = tables ? 1 : register;
  return unit(`LCTL ${register},${last}`, [], (_at, pool) => {
    const [, , high = 0, low = 0] = rx(0, 0, pool(values.flatMap(word), 4));
    return [0xb7, (register << 4) | last, high, low];
  });
}

const supervisor = (random: Random): Unit => {
  const code = random.below(4) === 0 ? random.below(254) : 0;
  return unit(`SVC ${code}`, [], () => [0x0a, code]);
};

export function randomUnits(seed: number, count: number): Unit[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const chance = random.below(100);
    if (chance < 42) return ordinary(random, ROWS);
    if (chance < 62) return ordinary(random, PRIVILEGED);
    if (chance < 66) return long(random);
    if (chance < 69) return branch(random);
    if (chance < 74) return execute(random);
    if (chance < 80) return loadPsw(random);
    if (chance < 84) return systemMask(random);
    if (chance < 90) return control(random);
    if (chance < 92) return ordinary(random, PTLB);
    return supervisor(random);
  });
}
const PTLB = ROWS.filter(({ mnemonic }) => mnemonic === 'PTLB');

/** Low storage, handlers and tables; the programs' constants and code go around them. */
const HANDLER = `
LOW      START 0
         USING LOW,0
         DC    X'00080000',A(ENTRY)   00 begin: EC mode
         ORG   LOW+X'50'
         DC    X'7FFFFFFF'            50 interval timer: far from zero
         ORG   LOW+X'58'
         DC    X'000A0000',A(X'E58')  58 external: none is expected
         DC    X'00080000',A(CALL)    60 SVC
         DC    X'00080000',A(FAULT)   68 program
         DC    X'000A0000',A(X'E70')
         DC    X'000A0000',A(X'E78')
         ORG   LOW+X'800'
ENTRY    LM    10,13,BASES
         LCTL  0,1,CONTROL
         LPSW  FIRST
CALL     STM   14,15,SAVE
         LA    15,X'20'
         TM    X'21',X'08'            BC mode: the code is in the old PSW
         BO    *+10
         MVC   X'8B'(1),X'23'
         CLI   X'8B',255              the last call
         BE    END
         CLI   X'8B',0                back in the supervisor state
         BNE   LOG
         NI    X'21',X'FE'
         B     LOG
FAULT    STM   14,15,SAVE
         LA    15,X'28'
         TM    X'29',X'08'            an old PSW of EC mode is made valid
         BZ    LOG
         NI    X'28',X'47'
         NI    X'2A',X'3F'
         MVI   X'2B',0
         MVI   X'2C',0
         CLI   X'8F',X'10'            nullified: go on behind it
         BE    SKIP
         CLI   X'8F',X'11'
         BE    SKIP
         CLI   X'8F',X'90'
         BE    SKIP
         CLI   X'8F',X'91'
         BNE   LOG
SKIP     SR    14,14
         IC    14,X'8D'
         A     14,X'2C'
         ST    14,X'2C'
LOG      L     14,NEXT
         MVC   0(8,14),0(15)
         MVC   8(24,14),X'88'
         STM   0,7,32(14)
         LA    14,64(,14)
         C     14,LIMIT               a program that went astray ends here
         BNL   END
         ST    14,NEXT
         MVC   GO(8),0(15)
         LM    14,15,SAVE
         LPSW  GO
END      LPSW  DONE
         DS    0D
DONE     DC    X'000A0000',A(0)
FIRST    DC    X'00080000',A(${CODE})
GO       DS    D
SAVE     DS    2F
BASES    DC    A(${BASES.join(',')})
CONTROL  DC    X'008000E0',X'00001000'
NEXT     DC    A(X'10000')
LIMIT    DC    A(X'1C000')
         ORG   LOW+X'1000'
*        Segment table; 4 K pages, of which some of the data are strange; and 2 K pages.
         DC    X'F0001200',X'10001280',14X'00000001'
         DC    X'F0001300',X'F1001300',14X'00000001'
         ORG   LOW+X'1200'
         DC    X'0000001000200030004000500060007000A00080000801000000000E02000002'
         ORG   LOW+X'1280'
         DC    16X'0100'
         ORG   LOW+X'1300'
         DC    X'0000000800100018002000280030003800400048005000580060006800700078'
         DC    X'0080009000880004009800A000B000B8020001000000000000000000000000'
         END
`;
const assembled = assembleS370(HANDLER);
if (!assembled.ok) throw new Error(JSON.stringify(assembled.diagnostics));

/** The whole program of `units`, and random data for it to work on. */
export function programOf(units: readonly Unit[], seed: number): Segment[] {
  const pool: number[] = [];
  const put = (bytes: readonly number[], boundary: number): number => {
    while (pool.length % boundary !== 0) pool.push(0);
    pool.push(...bytes);
    return POOL + pool.length - bytes.length;
  };
  const code: number[] = [];
  for (const { emit } of units) {
    if (pool.length > 0xf00 || CODE + code.length > CODE_LIMIT) break;
    code.push(...emit(CODE + code.length, put));
  }
  code.push(0x0a, 0xff, 0x0a, 0xff);
  const random = seededRandom(seed);
  const data = Uint8Array.from({ length: 0x4000 }, () => random.below(256));
  return [
    ...assembled.segments,
    { address: CODE, bytes: Uint8Array.from(code) },
    { address: POOL, bytes: Uint8Array.from(pool) },
    { address: DATA, bytes: data },
  ];
}
