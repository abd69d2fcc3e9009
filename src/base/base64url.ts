/** Bytes as text for addresses: base64url without padding (RFC 4648, section 5). */

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export function toBase64url(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const word = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const letters = [18, 12, 6, 0].map((shift) => LETTERS[(word >> shift) & 63]!);
    text += letters.slice(0, Math.min(3, bytes.length - i) + 1).join('');
  }
  return text;
}

/** The bytes that `text` stands for, or null where it is no base64url. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let word = 0;
  for (let i = 0, bits = 0, at = 0; i < text.length; i++) {
    const six = LETTERS.indexOf(text[i]!);
    if (six < 0) return null;
    word = ((word << 6) | six) & 0xff_ffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (word >> bits) & 0xff;
  }
  return bytes;
}
