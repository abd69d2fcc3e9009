/** Brings the entries of an archive into a file system. What would lead out of it stays inside or is refused. */
import { Directory, type Inode } from '../files/inode.ts';
import { MemoryFile } from '../files/tmpfs.ts';
import type { ArchiveEntry } from './tar.ts';

/** Longest path, as the kernel's own calls take it. PATH_MAX. */
const LONGEST_PATH = 4096;
const LONGEST_NAME = 255;

/** Unpacks; a string says what is refused. Device nodes are left out: a container's devices are the kernel's. */
export function unpack(into: Directory, entries: readonly ArchiveEntry[]): string | null {
  for (const entry of entries) {
    const parts = entry.path.split('/').filter((part) => part !== '' && part !== '.');
    if (parts.includes('..')) return `${entry.path}: leads out of the archive`;
    if (entry.path.length > LONGEST_PATH || parts.some((part) => part.length > LONGEST_NAME))
      return `${entry.path.slice(0, 60)}…: the name is too long`;
    const complaint = place(into, parts, entry);
    if (complaint !== null) return complaint;
  }
  return null;
}

function place(into: Directory, parts: readonly string[], entry: ArchiveEntry): string | null {
  const name = parts.at(-1);
  const directory = folder(into, parts.slice(0, -1));
  if (!directory) return `${entry.path}: goes through something that is no directory`;
  if (name === undefined) {
    own(directory, entry);
    return null;
  }
  const old = directory.find(name);
  if (old instanceof Directory) {
    if (entry.kind !== 'directory') return `${entry.path}: a directory has this name already`;
    own(old, entry);
    return null;
  }
  if (old) directory.remove(name);
  return put(into, directory, name, entry);
}

function put(into: Directory, directory: Directory, name: string, entry: ArchiveEntry): string | null {
  switch (entry.kind) {
    case 'special':
      return null;
    case 'hard link': {
      const parts = entry.target.split('/').filter((part) => part !== '' && part !== '.');
      const source = parts.includes('..') ? null : folder(into, parts.slice(0, -1))?.find(parts.at(-1) ?? '');
      if (!source || source instanceof Directory)
        return `${entry.path}: a link to ${entry.target}, which is no file of the archive`;
      directory.link(name, source);
      return null;
    }
    case 'file': {
      const file = directory.create(name, { kind: 'file', mode: entry.mode });
      if (file instanceof MemoryFile) file.borrow(entry.bytes);
      own(file, entry);
      return null;
    }
    case 'directory':
      own(directory.create(name, { kind: 'directory', mode: entry.mode }), entry);
      return null;
    case 'link':
      own(directory.create(name, { kind: 'link', target: entry.target }), entry);
      return null;
  }
}

/** The directory of a path, made where the archive left it out; null where links or files stand in the way. */
function folder(root: Directory, parts: readonly string[]): Directory | null {
  let now = root;
  for (const part of parts) {
    const next: Inode = now.find(part) ?? now.create(part, { kind: 'directory', mode: 0o755 });
    if (!(next instanceof Directory)) return null;
    now = next;
  }
  return now;
}

function own(node: Inode, { uid, gid, mode, seconds, kind }: ArchiveEntry): void {
  node.setAttributes({ uid, gid, ...(kind !== 'link' && { mode }) });
  const moment = { seconds, nanoseconds: 0 };
  node.setTimes(moment, moment);
}
