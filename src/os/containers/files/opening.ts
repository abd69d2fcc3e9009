/** open(2): from a path to an open file description, with what it has to make on the way. */
import { fail } from '../abi/errno.ts';
import * as modes from '../abi/modes.ts';
import type { Kernel } from '../kernel.ts';
import { standpointOf } from '../process/exec.ts';
import { permits } from '../process/credentials.ts';
import type { Process } from '../process/process.ts';
import { openDevice, TERMINAL_DEVICE } from './devices.ts';
import { Directory, RegularFile, Special, SymbolicLink, type Inode, type NewNode } from './inode.ts';
import { MS_NODEV, MS_RDONLY, type Place } from './mounts.ts';
import { OpenDirectory, OpenPlace, OpenRegular, type OpenFile } from './open-file.ts';
import { Pipe, PipeEnd } from './pipe.ts';
import { MASTER_DEVICE, OpenMaster, OpenSlave, PseudoTerminal, PtsDirectory, SlaveNode } from './pty.ts';
import { OpenTerminal } from './tty.ts';
import { placeIn, Walker } from './walk.ts';

const { MAY_EXEC, MAY_READ, MAY_WRITE } = modes;

/** Makes an entry as the process that asks: its owner, its mask. */
export function make(kernel: Kernel, process: Process, from: Place, path: string, what: NewNode): Place {
  const target = new Walker(standpointOf(process)).target(path, { from, follow: false });
  if (target.place) return fail('EEXIST');
  if (target.mustBeDirectory && what.kind !== 'directory') return fail('ENOENT');
  return makeIn(kernel, process, target.directory, target.name, what);
}

export function makeIn(kernel: Kernel, process: Process, at: Place, name: string, what: NewNode): Place {
  const directory = mayChange(process, at);
  const { umask } = process.fs;
  const masked = 'mode' in what ? { ...what, mode: what.mode & ~umask } : what;
  const node = directory.create(name, masked);
  const { fsuid, fsgid } = process.credentials;
  const inherits = (directory.mode & modes.S_ISGID) !== 0;
  [node.uid, node.gid] = [fsuid, inherits ? directory.gid : fsgid];
  if (inherits && node instanceof Directory) node.mode |= modes.S_ISGID;
  node.accessed = node.modified = node.changed = kernel.clock.now;
  touched(kernel, directory);
  return placeIn(at, directory, name, node);
}

export function touched(kernel: Kernel, directory: Directory): void {
  directory.modified = directory.changed = kernel.clock.now;
}

/** The directory at a place, if the process may change it. */
export function mayChange({ credentials }: Process, { node, mount }: Place): Directory {
  if (!(node instanceof Directory)) return fail('ENOTDIR');
  if ((mount.flags & MS_RDONLY) !== 0) return fail('EROFS');
  if (!permits(credentials, node, MAY_WRITE | MAY_EXEC)) return fail('EACCES');
  return node;
}

/** Whether an entry may be taken from a directory: with the sticky bit, only by its owner. */
export function mayTake({ credentials }: Process, directory: Directory, node: Inode): void {
  if ((directory.mode & modes.S_ISVTX) === 0) return;
  const { fsuid } = credentials;
  if (fsuid !== node.uid && fsuid !== directory.uid && fsuid !== 0) fail('EPERM');
}

export function open(
  kernel: Kernel,
  process: Process,
  from: Place,
  path: string,
  flags: number,
  mode: number,
): OpenFile {
  const follow = (flags & modes.O_NOFOLLOW) === 0;
  const target = new Walker(standpointOf(process)).target(path, { from, follow });
  let { place } = target;
  const creates = (flags & modes.O_CREAT) !== 0;
  if (place && creates && (flags & modes.O_EXCL) !== 0) return fail('EEXIST');
  if (!place && !creates) return fail('ENOENT');
  const isNew = !place;
  if (!place) {
    if (target.mustBeDirectory) return fail('EISDIR');
    place = makeIn(kernel, process, target.directory, target.name, { kind: 'file', mode: mode & 0o7777 });
  } else if (target.mustBeDirectory && !(place.node instanceof Directory)) return fail('ENOTDIR');
  if ((flags & modes.O_PATH) !== 0) return new OpenPlace(flags, place);
  if (!isNew) demand(process, place, flags);
  return openPlace(kernel, process, place, flags);
}

