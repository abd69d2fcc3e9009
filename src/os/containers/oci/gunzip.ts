/** Archives without their compression, bit by bit and never more than a bound, so that a bomb is a message. RFC 1952. */
import { Gunzip } from 'fflate';

/** Compressed bytes that are taken at a time. */
const STEP = 1 << 17;
const GZIP = [0x1f, 0x8b] as const;
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd] as const;
const XZ = [0xfd, 0x37, 0x7a, 0x58] as const;

const begins = (bytes: Uint8Array, magic: readonly number[]): boolean =>
  magic.every((byte, k) => bytes[k] === byte);

/** How far the work has come, from 0 to 1, as it goes on; in the end the result, or what is wrong as a string. */
export type Progressing<Result> = Generator<number, Result | string>;

/** Yields how much of the input has been read. What is not compressed comes back as it is. */
export function* plain(bytes: Uint8Array, most: number): Progressing<Uint8Array> {
  if (begins(bytes, ZSTD))
    return 'it is compressed with zstd, which is not served: save it with gzip or without compression';
  if (begins(bytes, XZ))
    return 'it is compressed with xz, which is not served: save it with gzip or without compression';
  if (!begins(bytes, GZIP)) return bytes;
  const parts: Uint8Array[] = [];
  let [total, began, ended] = [0, 0, false];
  const stream = new Gunzip((part, final) => {
    total += part.length;
    ended = final;
    if (total <= most) parts.push(part);
  });
  stream.onmember = () => (began = total);
  try {
    for (let at = 0; at < bytes.length; at += STEP) {
      stream.push(bytes.subarray(at, at + STEP), at + STEP >= bytes.length);
      if (total > most) return `it unpacks to more than ${most} bytes: no more are taken`;
      yield Math.min(1, (at + STEP) / bytes.length);
    }
  } catch {
    return 'the compressed data is damaged or truncated';
  }
  // The last four bytes say how long the last member was, modulo 2^32.
  const said = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4, 4).getUint32(0, true);
  if (!ended || said !== (total - began) % 0x1_0000_0000)
    return 'the compressed data is damaged or truncated';
  return joined(parts, total);
}

function joined(parts: readonly Uint8Array[], total: number): Uint8Array {
  const whole = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The result of work whose progress nobody watches. */
export function finish<Result>(work: Progressing<Result>): Result | string {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
