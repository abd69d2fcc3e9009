/** Calls about names and attributes: stat(2), getdents(2), mkdir(2), rename(2), chmod(2), chdir(2), mount(2). */
import { fail } from '../abi/errno.ts';
import * as modes from '../abi/modes.ts';
import { Directory, Special, SymbolicLink, type Inode, type Moment } from '../files/inode.ts';
import { groupRoot } from '../files/cgroupfs.ts';
import * as mounts from '../files/mounts.ts';
import { OpenDirectory } from '../files/open-file.ts';
import { make, mayChange, mayTake, touched } from '../files/opening.ts';
import { procRoot } from '../files/procfs.ts';
import { MemoryFileSystem } from '../files/tmpfs.ts';
import { MagicLink, Walker } from '../files/walk.ts';
import { capable, capableOver, fromInside, permits, toInside } from '../process/credentials.ts';
import { standpointOf } from '../process/exec.ts';
import type { Call, Handler } from './call.ts';
import { baseOf } from './files.ts';

const encoder = new TextEncoder();

/** What a path names for an …at call. */
export function placeAt(c: Call, descriptor: number, path: string, flags: number): mounts.Place {
  if (path === '' && (flags & modes.AT_EMPTY_PATH) !== 0) return baseOf(c.process, descriptor);
  const from = path.startsWith('/') ? c.process.fs.root : baseOf(c.process, descriptor);
  return new Walker(standpointOf(c.process)).find(path, {
    from,
    follow: (flags & modes.AT_SYMLINK_NOFOLLOW) === 0,
  });
}
const named = (c: Call, follow = true): mounts.Place =>
  placeAt(c, modes.AT_FDCWD, c.memory.path(c.args[0]!), follow ? 0 : modes.AT_SYMLINK_NOFOLLOW);

// ---------------------------------------------------------------- stat

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
const statfs64: Handler = (c) => {
  c.memory.setWords(c.args[2]!, statfsOf(named(c)));
  return 0;
};
const fstatfs64: Handler = (c) => {
  c.memory.setWords(c.args[2]!, statfsOf(c.process.file(c.args[0]!).place ?? fail('ENOSYS')));
  return 0;
};

// ---------------------------------------------------------------- directories

const DT_SHIFT = 12;
function directoryEntries(wide: boolean): Handler {
  return ({ process, memory, args }) => {
    const file = process.file(args[0]!);
    if (!(file instanceof OpenDirectory)) return fail('ENOTDIR');
    const room = args[2]! >>> 0;
    let done = 0;
    const head = wide ? 19 : 10;
    for (const [name, node] of file.rest()) {
      const text = encoder.encode(name);
      const length = Math.ceil((head + text.length + (wide ? 1 : 2)) / 4) * 4;
      const size = wide ? Math.ceil(length / 8) * 8 : length;
      if (done + size > room) {
        if (done === 0) return fail('EINVAL');
        break;
      }
      const bytes = new Uint8Array(size);
      const view = new DataView(bytes.buffer);
      const type = node.type >>> DT_SHIFT;
      view.setUint32(0, node.number, true);
      if (wide) {
        view.setUint32(8, file.offset + 1, true);
        view.setUint16(16, size, true);
        bytes[18] = type;
      } else {
        view.setUint32(4, file.offset + 1, true);
        view.setUint16(8, size, true);
        bytes[size - 1] = type;
      }
      bytes.set(text, wide ? 19 : 10);
      memory.write(args[1]! + done, bytes);
      done += size;
      file.offset++;
    }
    return done;
  };
}

const mkdirIn = (c: Call, descriptor: number, path: string, mode: number): number => {
  make(c.kernel, c.process, baseOf(c.process, descriptor), path, { kind: 'directory', mode: mode & 0o1777 });
  return 0;
};
const mkdir: Handler = (c) => mkdirIn(c, modes.AT_FDCWD, c.memory.path(c.args[0]!), c.args[1]!);
const mkdirat: Handler = (c) => mkdirIn(c, c.args[0]!, c.memory.path(c.args[1]!), c.args[2]!);

const mknodIn = (c: Call, descriptor: number, path: string, mode: number, rdev: number): number => {
  const type = mode & modes.S_IFMT;
  const device = type === modes.S_IFCHR || type === modes.S_IFBLK;
  if (device && !capable(c.process.credentials, 'MKNOD', c.kernel.rootUsers)) return fail('EPERM');
  const plain = type === 0 || type === modes.S_IFREG;
  const what = plain ? ({ kind: 'file', mode } as const) : ({ kind: 'special', mode, rdev } as const);
  make(c.kernel, c.process, baseOf(c.process, descriptor), path, what);
  return 0;
};
const mknod: Handler = (c) => mknodIn(c, modes.AT_FDCWD, c.memory.path(c.args[0]!), c.args[1]!, c.args[2]!);
const mknodat: Handler = (c) => mknodIn(c, c.args[0]!, c.memory.path(c.args[1]!), c.args[2]!, c.args[3]!);

