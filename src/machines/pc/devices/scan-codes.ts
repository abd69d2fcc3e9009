/**
 * The keys of a US keyboard and their scan codes. IBM PS/2 Keyboard Technical Reference, scan code sets 1 and 2. Set 1
 * names a key here; set 2 follows from the table by which the 8042 translates.
 */

/** From a code of set 2 to one of set 1, below 80; from there on codes stay, but for two. */
// prettier-ignore
const TO_SET_1: readonly number[] = [
  0xff, 0x43, 0x41, 0x3f, 0x3d, 0x3b, 0x3c, 0x58, 0x64, 0x44, 0x42, 0x40, 0x3e, 0x0f, 0x29, 0x59,
  0x65, 0x38, 0x2a, 0x70, 0x1d, 0x10, 0x02, 0x5a, 0x66, 0x71, 0x2c, 0x1f, 0x1e, 0x11, 0x03, 0x5b,
  0x67, 0x2e, 0x2d, 0x20, 0x12, 0x05, 0x04, 0x5c, 0x68, 0x39, 0x2f, 0x21, 0x14, 0x13, 0x06, 0x5d,
  0x69, 0x31, 0x30, 0x23, 0x22, 0x15, 0x07, 0x5e, 0x6a, 0x72, 0x32, 0x24, 0x16, 0x08, 0x09, 0x5f,
  0x6b, 0x33, 0x25, 0x17, 0x18, 0x0b, 0x0a, 0x60, 0x6c, 0x34, 0x35, 0x26, 0x27, 0x19, 0x0c, 0x61,
  0x6d, 0x73, 0x28, 0x74, 0x1a, 0x0d, 0x62, 0x6e, 0x3a, 0x36, 0x1c, 0x1b, 0x75, 0x2b, 0x63, 0x76,
  0x55, 0x56, 0x77, 0x78, 0x79, 0x7a, 0x0e, 0x7b, 0x7c, 0x4f, 0x7d, 0x4b, 0x47, 0x7e, 0x7f, 0x6f,
  0x52, 0x53, 0x50, 0x4c, 0x4d, 0x48, 0x01, 0x45, 0x57, 0x4e, 0x51, 0x4a, 0x37, 0x49, 0x46, 0x54,
];

/** As the controller translates a byte of set 2; F0, the release prefix, is the caller's to remember. */
export function toSet1(code: number): number {
  if (code < 0x80) return TO_SET_1[code]!;
  if (code === 0x83) return 0x41;
  return code === 0x84 ? 0x54 : code;
}

const toSet2 = (code: number): number => (code === 0x41 ? 0x83 : TO_SET_1.indexOf(code));

const EXTENDED = 0xe0;
const RELEASE = 0xf0;
const RELEASE_1 = 0x80;

/** A key by its code of set 1; those of the extended block from E000 on. */
export type Key = number;

/** What the keyboard sends for a key in scan code set 1 or 2. */
export function bytesOf(key: Key, released: boolean, set: number): number[] {
  const prefix = key > 0xff ? [EXTENDED] : [];
  const code = key & 0xff;
  if (set === 1) return [...prefix, released ? code | RELEASE_1 : code];
  return [...prefix, ...(released ? [RELEASE] : []), toSet2(code)];
}

export const SHIFT: Key = 0x2a;
export const CONTROL: Key = 0x1d;

const KEYS: readonly (readonly [first: Key, plain: string, shifted: string])[] = [
  [0x02, '1234567890-=', '!@#$%^&*()_+'],
  [0x10, 'qwertyuiop[]', 'QWERTYUIOP{}'],
  [0x1e, "asdfghjkl;'`", 'ASDFGHJKL:"~'],
  [0x2b, '\\zxcvbnm,./', '|ZXCVBNM<>?'],
  [0x39, ' ', ''],
];

export interface Stroke {
  readonly key: Key;
  readonly shift?: boolean;
  readonly control?: boolean;
}

const CHARACTERS = new Map<string, Stroke>([
  ['\n', { key: 0x1c }],
  ['\r', { key: 0x1c }],
  ['\t', { key: 0x0f }],
  ['\b', { key: 0x0e }],
  ['\x7f', { key: 0x0e }],
  ['\x1b', { key: 0x01 }],
]);
for (const [first, plain, shifted] of KEYS) {
  Array.from(plain).forEach((c, k) => CHARACTERS.set(c, { key: first + k }));
  Array.from(shifted).forEach((c, k) => CHARACTERS.set(c, { key: first + k, shift: true }));
}
for (let letter = 1; letter <= 26; letter++) {
  const stroke = CHARACTERS.get(String.fromCharCode(0x60 + letter))!;
  const character = String.fromCharCode(letter);
  if (!CHARACTERS.has(character)) CHARACTERS.set(character, { ...stroke, control: true });
}

/** Keys without a character, as terminals write them behind ESC. */
const SEQUENCES: Readonly<Record<string, Key>> = {
  '[A': 0xe048,
  '[B': 0xe050,
  '[C': 0xe04d,
  '[D': 0xe04b,
  '[H': 0xe047,
  '[F': 0xe04f,
  '[2~': 0xe052,
  '[3~': 0xe053,
  '[5~': 0xe049,
  '[6~': 0xe051,
  OP: 0x3b,
  OQ: 0x3c,
  OR: 0x3d,
  OS: 0x3e,
  '[15~': 0x3f,
  '[17~': 0x40,
  '[18~': 0x41,
  '[19~': 0x42,
  '[20~': 0x43,
  '[21~': 0x44,
  '[23~': 0x57,
  '[24~': 0x58,
};

/** The strokes that write a text; terminals' sequences name keys, characters without a key are left out. */
export function strokesOf(text: string): Stroke[] {
  const strokes: Stroke[] = [];
  for (let at = 0; at < text.length; at++) {
    const rest = text.slice(at + 1);
    const sequence =
      text[at] === '\x1b' ? Object.keys(SEQUENCES).find((name) => rest.startsWith(name)) : undefined;
    const stroke = sequence === undefined ? CHARACTERS.get(text[at]!) : { key: SEQUENCES[sequence]! };
    if (stroke) strokes.push(stroke);
    at += sequence?.length ?? 0;
  }
  return strokes;
}
