/** Calls about where a process stands, and about mounts: chdir(2), chroot(2), pivot_root(2), mount(2), umount(2). */
import { fail } from '../abi/errno.ts';
import * as modes from '../abi/modes.ts';
import { groupRoot } from '../files/cgroupfs.ts';
import { Directory } from '../files/inode.ts';
import * as mounts from '../files/mounts.ts';
import { OverlayFileSystem, type Layers } from '../files/overlay.ts';
import { procRoot } from '../files/procfs.ts';
import { ptsRoot } from '../files/pty.ts';
import { MemoryFileSystem } from '../files/tmpfs.ts';
import { Walker } from '../files/walk.ts';
import { capable, permits } from '../process/credentials.ts';
import { standpointOf } from '../process/exec.ts';
import type { Call, Handler } from './call.ts';
import { named, openPlaceOf, path } from './naming.ts';

const encoder = new TextEncoder();

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
  const root = mountable(c, type, optional(c, 4));
  namespace.mount(root, at, flags, source || type);
  return 0;
};

/** The root directory of a file system of this type. */
function mountable(c: Call, type: string, data: string): Directory {
  const { kernel, process } = c;
  switch (type) {
    case 'proc':
      return procRoot(kernel, process.namespaces.pid);
    case 'cgroup2':
      return groupRoot(kernel, process.namespaces.cgroup.root);
    case 'devpts':
      return ptsRoot();
    case 'tmpfs':
    case 'ramfs':
      return new MemoryFileSystem(kernel.number() & 0xff, { mode: 0o1777 }).root;
    case 'overlay':
      return new OverlayFileSystem(kernel, layersFrom(c, data)).root;
    default:
      return fail('ENODEV');
  }
}

/** Most layers that may be given: OVL_MAX_STACK. */
const MOST_LAYERS = 500;

/** `lowerdir=TOPMOST:…:LOWEST[,upperdir=DIR,workdir=DIR]`. */
function layersFrom(c: Call, options: string): Layers {
  const given = new Map(
    options.split(',').map((option) => option.split('=', 2) as [string, string | undefined]),
  );
  const directory = (name: string): Directory => {
    const { node } = new Walker(standpointOf(c.process)).find(name);
    return node instanceof Directory ? node : fail('ENOTDIR');
  };
  const names = given.get('lowerdir')?.split(':') ?? fail('EINVAL');
  const [upper, work] = [given.get('upperdir'), given.get('workdir')];
  if (names.length > MOST_LAYERS || (upper === undefined) !== (work === undefined)) return fail('EINVAL');
  const lowers = names.map(directory);
  if (upper === undefined) return { lowers, upper: null, options };
  const [changes, room] = [directory(upper), directory(work!)];
  if (changes.filesystem !== room.filesystem || changes === room) return fail('EINVAL');
  return { lowers, upper: changes, options };
}

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

export const MOUNT_CALLS = { chdir, fchdir, getcwd, chroot, pivotRoot, mount, umountOld, umount2 };
