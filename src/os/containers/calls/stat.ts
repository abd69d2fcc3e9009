/** Calls that ask what an inode is: stat(2), statx(2), access(2), readlink(2), statfs(2). */
import { fail } from '../abi/errno.ts';
import * as modes from '../abi/modes.ts';
import { Special, SymbolicLink, type Inode } from '../files/inode.ts';
import * as mounts from '../files/mounts.ts';
import { MagicLink } from '../files/walk.ts';
import { permits, toInside } from '../process/credentials.ts';
import type { Call, Handler } from './call.ts';
import { named, placeAt } from './naming.ts';

const encoder = new TextEncoder();

/** struct stat64 of IA-32: 96 bytes. */
function stat64Of(c: Call, node: Inode): Uint8Array {
  const bytes = new Uint8Array(96);
  const view = new DataView(bytes.buffer);
  const word = (at: number, value: number): void => view.setUint32(at, value >>> 0, true);
  const { uidMap, gidMap } = c.process.credentials.users;
  word(0, node.filesystem.device);
  word(12, node.number);
  word(16, node.mode);
  word(20, node.links);
  word(24, toInside(uidMap, node.uid));
  word(28, toInside(gidMap, node.gid));
  word(32, node instanceof Special ? node.rdev : 0);
  view.setBigUint64(44, BigInt(node.size), true);
  word(52, 4096);
  view.setBigUint64(56, BigInt(Math.ceil(node.size / 512)), true);
  const times = [node.accessed, node.modified, node.changed];
  times.forEach(({ seconds, nanoseconds }, i) => {
    word(64 + 8 * i, seconds);
    word(68 + 8 * i, nanoseconds);
  });
  view.setBigUint64(88, BigInt(node.number), true);
  return bytes;
}

/** struct stat of before Linux 2.4: 64 bytes, numbers of 16 bits. */
function statOf(c: Call, node: Inode): Uint8Array {
  const wide = stat64Of(c, node);
  const from = new DataView(wide.buffer);
  const bytes = new Uint8Array(64);
  const view = new DataView(bytes.buffer);
  const word = (at: number): number => from.getUint32(at, true);
  view.setUint32(0, word(0), true);
  view.setUint32(4, word(12), true);
  [16, 20, 24, 28].forEach((at, i) => view.setUint16(8 + 2 * i, word(at), true));
  [32, 44, 52, 56].forEach((at, i) => view.setUint32(16 + 4 * i, word(at), true));
  bytes.set(wide.subarray(64, 88), 32);
  return bytes;
}

/** struct statx: 256 bytes. */
function statxOf(c: Call, node: Inode): Uint8Array {
  const bytes = new Uint8Array(256);
  const view = new DataView(bytes.buffer);
  const word = (at: number, value: number): void => view.setUint32(at, value >>> 0, true);
  const { uidMap, gidMap } = c.process.credentials.users;
  word(0, 0x7ff);
  word(4, 4096);
  word(16, node.links);
  word(20, toInside(uidMap, node.uid));
  word(24, toInside(gidMap, node.gid));
  view.setUint16(28, node.mode, true);
  view.setBigUint64(32, BigInt(node.number), true);
  view.setBigUint64(40, BigInt(node.size), true);
  view.setBigUint64(48, BigInt(Math.ceil(node.size / 512)), true);
  [node.accessed, node.changed, node.changed, node.modified].forEach(({ seconds, nanoseconds }, i) => {
    view.setBigInt64(64 + 16 * i, BigInt(seconds), true);
    word(72 + 16 * i, nanoseconds);
  });
  const rdev = node instanceof Special ? node.rdev : 0;
  word(128, modes.majorOf(rdev));
  word(132, modes.minorOf(rdev));
  word(136, modes.majorOf(node.filesystem.device));
  word(140, modes.minorOf(node.filesystem.device));
  return bytes;
}

type Shape = (c: Call, node: Inode) => Uint8Array;
const byPath =
  (shape: Shape, follow: boolean): Handler =>
  (c) => {
    c.memory.write(c.args[1]!, shape(c, named(c, follow).node));
    return 0;
  };
/** Of a descriptor: what has no name is a pipe. */
function nodeOf(c: Call, descriptor: number): Inode {
  const file = c.process.file(descriptor);
  return file.inode ?? new Special(c.process.fs.root.node.filesystem, modes.S_IFIFO | 0o600, 0);
}
const byDescriptor =
  (shape: Shape): Handler =>
  (c) => {
    c.memory.write(c.args[1]!, shape(c, nodeOf(c, c.args[0]!)));
    return 0;
  };
