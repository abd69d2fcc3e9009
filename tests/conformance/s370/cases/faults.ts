/**
 * Access exceptions of every kind of operand, and the exceptions that need no operand: operation, privileged
 * operation, and those of the instruction's own fetch.
 */
import { A, B, CODE, END, KEYED_BLOCKS, STORAGE_SIZE } from '../layout.ts';
import { hex } from '../vector.ts';
import { family, rr, rs, rx, ss, si, type Case, type Draft, type Family } from './draft.ts';

/** [operation code, mnemonic, operand length, stores] of RX, RS and SI instructions with one storage operand. */
const ONE_OPERAND: readonly (readonly [number, string, number, boolean])[] = [
  [0x40, 'STH', 2, true],
  [0x42, 'STC', 1, true],
  [0x43, 'IC', 1, false],
  [0x48, 'LH', 2, false],
  [0x49, 'CH', 2, false],
  [0x4a, 'AH', 2, false],
  [0x4b, 'SH', 2, false],
  [0x4c, 'MH', 2, false],
  [0x4e, 'CVD', 8, true],
  [0x4f, 'CVB', 8, false],
  [0x50, 'ST', 4, true],
  [0x54, 'N', 4, false],
  [0x55, 'CL', 4, false],
  [0x56, 'O', 4, false],
  [0x57, 'X', 4, false],
  [0x58, 'L', 4, false],
  [0x59, 'C', 4, false],
  [0x5a, 'A', 4, false],
  [0x5b, 'S', 4, false],
  [0x5c, 'M', 4, false],
  [0x5d, 'D', 4, false],
  [0x5e, 'AL', 4, false],
  [0x5f, 'SL', 4, false],
  [0x60, 'STD', 8, true],
  [0x67, 'MXD', 8, false],
  [0x68, 'LD', 8, false],
  [0x69, 'CD', 8, false],
  [0x6a, 'AD', 8, false],
  [0x6b, 'SD', 8, false],
  [0x6c, 'MD', 8, false],
  [0x6d, 'DD', 8, false],
  [0x6e, 'AW', 8, false],
  [0x6f, 'SW', 8, false],
  [0x70, 'STE', 4, true],
  [0x78, 'LE', 4, false],
  [0x79, 'CE', 4, false],
  [0x7a, 'AE', 4, false],
  [0x7b, 'SE', 4, false],
  [0x7c, 'ME', 4, false],
  [0x7d, 'DE', 4, false],
  [0x7e, 'AU', 4, false],
  [0x7f, 'SU', 4, false],
  [0x90, 'STM', 16, true],
  [0x91, 'TM', 1, false],
  [0x92, 'MVI', 1, true],
  [0x93, 'TS', 1, true],
  [0x94, 'NI', 1, true],
  [0x95, 'CLI', 1, false],
  [0x96, 'OI', 1, true],
  [0x97, 'XI', 1, true],
  [0x98, 'LM', 16, false],
  [0xba, 'CS', 4, true],
  [0xbb, 'CDS', 8, true],
  [0xbd, 'CLM', 4, false],
  [0xbe, 'STCM', 4, true],
  [0xbf, 'ICM', 4, false],
];

/** [operation code, mnemonic, second byte, lengths of both operands, stores] of SS instructions. */
const TWO_OPERANDS: readonly (readonly [number, string, number, number, number, boolean])[] = [
  [0xd1, 'MVN', 0x0f, 16, 16, true],
  [0xd2, 'MVC', 0x0f, 16, 16, true],
  [0xd3, 'MVZ', 0x0f, 16, 16, true],
  [0xd4, 'NC', 0x0f, 16, 16, true],
  [0xd5, 'CLC', 0x0f, 16, 16, false],
  [0xd6, 'OC', 0x0f, 16, 16, true],
  [0xd7, 'XC', 0x0f, 16, 16, true],
  [0xdc, 'TR', 0x0f, 16, 256, true],
  [0xdd, 'TRT', 0x0f, 16, 256, false],
  [0xde, 'ED', 0x0f, 16, 8, true],
  [0xdf, 'EDMK', 0x0f, 16, 8, true],
  [0xf1, 'MVO', 0x77, 8, 8, true],
  [0xf2, 'PACK', 0x77, 8, 8, true],
  [0xf3, 'UNPK', 0x77, 8, 8, true],
  [0xf8, 'ZAP', 0x77, 8, 8, true],
  [0xf9, 'CP', 0x77, 8, 8, false],
  [0xfa, 'AP', 0x77, 8, 8, true],
  [0xfb, 'SP', 0x77, 8, 8, true],
  [0xfc, 'MP', 0x73, 8, 4, true],
  [0xfd, 'DP', 0x73, 8, 4, true],
];

