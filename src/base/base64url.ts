/** Bytes as text for addresses: base64url without padding (RFC 4648, section 5). */

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const CODES = Uint8Array.from(LETTERS, (letter) => letter.charCodeAt(0));
const NO_LETTER = 64;
const VALUES = new Uint8Array(128).fill(NO_LETTER);
CODES.forEach((code, value) => (VALUES[code] = value));

export function toBase64url(bytes: Uint8Array): string {
  const codes = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  for (let i = 0, at = 0; i < bytes.length; i += 3) {
    const word = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    codes[at++] = CODES[word >> 18]!;
    codes[at++] = CODES[(word >> 12) & 63]!;
    codes[at++] = CODES[(word >> 6) & 63]!;
    codes[at++] = CODES[word & 63]!;
  }
  return new TextDecoder().decode(codes.subarray(0, Math.ceil((bytes.length * 4) / 3)));
}

/** The bytes that `text` stands for, or null where it is no base64url. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let word = 0;
  for (let i = 0, bits = 0, at = 0; i < text.length; i++) {
    const six = VALUES[text.charCodeAt(i)] ?? NO_LETTER;
    if (six === NO_LETTER) return null;
    word = ((word << 6) | six) & 0xff_ffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (word >> bits) & 0xff;
  }
  return bytes;
}
