/**
 * A guest that executes one privileged instruction in many states and writes down what came of each: the PSW that the
 * next interruption stored, the registers, the interruption code, and sixteen bytes of storage.
 */
import { hex } from '../../../../src/base/bits.ts';
import { seededRandom, type Random } from '../../../../src/base/random.ts';

export const CASES = 36;
export const RESULTS = 0x6000;
export const RESULT_LENGTH = 96;
/** Offsets within a result. */
export const OLD_PSW_AT = 0;
export const REGISTERS_AT = 8;
export const CODE_AT = 72;
export const PROBE_AT = 76;

/** Blocks with keys of their own, in which operands lie. */
const BLOCKS = [0x8000, 0x8800, 0x9000];
const KEYS = [0x00, 0x38, 0x50];
const STORAGE = 0x10000;

export interface Case {
  /** Instructions that come before it, if any, to bring reference and change bit into some state. */
  readonly before: string;
  readonly instruction: string;
  readonly psw: readonly [high: number, low: number];
  readonly operand: number;
  readonly probe: number;
}

const oneOf = <Item>(random: Random, items: readonly Item[]): Item => items[random.below(items.length)]!;
/** A high byte that addresses of 24 bits ignore. */
const garbage = (random: Random): number => oneOf(random, [0, 0, 0x7f, 0xff]) * 0x1000000;

/** What the instruction is, with its operand at or in R7. */
const FORMS: Readonly<Record<string, (random: Random, extended: boolean) => string>> = {
  STNSM: (random) => `STNSM 0(7),${random.below(256)}`,
  STOSM: (random, extended) =>
    `STOSM 0(7),${extended ? oneOf(random, [0, 1, 2, 3, 0x80, 0x21]) : random.below(256)}`,
  RRB: () => 'RRB   0(7)',
  ISK: () => 'ISK   6,7',
  STCTL: (random) => `STCTL ${random.below(16)},${random.below(16)},0(7)`,
};
const MNEMONICS = Object.keys(FORMS);

/** Where the operand lies: mostly where it may, else at an odd place or where there is no storage. */
function operandOf(mnemonic: string, random: Random): number {
  const aligned = mnemonic === 'ISK' ? 16 : mnemonic === 'STCTL' ? 4 : 1;
  const inside = oneOf(random, BLOCKS) + aligned * random.below(Math.floor(1900 / aligned));
  switch (random.below(8)) {
    case 0:
      return STORAGE + aligned * random.below(1000);
    case 1:
      return inside + random.below(aligned);
    case 2:
      return STORAGE - aligned * (1 + random.below(4));
    default:
      return inside;
  }
}

function caseOf(
  mnemonic: string,
  random: Random,
): Omit<Case, 'psw'> & { readonly high: number; readonly low: number } {
  const extended = random.below(2) === 1;
  const key = oneOf(random, [0, 0, 0, 3, 5]);
  const mask = extended ? random.below(4) : random.below(256);
  const code = random.below(4);
  const operand = operandOf(mnemonic, random);
  const touch = operand < STORAGE && key === 0 ? oneOf(random, ['', 'L     1,0(7)', 'MVI   0(7),7']) : '';
  return {
    before: mnemonic === 'RRB' || mnemonic === 'ISK' ? touch : '',
    instruction: FORMS[mnemonic]!(random, extended),
    operand: operand + garbage(random),
    probe: Math.min(operand, STORAGE - 16) & ~3,
    high: extended
      ? mask * 0x1000000 + ((key << 20) | 0x80000 | (code << 12))
      : mask * 0x1000000 + (key << 20),
    low: extended ? 0 : code * 0x10000000,
  };
}

/** Words as constants, one a line: a line of the assembler has 71 columns. */
const constants = (words: readonly number[]): readonly string[] =>
  words.map((word) => `         DC    X'${hex(word)}'`);

export interface Gauntlet {
  readonly mnemonic: string;
  readonly source: string;
  readonly cases: readonly Case[];
}