const NUMBER = '000000000012345c';

const keyOf = (block: number, key: string, keys: string): string => {
  const i = KEYED_BLOCKS.indexOf(block);
  return keys.slice(0, 2 * i) + key + keys.slice(2 * i + 2);
};

const NO_KEYS = '00'.repeat(KEYED_BLOCKS.length);

/** Program key 3; the code block, A and B have it too, except where a block is to be guarded by `guard`. */
function protect(d: Draft, block: number, guard: string): void {
  d.psw |= 0x30;
  let keys = '30'.repeat(KEYED_BLOCKS.length);
  keys = keyOf(block, guard, keys);
  d.keys = keys;
}

/** Key with fetch protection, for operands that are only fetched; a mere mismatch for those stored into. */
const guard = (d: Draft, stores: boolean): string =>
  stores && d.chance.oneIn(2) ? d.chance.pick(['40', '00', 'f0']) : d.chance.pick(['48', '08', 'f8']);

/** An operand in storage that does not exist, wholly or from some byte on. */
const beyond = (d: Draft, length: number): number =>
  d.chance.oneIn(2) && length > 1
    ? STORAGE_SIZE - d.chance.between(1, length - 1)
    : STORAGE_SIZE + 16 * d.chance.below(0x1000);

/** An operand in the guarded second part of A, or across into it (operands that need no alignment). */
const guarded = (d: Draft, length: number): number =>
  d.chance.oneIn(3) && length > 1
    ? 0x3000 - d.chance.between(1, length - 1)
    : 0x3000 + 16 * d.chance.below(8);

/** CS and CDS must be aligned, or the specification exception comes first. */
const aligned = (mnemonic: string): boolean => mnemonic === 'CS' || mnemonic === 'CDS';

/** An inequality in accessible bytes may end these before the inaccessible ones matter. */
const mayEndEarly = (mnemonic: string): boolean => ['CL', 'CLM', 'CLC', 'TRT'].includes(mnemonic);

const oneOperand =
  ([op, mnemonic, length, stores]: (typeof ONE_OPERAND)[number], kind: number) =>
  (d: Draft): Case => {
    let at: number;
    const whole = aligned(mnemonic) || mayEndEarly(mnemonic);
    if (kind === 0) at = whole ? STORAGE_SIZE + 64 : beyond(d, length);
    else {
      protect(d, 0x3000, guard(d, stores));
      at = whole ? 0x3010 : guarded(d, length);
    }
    const r1 = 2;
    const floating = op >= 0x60 && op < 0x80;
    if (stores) d.results.storage.push([at, length]);
    else if (floating) d.results.fpr.push(r1, r1 + 2);
    else d.results.gr.push(0, 1, 2, 3, 4, 5, 6, 7);
    if (stores) d.results.gr.push(...(aligned(mnemonic) ? [2, 3] : []));
    d.set(2, d.chance.word());
    d.set(3, d.chance.word());
    d.set(4, 4);
    if (mnemonic === 'CVB' && at + 8 <= 0x3100) d.put(at, NUMBER);
    const base = d.base(at);
    if (op >= 0x91 && op <= 0x97) return d.finish(si(op, d.chance.below(256), base));
    if (op === 0x90 || op === 0x98) return d.finish(rs(op, 4, 7, base));
    if (op >= 0xba && op <= 0xbb) return d.finish(rs(op, 2, 4, base));
    if (op >= 0xbd && op <= 0xbf) return d.finish(rs(op, 2, 15, base));
    // MXD takes FPR 0 or 4 only.
    return d.finish(rx(op, mnemonic === 'MXD' ? 4 : r1, 0, base));
  };