function removeIn(c: Call, descriptor: number, path: string, directoryWanted: boolean): number {
  const target = new Walker(standpointOf(c.process)).target(path, {
    from: baseOf(c.process, descriptor),
    follow: false,
  });
  const { place, name } = target;
  if (!place) return fail('ENOENT');
  if (name === '.') return fail(directoryWanted ? 'EINVAL' : 'EISDIR');
  if (name === '..') return fail('ENOTEMPTY');
  const directory = mayChange(c.process, target.directory);
  mayTake(c.process, directory, place.node);
  if (place.mount !== target.directory.mount) return fail('EBUSY');
  if (directoryWanted && !(place.node instanceof Directory)) return fail('ENOTDIR');
  if (!directoryWanted && place.node instanceof Directory) return fail('EISDIR');
  directory.remove(name);
  touched(c.kernel, directory);
  return 0;
}
const unlink: Handler = (c) => removeIn(c, modes.AT_FDCWD, c.memory.path(c.args[0]!), false);
const rmdir: Handler = (c) => removeIn(c, modes.AT_FDCWD, c.memory.path(c.args[0]!), true);
const unlinkat: Handler = (c) =>
  removeIn(c, c.args[0]!, c.memory.path(c.args[1]!), (c.args[2]! & modes.AT_REMOVEDIR) !== 0);

function renameIn(
  c: Call,
  from: readonly [number, string],
  to: readonly [number, string],
  flags: number,
): number {
  const [source, target] = [from, to].map(([descriptor, path]) =>
    new Walker(standpointOf(c.process)).target(path, { from: baseOf(c.process, descriptor), follow: false }),
  ) as [ReturnType<Walker['target']>, ReturnType<Walker['target']>];
  if (!source.place) return fail('ENOENT');
  if (source.name === '.' || source.name === '..' || target.name === '.' || target.name === '..')
    return fail('EBUSY');
  if (source.directory.mount !== target.directory.mount) return fail('EXDEV');
  if ((flags & ~1) !== 0) return fail('EINVAL');
  if ((flags & 1) !== 0 && target.place) return fail('EEXIST');
  const directory = mayChange(c.process, source.directory);
  const other = mayChange(c.process, target.directory);
  mayTake(c.process, directory, source.place.node);
  if (source.place.mount !== source.directory.mount) return fail('EBUSY');
  directory.rename(source.name, other, target.name);
  touched(c.kernel, directory);
  touched(c.kernel, other);
  return 0;
}
const path = (c: Call, k: number): string => c.memory.path(c.args[k]!);
const rename: Handler = (c) => renameIn(c, [modes.AT_FDCWD, path(c, 0)], [modes.AT_FDCWD, path(c, 1)], 0);
const renameat: Handler = (c) => renameIn(c, [c.args[0]!, path(c, 1)], [c.args[2]!, path(c, 3)], 0);
const renameat2: Handler = (c) => renameIn(c, [c.args[0]!, path(c, 1)], [c.args[2]!, path(c, 3)], c.args[4]!);

function linkIn(c: Call, from: mounts.Place, descriptor: number, to: string): number {
  const target = new Walker(standpointOf(c.process)).target(to, {
    from: baseOf(c.process, descriptor),
    follow: false,
  });
  if (target.place) return fail('EEXIST');
  if (from.node instanceof Directory) return fail('EPERM');
  if (from.mount !== target.directory.mount) return fail('EXDEV');
  mayChange(c.process, target.directory).link(target.name, from.node);
  return 0;
}
const link: Handler = (c) => linkIn(c, named(c, false), modes.AT_FDCWD, path(c, 1));
const linkat: Handler = (c) => {
  const follow = (c.args[4]! & modes.AT_SYMLINK_FOLLOW) !== 0 ? 0 : modes.AT_SYMLINK_NOFOLLOW;
  return linkIn(c, placeAt(c, c.args[0]!, path(c, 1), follow), c.args[2]!, path(c, 3));
};
const symlinkIn = (c: Call, target: string, descriptor: number, name: string): number => {
  if (target === '') return fail('ENOENT');
  make(c.kernel, c.process, baseOf(c.process, descriptor), name, { kind: 'link', target });
  return 0;
};
const symlink: Handler = (c) => symlinkIn(c, path(c, 0), modes.AT_FDCWD, path(c, 1));
const symlinkat: Handler = (c) => symlinkIn(c, path(c, 0), c.args[1]!, path(c, 2));

// ---------------------------------------------------------------- attributes