/** Whether the process may open what is there as `flags` say. */
function demand({ credentials }: Process, { node, mount }: Place, flags: number): void {
  const access = flags & modes.O_ACCMODE;
  const writes = access !== 0 || (flags & modes.O_TRUNC) !== 0;
  if (node instanceof SymbolicLink) fail('ELOOP');
  if ((flags & modes.O_DIRECTORY) !== 0 && !(node instanceof Directory)) fail('ENOTDIR');
  if (node instanceof Directory && (writes || (flags & modes.O_CREAT) !== 0)) fail('EISDIR');
  const wanted = (access !== modes.O_WRONLY ? MAY_READ : 0) | (writes ? MAY_WRITE : 0);
  if (!permits(credentials, node, wanted)) fail('EACCES');
  if (writes && (mount.flags & MS_RDONLY) !== 0 && node instanceof RegularFile) fail('EROFS');
}

function openPlace(kernel: Kernel, process: Process, place: Place, flags: number): OpenFile {
  const { node, mount } = place;
  const kept = flags & ~(modes.O_CREAT | modes.O_EXCL | modes.O_TRUNC | modes.O_NOCTTY | modes.O_CLOEXEC);
  if (node instanceof Directory) return new OpenDirectory(kept, place);
  if (node instanceof RegularFile) {
    if ((flags & modes.O_ACCMODE) !== 0) node.prepareToWrite();
    if ((flags & modes.O_TRUNC) !== 0) truncate(kernel, node, 0);
    return new OpenRegular(kept, place, node, kernel.cache, kernel.clock);
  }
  if (!(node instanceof Special)) return fail('ELOOP');
  if (node.type === modes.S_IFIFO) {
    node.pipe ??= new Pipe(node.number);
    // fifo(7): who only writes, and will not wait, learns that nobody reads.
    const writesOnly = (flags & modes.O_ACCMODE) === modes.O_WRONLY && (flags & modes.O_NONBLOCK) !== 0;
    if (writesOnly && node.pipe.readers === 0) return fail('ENXIO');
    return new PipeEnd(kept, node.pipe, place);
  }
  if ((mount.flags & MS_NODEV) !== 0) return fail('EACCES');
  if (node.type !== modes.S_IFCHR) return fail('ENXIO');
  const terminal = openTerminal(kernel, process, place, kept);
  if (!terminal) return openDevice(kernel, node.rdev, kept, place);
  const { session, group } = process;
  const free = session.leader === process && !session.terminal && !terminal.terminal.session;
  if (free && (flags & modes.O_NOCTTY) === 0 && !(terminal instanceof OpenMaster))
    terminal.terminal.control(session, group);
  return terminal;
}

/** A terminal that is opened by its name, /dev/tty, or a new one by /dev/ptmx; null where it is another device. */
function openTerminal(kernel: Kernel, process: Process, place: Place, flags: number): OpenTerminal | null {
  const { node } = place;
  if (node instanceof SlaveNode)
    return node.terminal.locked ? fail('EIO') : new OpenSlave(flags, node.terminal, place);
  const rdev = node instanceof Special ? node.rdev : 0;
  if (rdev === TERMINAL_DEVICE) {
    const { terminal } = process.session;
    if (!terminal) return fail('ENXIO');
    return terminal instanceof PseudoTerminal
      ? new OpenSlave(flags, terminal, place)
      : new OpenTerminal(flags, terminal, place);
  }
  if (rdev !== MASTER_DEVICE) return null;
  const { fsuid: uid, fsgid: gid } = process.credentials;
  return instanceFor(process, place).open(kernel, flags, place, { uid, gid });
}

/** The devpts that a ptmx belongs to: its own, or the one that is mounted on `pts` beside it. */
function instanceFor({ namespaces }: Process, { mount, node, found }: Place): PtsDirectory {
  const own = mount.root;
  if (own instanceof PtsDirectory && node.filesystem === own.filesystem) return own;
  const beside = found?.directory.find('pts');
  const covered = beside && namespaces.mounts.covered({ mount, node: beside }).node;
  return covered instanceof PtsDirectory ? covered : fail('ENODEV');
}

export function truncate(kernel: Kernel, file: RegularFile, size: number): void {
  kernel.cache.flush(file.backing);
  const old = file.size;
  file.truncate(size);
  kernel.cache.cut(file.backing, size);
  file.modified = file.changed = kernel.clock.now;
  kernel.cache.written(file.backing, Math.min(old, size), Math.max(old, size));
}