const twoOperands =
  (row: (typeof TWO_OPERANDS)[number], kind: number) =>
  (d: Draft): Case => {
    const [op, mnemonic, second, l1, l2, stores] = row;
    const part = mayEndEarly(mnemonic) ? 1 : 16;
    let first = 0x4720 + d.chance.below(16);
    let other = 0x2f20 + d.chance.below(16);
    const which = d.chance.below(2);
    if (kind === 0) {
      if (which === 0) first = beyond(d, Math.min(l1, part));
      else other = beyond(d, part === 1 ? 1 : l2);
    } else {
      protect(d, 0x3000, which === 0 ? guard(d, stores) : '48');
      const at = guarded(d, Math.min(which === 0 ? l1 : l2, part));
      if (which === 0) [first, other] = [at, 0x4720];
      else other = at;
    }
    if (op >= 0xf8) {
      if (first + 8 <= STORAGE_SIZE) d.put(first, NUMBER);
      if (other + l2 <= STORAGE_SIZE) d.put(other, NUMBER.slice(-2 * l2));
    }
    // Every digit selected: the whole source is used.
    if (mnemonic.startsWith('ED')) {
      if (first + 16 <= STORAGE_SIZE) d.put(first, '40' + '20'.repeat(15));
      if (other + 8 <= STORAGE_SIZE) d.put(other, NUMBER);
    }
    if (mnemonic === 'TRT' || mnemonic === 'EDMK') d.results.gr.push(1, 2);
    if (stores) d.results.storage.push([first, l1]);
    return d.finish(ss(op, second, d.base(first), d.base(other)));
  };

/** MVCL and CLCL: an operand that does not exist or may not be reached; how far the unit came is open. */
const long =
  (op: number, kind: number) =>
  (d: Draft): Case => {
    const guardedFirst = d.chance.oneIn(2);
    if (kind === 1) protect(d, 0x3000, '48');
    const bad = kind === 0 ? STORAGE_SIZE + 16 * d.chance.below(0x1000) : 0x3000 + d.chance.below(64);
    const good = 0x4720 + d.chance.below(16);
    const length = d.chance.between(1, 64);
    d.set(2, guardedFirst ? bad : good);
    d.set(3, length);
    d.set(4, guardedFirst ? good : bad);
    d.set(5, length);
    d.results.gr.push(2, 3, 4, 5);
    if (op === 0x0e) d.results.storage.push([guardedFirst ? bad : good, length]);
    return d.finish(rr(op, 2, 4));
  };

/** Store-protected but not fetch-protected, or key 0: no exception. */
const allowed =
  (op: number, length: number) =>
  (d: Draft): Case => {
    const at = 0x3000 + 16 * d.chance.below(8);
    protect(d, 0x3000, d.chance.pick(['40', '30', '38', '50']));
    if (d.chance.oneIn(2)) {
      d.psw &= ~0xf0;
      d.keys = keyOf(0x3000, '48', NO_KEYS);
    }
    if (op === 0x50) d.results.storage.push([at, length]);
    return d.finish(rx(op, 2, 0, d.base(at)));
  };

/** First bytes that name no instruction of System/370. */
const ASSIGNED = new Set(
  [
    '04 05 06 07 08 09 0a 0d 0e 0f 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20 21 22 23 24 25 26 27 28 29',
    '2a 2b 2c 2d 2e 2f 30 31 32 33 34 35 36 37 38 39 3a 3b 3c 3d 3e 3f 40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d',
    '4e 4f 50 54 55 56 57 58 59 5a 5b 5c 5d 5e 5f 60 67 68 69 6a 6b 6c 6d 6e 6f 70 78 79 7a 7b 7c 7d 7e 7f 80 82',
    '83 84 85 86 87 88 89 8a 8b 8c 8d 8e 8f 90 91 92 93 94 95 96 97 98 9c 9d 9e 9f ac ad ae af b1 b2 b6 b7 ba bb',
    'bd be bf d1 d2 d3 d4 d5 d6 d7 d9 da db dc dd de df e5 e8 f0 f1 f2 f3 f8 f9 fa fb fc fd',
  ].flatMap((line) => line.split(' ').map((code) => parseInt(code, 16))),
);
const UNASSIGNED = Array.from({ length: 256 }, (_, i) => i).filter((op) => !ASSIGNED.has(op));

