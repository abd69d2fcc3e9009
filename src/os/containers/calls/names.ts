/** Calls about entries of directories: getdents(2), mkdir(2), mknod(2), unlink(2), rename(2), link(2), symlink(2). */
import { fail } from '../abi/errno.ts';
import * as modes from '../abi/modes.ts';
import { Directory } from '../files/inode.ts';
import type * as mounts from '../files/mounts.ts';
import { OpenDirectory } from '../files/open-file.ts';
import { make, mayChange, mayTake, touched } from '../files/opening.ts';
import { Walker } from '../files/walk.ts';
import { capable } from '../process/credentials.ts';
import { standpointOf } from '../process/exec.ts';
import type { Call, Handler } from './call.ts';
import { baseOf } from './files.ts';
import { named, path, placeAt } from './naming.ts';

const encoder = new TextEncoder();

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

export const NAME_CALLS = {
  ...{ getdents: directoryEntries(false), getdents64: directoryEntries(true) },
  ...{ mkdir, mkdirat, mknod, mknodat, unlink, rmdir, unlinkat },
  ...{ rename, renameat, renameat2, link, linkat, symlink, symlinkat },
};
