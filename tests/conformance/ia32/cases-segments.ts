/**
 * Makes the cases of segments and transfers of control for the recorder: short sequences at level 3 with segments of a
 * local descriptor table, whose descriptors recorder.c makes and the vectors begin with. Behind the @ stands what a
 * case tests.
 */
import { CONDITIONS } from '../../../src/machines/pc/instructions/row.ts';
import { CODE, generator } from './state.ts';

const CASES_A_SEQUENCE = 40;

/** Descriptors that recorder.c puts into the table. */
const DESCRIPTORS = 12;

const bytes = (value: number, count: number): string =>
  Array.from({ length: count }, (_, k) => ((value >>> (8 * k)) & 255).toString(16).padStart(2, '0')).join('');

/** Mostly the table's; now and then null, the flat ones of the system, or beyond the table. */
function selector(next: () => number): number {
  switch (next() & 15) {
    case 0:
      return next() & 3;
    case 1:
      return (next() & 1) !== 0 ? 0x2b : 0x23;
    case 2:
      return 0xf7 | (next() & 7);
    case 3:
      return ((next() % DESCRIPTORS) << 3) | 4;
    default:
      return ((next() % DESCRIPTORS) << 3) | 7;
  }
}

/** One whose limit is not below the code: there, processors differ in whether the return address is stored first. */
function reaching(next: () => number): number {
  const found = selector(next);
  return found >> 3 === 4 || found >> 3 === 5 ? 0x3f : found;
}

/** Offsets around the limits of the descriptors. */
const OFFSETS = [
  0, 1, 3, 0xffb, 0xffc, 0xffd, 0xffe, 0xfff, 0x1000, 0x1001, 0x1004, 0xfffb, 0xfffc, 0xfffd, 0xffff, 0x10000,
];
const offset = (next: () => number): string => bytes(OFFSETS[next() % OFFSETS.length]!, 4);

/** MOV BP,selector; MOV ES,BP; then an access with ES. */
const access =
  (opcode: string) =>
  (next: () => number): string =>
    `66bd${bytes(selector(next), 2)}8ec526${opcode}${offset(next)}`;
/** MOV DX,selector; then a question about it. */
const question =
  (opcode: string) =>
  (next: () => number): string =>
    `66ba${bytes(selector(next), 2)}${opcode}`;
const SELECTOR_OF_ES = '8cc1';

type Sequence = (next: () => number) => string;
const sequences: Readonly<Record<string, Sequence>> = {
  'load of a byte': access('8a05'),
  'load of a word': access('668b05'),
  'load of a doubleword': access('8b05'),
  'load of 8 bytes': access('dd05'),
  'store of a byte': access('8805'),
  'store of a word': access('668905'),
  'store of a doubleword': access('8905'),
  'store of 8 bytes': access('dd1d'),
  'read and write': access('0105'),
  comparison: access('3905'),
  'push of memory': access('ff35'),
  LAR: question('0f02c2'),
  'LAR of 16 bits': question('660f02c2'),
  LSL: question('0f03c2'),
  'LSL of 16 bits': question('660f03c2'),
  VERR: question('0f00e2'),
  VERW: question('0f00ea'),
  ARPL: question('63d0'),
  'POP ES': (next) => `68${bytes(selector(next), 4)}07${SELECTOR_OF_ES}`,
  LES: (next) => `68${bytes(selector(next), 4)}68${bytes(next(), 4)}c4042483c408${SELECTOR_OF_ES}`,
  LFS: (next) => `68${bytes(selector(next), 4)}68${bytes(next(), 4)}0fb4042483c408`,
  'MOV FS': (next) => `66bd${bytes(selector(next), 2)}8ee5`,
  'far JMP': (next) => `ea${bytes(CODE + 7, 4)}${bytes(selector(next), 2)}`,
  'far JMP by memory': (next) => `68${bytes(selector(next), 4)}68${bytes(CODE + 13, 4)}ff2c2483c408`,
  'far CALL and RET': (next) => `9a${bytes(CODE + 9, 4)}${bytes(reaching(next), 2)}eb01cb`,
  'far RET': (next) => `68${bytes(selector(next), 4)}68${bytes(CODE + 11, 4)}cb`,
  IRET: (next) => `9c68${bytes(selector(next), 4)}68${bytes(CODE + 12, 4)}cf`,
  'near JMP': () => 'eb0140',
  'near JMP by register': () => `b8${bytes(CODE + 8, 4)}ffe040`,
  'near CALL': (next) => `e8${bytes(next() & 1, 4)}40`,
  'near RET': () => `68${bytes(CODE + 7, 4)}c340`,
  'near RET n': (next) => `68${bytes(CODE + 9, 4)}c2${bytes(next() & 0x1c, 2)}40`,
  LOOP: () => 'e20140',
  LOOPE: () => 'e10140',
  LOOPNE: () => 'e00140',
  JECXZ: () => 'e30140',
  BOUND: (next) => `62${bytes(0x03 | ((next() & 7) << 3), 1)}`,
  'privileged instructions': (next) =>
    ['f4', 'fa', 'fb', '0f20c0', '0f06', '0f09', '0f0117', '0f23c0', 'ec', 'e660', 'cd30', '0f32', '0f0013'][
      next() % 13
    ]!,
  ...Object.fromEntries(CONDITIONS.map((name, code) => [`J${name}`, () => `${bytes(0x70 | code, 1)}0140`])),
};

export const SEQUENCES = Object.keys(sequences);

export function main(): number {
  let seed = 1;
  let text = '';
  for (const [name, make] of Object.entries(sequences))
    for (let k = 0; k < CASES_A_SEQUENCE; k++, seed++)
      text += `${seed} ${make(generator(seed + 0x40000))}@${name.replaceAll(' ', '_')}\n`;
  process.stdout.write(text);
  return 0;
}