function statAt(c: Call, flags: number): Inode {
  const path = c.memory.path(c.args[1]!);
  const itself = path === '' && (flags & modes.AT_EMPTY_PATH) !== 0 && c.args[0] !== modes.AT_FDCWD;
  return itself ? nodeOf(c, c.args[0]!) : placeAt(c, c.args[0]!, path, flags).node;
}
const fstatat64: Handler = (c) => {
  c.memory.write(c.args[2]!, stat64Of(c, statAt(c, c.args[3]!)));
  return 0;
};
const statx: Handler = (c) => {
  c.memory.write(c.args[4]!, statxOf(c, statAt(c, c.args[2]!)));
  return 0;
};

function checked(c: Call, place: mounts.Place, wanted: number, effective: boolean): number {
  const { credentials } = c.process;
  const { uid, gid, fsuid, fsgid } = credentials;
  if ((wanted & 2) !== 0 && (place.mount.flags & mounts.MS_RDONLY) !== 0) return fail('EROFS');
  const [u, g] = effective ? [fsuid, fsgid] : [uid, gid];
  return permits(credentials, place.node, wanted & 7, u, g) ? 0 : fail('EACCES');
}
const access: Handler = (c) => checked(c, named(c), c.args[1]!, false);
const faccessat: Handler = (c) =>
  checked(c, placeAt(c, c.args[0]!, c.memory.path(c.args[1]!), 0), c.args[2]!, false);
const faccessat2: Handler = (c) =>
  checked(
    c,
    placeAt(c, c.args[0]!, c.memory.path(c.args[1]!), c.args[3]!),
    c.args[2]!,
    (c.args[3]! & 0x200) !== 0,
  );

function linkText(c: Call, place: mounts.Place, buffer: number, size: number): number {
  const { node } = place;
  if (!(node instanceof SymbolicLink)) return fail('EINVAL');
  if (size <= 0) return fail('EINVAL');
  const text =
    node instanceof MagicLink && node.target === ''
      ? mounts.pathOf(node.follow(), c.process.fs.root).replace(/^\(unreachable\)/, '')
      : node.target;
  const bytes = encoder.encode(text).subarray(0, size);
  c.memory.write(buffer, bytes);
  return bytes.length;
}
const readlink: Handler = (c) => linkText(c, named(c, false), c.args[1]!, c.args[2]!);
const readlinkat: Handler = (c) => {
  const place = placeAt(
    c,
    c.args[0]!,
    c.memory.path(c.args[1]!),
    modes.AT_SYMLINK_NOFOLLOW | modes.AT_EMPTY_PATH,
  );
  return linkText(c, place, c.args[2]!, c.args[3]!);
};

function statfsOf({ node, mount }: mounts.Place): number[] {
  const { magic } = node.filesystem;
  const { used, limit } = node.filesystem.usage?.() ?? { used: 0, limit: 0 };
  const blocks = Math.min(0xffffffff, Math.floor((limit === Infinity ? 1 << 30 : limit) / 4096));
  const free = Math.max(0, blocks - Math.ceil(used / 4096));
  return [
    magic,
    4096,
    blocks,
    0,
    free,
    0,
    free,
    0,
    0xffff,
    0,
    0xfff0,
    0,
    node.filesystem.device,
    0,
    255,
    4096,
    mount.flags,
    0,
    0,
    0,
    0,
  ];
}
/** struct statfs, with numbers of 32 bits: the same without the upper halves. */
export function shortStatfsOf(place: mounts.Place): number[] {
  const [magic, block, ...rest] = statfsOf(place) as [number, number, ...number[]];
  const halves = rest.slice(0, 10).filter((_, k) => k % 2 === 0);
  return [magic, block, ...halves, ...rest.slice(10)];
}
const statfs64: Handler = (c) => {
  c.memory.setWords(c.args[2]!, statfsOf(named(c)));
  return 0;
};
const fstatfs64: Handler = (c) => {
  c.memory.setWords(c.args[2]!, statfsOf(c.process.file(c.args[0]!).place ?? fail('ENOSYS')));
  return 0;
};

export const STAT_CALLS = {
  stat: byPath(statOf, true),
  lstat: byPath(statOf, false),
  fstat: byDescriptor(statOf),
  stat64: byPath(stat64Of, true),
  lstat64: byPath(stat64Of, false),
  fstat64: byDescriptor(stat64Of),
  ...{ fstatat64, statx, access, faccessat, faccessat2, readlink, readlinkat, statfs64, fstatfs64 },
};
