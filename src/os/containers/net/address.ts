/** Addresses of sockets, and how programs write them. ip(7), unix(7). */
import { fail } from '../abi/errno.ts';
import type { UserMemory } from '../memory/user.ts';

export const AF_UNIX = 1;
export const AF_INET = 2;

export interface InetAddress {
  readonly family: typeof AF_INET;
  /** As a number, the first byte the highest. */
  readonly ip: number;
  readonly port: number;
}
/** A path, or with a leading NUL an abstract name; '' is none. */
export interface UnixAddress {
  readonly family: typeof AF_UNIX;
  readonly path: string;
}
export type Address = InetAddress | UnixAddress;

export const ANY = 0;
export const LOOPBACK = 0x7f000001;
export const isLoopback = (ip: number): boolean => ip >>> 24 === 127;
export const ipText = (ip: number): string => [24, 16, 8, 0].map((shift) => (ip >>> shift) & 255).join('.');

const decoder = new TextDecoder();
const encoder = new TextEncoder();
const PATH_MAX = 108;

export function readAddress(memory: UserMemory, at: number, length: number): Address {
  if (length < 2) return fail('EINVAL');
  const bytes = memory.read(at, Math.min(length, PATH_MAX + 2));
  const family = bytes[0]! | (bytes[1]! << 8);
  if (family === AF_INET) {
    if (length < 8) return fail('EINVAL');
    const ip = ((bytes[4]! << 24) | (bytes[5]! << 16) | (bytes[6]! << 8) | bytes[7]!) >>> 0;
    return { family, ip, port: (bytes[2]! << 8) | bytes[3]! };
  }
  if (family !== AF_UNIX) return fail('EAFNOSUPPORT');
  const name = bytes.subarray(2);
  // An abstract name begins with NUL and is as long as is said; a path ends at its NUL.
  const end = name[0] === 0 ? name.length : name.indexOf(0);
  return { family, path: decoder.decode(end < 0 ? name : name.subarray(0, end)) };
}

function bytesOf(address: Address): Uint8Array {
  if (address.family === AF_INET) {
    const { ip, port } = address;
    return Uint8Array.of(
      AF_INET,
      0,
      port >> 8,
      port,
      ip >>> 24,
      ip >>> 16,
      ip >>> 8,
      ip,
      ...new Uint8Array(8),
    );
  }
  const name = encoder.encode(address.path);
  const ends = name.length > 0 && name[0] !== 0 ? 1 : 0;
  const bytes = new Uint8Array(2 + name.length + ends);
  bytes[0] = AF_UNIX;
  bytes.set(name, 2);
  return bytes;
}

/** Stores an address where there is room, and its whole length where the room was said. */
export function writeAddress(memory: UserMemory, address: Address, at: number, lengthAt: number): void {
  if (at === 0 || lengthAt === 0) return;
  const bytes = bytesOf(address);
  memory.write(at, bytes.subarray(0, Math.max(0, memory.word(lengthAt))));
  memory.setWord(lengthAt, bytes.length);
}