let nextUnassigned = 0;
const unassigned = (d: Draft): Case => {
  const op = UNASSIGNED[nextUnassigned++ % UNASSIGNED.length]!;
  const length = op < 0x40 ? 2 : op < 0xc0 ? 4 : 6;
  return d.finish(hex(op, 2) + d.chance.bytes(length - 1));
};

/** Instructions whose first two bytes are the operation code, and those of one byte with harmless operands. */
const PRIVILEGED: readonly (readonly [string, string])[] = [
  ['SSK', '0824'],
  ['ISK', '0924'],
  ['SSM', '80002f00'],
  ['LPSW', '82002f00'],
  ['DIAGNOSE', '83240000'],
  ['SIO', '9c000000'],
  ['SIOF', '9c010000'],
  ['TIO', '9d000000'],
  ['CLRIO', '9d010000'],
  ['HIO', '9e000000'],
  ['HDV', '9e010000'],
  ['TCH', '9f000000'],
  ['STNSM', 'ac002f00'],
  ['STOSM', 'ad002f00'],
  ['LRA', 'b1202f00'],
  ['STIDP', 'b2022f00'],
  ['STIDC', 'b2030000'],
  ['SCK', 'b2042f00'],
  ['SCKC', 'b2062f00'],
  ['STCKC', 'b2072f00'],
  ['SPT', 'b2082f00'],
  ['STPT', 'b2092f00'],
  ['SPKA', 'b20a0030'],
  ['IPK', 'b20b0000'],
  ['PTLB', 'b20d0000'],
  ['RRB', 'b2132f00'],
  ['STCTL', 'b6002f00'],
  ['LCTL', 'b7002f00'],
];

const privileged =
  (instruction: string) =>
  (d: Draft): Case =>
    d.finish(instruction);

/** The instruction itself cannot be fetched; `NOP` stands for whatever would have been executed. */
const fetchFault = (d: Draft): Case => {
  switch (d.chance.below(4)) {
    case 0: // odd address
      d.ia = CODE.at + 5;
      return d.finish('');
    case 1: // not in storage
      d.ia = STORAGE_SIZE + 2 * d.chance.below(0x1000);
      return d.finish('');
    case 2: // its end is not in storage
      d.ia = END.at + END.length - 2;
      return d.finish('5810');
    default: // its end is protected
      protect(d, 0x6800, '48');
      d.ia = 0x67fe;
      return d.finish('58102f00');
  }
};

export const FAULTS: readonly Family[] = [
  ...[0, 1].flatMap((kind) => [
    ...ONE_OPERAND.map((row) => family(row[1], 4, oneOperand(row, kind))),
    ...TWO_OPERANDS.map((row) => family(row[1], 5, twoOperands(row, kind))),
  ]),
  ...[0, 1].flatMap((kind) => [family('MVCL', 8, long(0x0e, kind)), family('CLCL', 8, long(0x0f, kind))]),
  family('L', 12, allowed(0x58, 4)),
  family('ST', 12, allowed(0x50, 4)),
  family('unassigned operation codes', 2 * UNASSIGNED.length, unassigned),
  ...PRIVILEGED.map(([mnemonic, instruction]) =>
    family(`${mnemonic} in the problem state`, 3, privileged(instruction)),
  ),
  family('instruction fetch', 40, fetchFault),
];

if (A.at + 256 !== 0x3000 || B.at + 256 !== 0x4800) throw new Error('areas moved: adapt the guarded places');