function writable({ mount }: mounts.Place): void {
  if ((mount.flags & mounts.MS_RDONLY) !== 0) fail('EROFS');
}
function chmodOf(c: Call, place: mounts.Place, mode: number): number {
  writable(place);
  const { node } = place;
  const { credentials } = c.process;
  if (credentials.fsuid !== node.uid && !capableOver(credentials, 'FOWNER', node)) return fail('EPERM');
  node.setAttributes({ mode });
  node.changed = c.kernel.clock.now;
  return 0;
}
const openPlaceOf = (c: Call): mounts.Place => c.process.file(c.args[0]!).place ?? fail('EBADF');
const chmod: Handler = (c) => chmodOf(c, named(c), c.args[1]!);
const fchmod: Handler = (c) => chmodOf(c, openPlaceOf(c), c.args[1]!);
const fchmodat: Handler = (c) => chmodOf(c, placeAt(c, c.args[0]!, path(c, 1), 0), c.args[2]!);

function chownOf(c: Call, place: mounts.Place, owner: number, group: number): number {
  writable(place);
  const { credentials } = c.process;
  const { node } = place;
  const { uidMap, gidMap } = credentials.users;
  const uid = owner === -1 ? node.uid : fromInside(uidMap, owner >>> 0);
  const gid = group === -1 ? node.gid : fromInside(gidMap, group >>> 0);
  if (uid < 0 || gid < 0) return fail('EINVAL');
  const ownGroup =
    uid === node.uid &&
    node.uid === credentials.fsuid &&
    (gid === credentials.fsgid || credentials.groups.includes(gid));
  const changes = uid !== node.uid || gid !== node.gid;
  if (changes && !ownGroup && !capableOver(credentials, 'CHOWN', node)) return fail('EPERM');
  const keeps = node instanceof Directory ? 0o7777 : 0o1777;
  node.setAttributes({ uid, gid, ...(changes && { mode: node.mode & keeps }) });
  node.changed = c.kernel.clock.now;
  return 0;
}
const chown: Handler = (c) => chownOf(c, named(c), c.args[1]!, c.args[2]!);
const lchown: Handler = (c) => chownOf(c, named(c, false), c.args[1]!, c.args[2]!);
const fchown: Handler = (c) => chownOf(c, openPlaceOf(c), c.args[1]!, c.args[2]!);
const fchownat: Handler = (c) =>
  chownOf(c, placeAt(c, c.args[0]!, path(c, 1), c.args[4]!), c.args[2]!, c.args[3]!);

/** utimensat(2); `wide`: seconds of 64 bits. */
const utimens =
  (wide: boolean): Handler =>
  (c) => {
    const place = c.args[1] === 0 ? openPlaceOf(c) : placeAt(c, c.args[0]!, path(c, 1), c.args[3]!);
    writable(place);
    const now = c.kernel.clock.now;
    const words = c.args[2] === 0 ? null : c.memory.words(c.args[2]!, wide ? 8 : 4);
    const moment = (k: number): Moment | null => {
      if (!words) return now;
      const nanoseconds = words[wide ? 4 * k + 2 : 2 * k + 1]!;
      if (nanoseconds === 0x3fffffff) return now;
      return nanoseconds === 0x3ffffffe ? null : { seconds: words[wide ? 4 * k : 2 * k]!, nanoseconds };
    };
    place.node.setTimes(moment(0), moment(1));
    return 0;
  };
const umask: Handler = ({ process, args }) => {
  const before = process.fs.umask;
  process.fs.umask = args[0]! & 0o777;
  return before;
};

// ---------------------------------------------------------------- where a process stands, and mounts

function enter(c: Call, place: mounts.Place): number {
  if (!(place.node instanceof Directory)) return fail('ENOTDIR');
  if (!permits(c.process.credentials, place.node, modes.MAY_EXEC)) return fail('EACCES');
  c.process.fs.cwd = place;
  return 0;
}
const chdir: Handler = (c) => enter(c, named(c));
const fchdir: Handler = (c) => enter(c, openPlaceOf(c));
const getcwd: Handler = ({ process, memory, args }) => {
  const text = encoder.encode(`${mounts.pathOf(process.fs.cwd, process.fs.root)}\0`);
  if (text.length > args[1]! >>> 0) return fail('ERANGE');
  memory.write(args[0]!, text);
  return text.length;
};
/** chroot(2) leaves the working directory where it is: from one outside, `..` leads on upwards. */
const chroot: Handler = (c) => {
  const place = named(c);
  if (!(place.node instanceof Directory)) return fail('ENOTDIR');
  if (!capable(c.process.credentials, 'SYS_CHROOT', c.process.credentials.users)) return fail('EPERM');
  c.process.fs.root = place;
  return 0;
};

function demandMounting({ process }: Call): mounts.MountNamespace {
  const { mounts: namespace } = process.namespaces;
  return capable(process.credentials, 'SYS_ADMIN', namespace.users) ? namespace : fail('EPERM');
}