export function gauntletFor(seed: number): Gauntlet {
  const random = seededRandom(seed);
  const mnemonic = oneOf(random, MNEMONICS);
  const drafts = Array.from({ length: CASES }, () => caseOf(mnemonic, random));
  const slots = drafts.map(({ before, instruction }, i) =>
    [
      `S${i}       DS    0H`,
      ...(before ? [`         ${before}`] : []),
      `I${i}       ${instruction}`,
      '         SVC   1',
    ].map((line) => line.replace(/^(\w+) +(?=\S)/, (_, label: string) => label.padEnd(9))),
  );
  const table = drafts.flatMap(({ high, low, operand, probe }, i) => {
    const registers = Array.from({ length: 16 }, (_, r) => (r === 7 ? operand : random.word()));
    return [
      `         DC    X'${hex(high)}',AL1(${low / 0x1000000}),AL3(S${i})`,
      ...constants(registers),
      `         DC    A(${probe})`,
    ];
  });
  const controls = Array.from({ length: 11 }, () => random.word());
  const keys = BLOCKS.flatMap((block, i) => [
    `         L     7,=A(${block})`,
    `         LA    6,${KEYS[i]!}`,
    '         SSK   6,7',
  ]);
  const source = [
    ...HEAD,
    ...keys,
    ...BODY,
    ...slots.flat(),
    ...TAIL(controls),
    ...table,
    '         END   MAIN',
    '',
  ];
  const cases = drafts.map(({ high, low, ...draft }) => ({ ...draft, psw: [high, low] as const }));
  return { mnemonic, source: source.join('\n'), cases };
}

const HEAD = `GAUNTLET START 0
         USING GAUNTLET,0
         DC    A(0),A(MAIN)
         ORG   GAUNTLET+X'20'
SVCOLD   DS    D
PGMOLD   DS    D
         ORG   GAUNTLET+X'50'
         DC    X'7FFFFF00'
         ORG   GAUNTLET+X'58'
         DC    X'00020000',A(X'DEAD')
         DC    A(0),A(CALLED)
         DC    A(0),A(FAULTED)
         ORG   GAUNTLET+X'8C'
PGMCODE  DS    F
         ORG   GAUNTLET+X'200'
SAVE     DS    16F
NEXTPSW  DS    D
OLD      DS    D
KIND     DS    F
PROBE    DS    A
LEFT     DC    F'${CASES}'
POINTER  DC    A(${RESULTS})
INDEX    DC    A(TABLE)
MAIN     LCTL  3,13,CONTROLS`.split('\n');

const BODY = `         B     GO
CALLED   STM   0,15,SAVE
         MVC   OLD,SVCOLD
         XC    KIND,KIND
         B     RECORD
FAULTED  STM   0,15,SAVE
         MVC   OLD,PGMOLD
         MVC   KIND,PGMCODE
         MVI   KIND,1
RECORD   L     1,POINTER
         L     2,PROBE
         MVC   ${OLD_PSW_AT}(8,1),OLD
         MVC   ${REGISTERS_AT}(64,1),SAVE
         MVC   ${CODE_AT}(4,1),KIND
         MVC   ${PROBE_AT}(16,1),0(2)
         LA    1,${RESULT_LENGTH}(,1)
         ST    1,POINTER
         L     1,INDEX
         LA    1,76(,1)
         ST    1,INDEX
         L     2,LEFT
         BCTR  2,0
         ST    2,LEFT
         LTR   2,2
         BNZ   GO
         LPSW  GOOD
GO       L     1,INDEX
         MVC   NEXTPSW,0(1)
         MVC   PROBE,72(1)
         LM    0,15,8(1)
         LPSW  NEXTPSW
GOOD     DC    0D'0',X'00020000',A(0)`.split('\n');

const TAIL = (controls: readonly number[]): readonly string[] => [
  '         LTORG',
  'CONTROLS DS    0F',
  ...constants(controls),
  "         ORG   GAUNTLET+X'2000'",
  'TABLE    DS    0F',
];
