/** The file system in memory: tmpfs, and what images are unpacked into. */
import { fail } from '../abi/errno.ts';
import { S_IFMT } from '../abi/modes.ts';
import { Lent } from '../state/graph.ts';
import {
  Directory,
  RegularFile,
  Special,
  SymbolicLink,
  type FileSystem,
  type Inode,
  type NewNode,
} from './inode.ts';

/** What the contents of one file system may grow to, unless it is said otherwise: half a gigabyte. */
const MOST_BYTES = 1 << 29;
/** … and how many entries. */
const MOST_INODES = 1 << 18;
const TMPFS_MAGIC = 0x01021994;

export class MemoryFileSystem implements FileSystem {
  readonly type: string;
  readonly magic: number;
  readonly device: number;
  nextInode = 1;
  readonly root: MemoryDirectory;
  readonly options: string;
  /** Bytes of contents, and the most that there may be. */
  used = 0;
  readonly limit: number;
  /** Entries made and not yet removed, and the most that there may be: nr_inodes of tmpfs(5). */
  inodes = 0;
  readonly maximumInodes: number;

  constructor(
    device: number,
    {
      type = 'tmpfs',
      magic = TMPFS_MAGIC,
      limit = MOST_BYTES,
      inodes = MOST_INODES,
      mode = 0o755,
      options = '',
    } = {},
  ) {
    [this.type, this.magic, this.device, this.limit, this.options] = [type, magic, device, limit, options];
    this.maximumInodes = inodes;
    this.root = new MemoryDirectory(this, mode);
  }

  usage(): { readonly used: number; readonly limit: number } {
    return { used: this.used, limit: this.limit };
  }

  /** Books a change of contents; ENOSPC beyond the limit. */
  book(bytes: number): void {
    if (bytes > 0 && this.used + bytes > this.limit) fail('ENOSPC');
    this.used += bytes;
  }
}

export class MemoryFile extends RegularFile {
  declare readonly filesystem: MemoryFileSystem;
  private bytes: Uint8Array = new Uint8Array();
  private length = 0;
  /** The contents, as long as they are somebody else's, e.g. an archive's. */
  private lent: Lent | null = null;

  /** Takes contents without copying them; ENOSPC where the file system may not grow so much. */
  borrow(bytes: Uint8Array): void {
    this.filesystem.book(bytes.length - this.length);
    [this.lent, this.length] = [new Lent(bytes), bytes.length];
  }

  override get size(): number {
    return this.length;
  }

  read(offset: number, length: number): Uint8Array {
    const bytes = this.lent?.bytes ?? this.bytes;
    return bytes.slice(offset, Math.max(offset, Math.min(this.length, offset + length)));
  }

  write(offset: number, bytes: Uint8Array): void {
    const end = offset + bytes.length;
    if (end > 0x7fffffff) fail('EFBIG');
    if (end > this.length) this.filesystem.book(end - this.length);
    this.reserve(end);
    this.bytes.set(bytes, offset);
    this.length = Math.max(this.length, end);
  }

  truncate(size: number): void {
    if (size > 0x7fffffff) fail('EFBIG');
    this.filesystem.book(size - this.length);
    if (size < this.length) {
      this.reserve(this.length);
      this.bytes.fill(0, size, this.length);
    } else this.reserve(size);
    this.length = size;
  }

  protected override discard(): void {
    this.filesystem.book(-this.length);
    [this.bytes, this.lent, this.length] = [new Uint8Array(), null, 0];
  }

  private reserve(size: number): void {
    const old = this.lent?.bytes ?? this.bytes;
    if (size <= old.length && !this.lent) return;
    const bytes = new Uint8Array(size <= old.length ? old.length : Math.max(size, 2 * old.length, 64));
    bytes.set(old.subarray(0, this.length));
    [this.bytes, this.lent] = [bytes, null];
  }
}

export class MemoryDirectory extends Directory {
  declare readonly filesystem: MemoryFileSystem;
  private readonly children = new Map<string, Inode>();

  override get size(): number {
    return 40 + 20 * this.children.size;
  }

  find(name: string): Inode | null {
    return this.children.get(name) ?? null;
  }
  entries(): Iterable<readonly [string, Inode]> {
    return this.children;
  }

  override create(name: string, what: NewNode): Inode {
    const { filesystem } = this;
    if (this.children.has(name)) return fail('EEXIST');
    if (this.links === 0) return fail('ENOENT');
    if (filesystem.inodes >= filesystem.maximumInodes) return fail('ENOSPC');
    const node = made(filesystem, what);
    this.put(name, node);
    filesystem.inodes++;
    return node;
  }

  override link(name: string, node: Inode): void {
    if (this.children.has(name)) fail('EEXIST');
    node.links++;
    this.children.set(name, node);
  }

  override remove(name: string): void {
    const node = this.children.get(name) ?? fail('ENOENT');
    if (node instanceof Directory) {
      if (!node.isEmpty()) fail('ENOTEMPTY');
      node.links = 0;
      this.links--;
    } else node.links--;
    if (node.links === 0) this.filesystem.inodes--;
    this.children.delete(name);
  }

  override rename(name: string, to: Directory, newName: string): void {
    if (!(to instanceof MemoryDirectory) || to.filesystem !== this.filesystem) return fail('EXDEV');
    const node = this.children.get(name) ?? fail('ENOENT');
    const other = to.children.get(newName);
    if (other === node) return;
    for (let d: Directory = to; ; d = d.above) {
      if (d === node) fail('EINVAL');
      if (d === d.above) break;
    }
    if (other) {
      if (other instanceof Directory && !(node instanceof Directory)) fail('EISDIR');
      if (!(other instanceof Directory) && node instanceof Directory) fail('ENOTDIR');
      to.remove(newName);
    }
    this.children.delete(name);
    if (node instanceof Directory) this.links--;
    to.put(newName, node);
  }

  private put(name: string, node: Inode): void {
    this.children.set(name, node);
    if (!(node instanceof Directory)) return;
    node.above = this;
    this.links++;
  }
}

function made(filesystem: MemoryFileSystem, what: NewNode): Inode {
  switch (what.kind) {
    case 'file':
      return new MemoryFile(filesystem, what.mode & 0o7777);
    case 'directory':
      return new MemoryDirectory(filesystem, what.mode & 0o7777);
    case 'link':
      return new SymbolicLink(filesystem, what.target);
    case 'special':
      return new Special(filesystem, what.mode & (S_IFMT | 0o7777), what.rdev);
  }
}