/** pivot_root(2): the root mount goes to `put_old`, another becomes the root; the old one can then be unmounted. */
const pivotRoot: Handler = (c) => {
  const namespace = demandMounting(c);
  const walker = new Walker(standpointOf(c.process));
  const [next, old] = [walker.find(path(c, 0)), walker.find(path(c, 1))];
  const { root } = c.process.fs;
  if (next.node !== next.mount.root || root.node !== root.mount.root) return fail('EINVAL');
  if (next.mount === root.mount) return fail('EBUSY');
  if (old.mount !== next.mount) return fail('EINVAL');
  const top = root.mount;
  namespace.move(next.mount, top.parent && top.at ? { mount: top.parent, node: top.at } : null);
  namespace.move(top, old);
  const fresh = { mount: next.mount, node: next.node };
  for (const { process } of c.kernel.threads) {
    if (process.namespaces.mounts !== namespace) continue;
    if (mounts.same(process.fs.root, root)) process.fs.root = fresh;
    if (mounts.same(process.fs.cwd, root)) process.fs.cwd = fresh;
  }
  return 0;
};

const optional = (c: Call, k: number): string => (c.args[k] === 0 ? '' : path(c, k));
const mount: Handler = (c) => {
  const namespace = demandMounting(c);
  const [source, type] = [optional(c, 0), optional(c, 2)];
  const flags = c.args[3]!;
  const walker = new Walker(standpointOf(c.process));
  const at = walker.find(path(c, 1));
  if ((flags & mounts.MS_REMOUNT) !== 0) {
    if (at.mount.locked && (at.mount.flags & ~flags & 15) !== 0) return fail('EPERM');
    at.mount.flags = flags & 15;
    return 0;
  }
  if ((flags & mounts.MS_PROPAGATION) !== 0) return 0;
  if ((flags & mounts.MS_BIND) !== 0) {
    const from = new Walker(standpointOf(c.process)).find(source);
    if (from.node instanceof Directory !== at.node instanceof Directory) return fail('ENOTDIR');
    namespace.mount(from.node, at, from.mount.flags, source);
    return 0;
  }
  if ((flags & mounts.MS_MOVE) !== 0) {
    const from = new Walker(standpointOf(c.process)).find(source);
    if (from.node !== from.mount.root || !from.mount.parent) return fail('EINVAL');
    namespace.move(from.mount, at);
    return 0;
  }
  if (type === 'proc') {
    namespace.mount(procRoot(c.kernel, c.process.namespaces.pid), at, flags, source || type);
    return 0;
  }
  if (type === 'cgroup2') {
    namespace.mount(groupRoot(c.kernel, c.process.namespaces.cgroup.root), at, flags, source || type);
    return 0;
  }
  if (type !== 'tmpfs' && type !== 'ramfs') return fail('ENODEV');
  namespace.mount(
    new MemoryFileSystem(c.kernel.number() & 0xff, { mode: 0o1777 }).root,
    at,
    flags,
    source || type,
  );
  return 0;
};
const MNT_DETACH = 2;
function unmount(c: Call, flags: number): number {
  const namespace = demandMounting(c);
  const place = named(c);
  if (place.node !== place.mount.root || !place.mount.parent) return fail('EINVAL');
  if (place.mount.locked) return fail('EINVAL');
  const tree = namespace.tree(place.mount);
  if (tree.length > 1 && (flags & MNT_DETACH) === 0) return fail('EBUSY');
  for (const member of tree) namespace.remove(member);
  return 0;
}
const umountOld: Handler = (c) => unmount(c, 0);
const umount2: Handler = (c) => unmount(c, c.args[1]!);

export const NAME_CALLS = {
  stat: byPath(statOf, true),
  lstat: byPath(statOf, false),
  fstat: byDescriptor(statOf),
  stat64: byPath(stat64Of, true),
  lstat64: byPath(stat64Of, false),
  fstat64: byDescriptor(stat64Of),
  getdents: directoryEntries(false),
  getdents64: directoryEntries(true),
  utimensat: utimens(false),
  utimensat64: utimens(true),
  ...{
    fstatat64,
    statx,
    access,
    faccessat,
    faccessat2,
    readlink,
    readlinkat,
    statfs64,
    fstatfs64,
    mkdir,
    mkdirat,
  },
  ...{
    mknod,
    mknodat,
    unlink,
    rmdir,
    unlinkat,
    rename,
    renameat,
    renameat2,
    link,
    linkat,
    symlink,
    symlinkat,
  },
  ...{
    chmod,
    fchmod,
    fchmodat,
    chown,
    lchown,
    fchown,
    fchownat,
    umask,
    chdir,
    fchdir,
    getcwd,
    chroot,
    pivotRoot,
  },
  ...{ mount, umountOld, umount2 },
};
