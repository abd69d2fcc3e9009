/** Words and their printed form: the one place where numbers are brought to 32 bits. */

/** `value` as an unsigned 32-bit number. */
export const u32 = (value: number): number => value >>> 0;

/** `value` as a signed 32-bit number. */
export const i32 = (value: number): number => value | 0;

/** `value` in upper-case hexadecimal with at least `digits` digits; negative 32-bit words print as unsigned. */
export function hex(value: number, digits = 8): string {
  return (value < 0 ? value >>> 0 : value).toString(16).toUpperCase().padStart(digits, '0');
}

/** Bytes as one run of upper-case hexadecimal digits. */
export function hexBytes(bytes: Iterable<number>): string {
  let text = '';
  for (const byte of bytes) text += hex(byte, 2);
  return text;
}

/** The bytes that a string of hexadecimal digits (white space allowed) stands for, or null where it is none. */
export function parseHexBytes(text: string): Uint8Array<ArrayBuffer> | null {
  const digits = text.replace(/\s+/g, '');
  if (digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits)) return null;
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
