/**
 * EBCDIC, code page 037 restricted to what 1403/3215 type: System/370 programs read and write it, pages show Unicode.
 * Characters that the page lacks become SUB (X'3F') or the replacement character.
 */
const ROWS: Readonly<Record<number, string>> = {
  0x40: ' ',
  0x4a: '¢.<(+|&',
  0x5a: '!$*);¬-/',
  0x6a: '¦,%_>?',
  0x79: '`:#@\'="',
  0x81: 'abcdefghi',
  0x91: 'jklmnopqr',
  0xa1: '~stuvwxyz',
  0xc0: '{ABCDEFGHI',
  0xd0: '}JKLMNOPQR',
  0xe0: '\\',
  0xe2: 'STUVWXYZ',
  0xf0: '0123456789',
  0xba: '[]',
  0xb0: '^',
  0x15: '\n',
  0x05: '\t',
  0x0d: '\r',
};

const TO_UNICODE: string[] = new Array<string>(256).fill('\uFFFD');
const FROM_UNICODE = new Map<string, number>();
for (const [start, characters] of Object.entries(ROWS))
  Array.from(characters).forEach((character, i) => {
    TO_UNICODE[Number(start) + i] = character;
    FROM_UNICODE.set(character, Number(start) + i);
  });

/** The EBCDIC byte of one character; X'3F' (SUB) where there is none. */
export const toEbcdic = (character: string): number => FROM_UNICODE.get(character) ?? 0x3f;

/** The characters that EBCDIC `bytes` stand for. */
export function fromEbcdic(bytes: Iterable<number>): string {
  let text = '';
  for (const byte of bytes) text += TO_UNICODE[byte] ?? '\uFFFD';
  return text;
}

/** `text` as EBCDIC bytes; with `length`, cut or padded with blanks to it. */
export function ebcdicBytes(text: string, length?: number): Uint8Array<ArrayBuffer> {
  const characters = Array.from(text);
  const bytes = new Uint8Array(length ?? characters.length).fill(0x40);
  for (let i = 0; i < Math.min(bytes.length, characters.length); i++) bytes[i] = toEbcdic(characters[i]!);
  return bytes;
}
