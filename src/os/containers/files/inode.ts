/** What a file system consists of: files, directories, links and special files, whichever system they are of. */
import { fail } from '../abi/errno.ts';
import { S_IFDIR, S_IFLNK, S_IFMT, S_IFREG } from '../abi/modes.ts';
import type { PageCache } from '../memory/page-cache.ts';
import type { Socket } from '../net/socket.ts';
import type { Pipe } from './pipe.ts';

/** Time since 1970. */
export interface Moment {
  readonly seconds: number;
  readonly nanoseconds: number;
}
export const EPOCH: Moment = { seconds: 0, nanoseconds: 0 };

/** A file system as its inodes know it. */
export interface FileSystem {
  /** As /proc/mounts names it. */
  readonly type: string;
  /** What statfs answers as f_type. include/uapi/linux/magic.h. */
  readonly magic: number;
  readonly device: number;
  /** Bytes in use and their limit, where there is one. */
  usage?(): { readonly used: number; readonly limit: number };
  /** Options as /proc/mounts shows them. */
  readonly options?: string;
  nextInode: number;
}

/** What an inode keeps beside its contents. Two file systems that show one file, one through the other, share it. */
export interface Metadata {
  mode: number;
  uid: number;
  gid: number;
  links: number;
  accessed: Moment;
  modified: Moment;
  changed: Moment;
  /** Extended attributes, kept as they are given; null while there are none. */
  extended: Map<string, Uint8Array> | null;
}

const freshMetadata = (mode: number): Metadata => ({
  ...{ mode, uid: 0, gid: 0, links: 1 },
  ...{ accessed: EPOCH, modified: EPOCH, changed: EPOCH, extended: null },
});

export abstract class Inode implements Omit<Metadata, 'extended'> {
  readonly filesystem: FileSystem;
  readonly number: number;
  protected metadata: Metadata;

  /** `shown` is given by a file system that shows another's inode as its own. */
  constructor(filesystem: FileSystem, mode: number, shown: Inode | null = null) {
    this.filesystem = filesystem;
    this.number = filesystem.nextInode++;
    this.metadata = shown ? shown.metadata : freshMetadata(mode);
  }

  /** Shows another inode's attributes from now on. */
  protected adopt(shown: Inode): void {
    this.metadata = shown.metadata;
  }

  get mode(): number {
    return this.metadata.mode;
  }
  set mode(mode: number) {
    this.metadata.mode = mode;
  }
  get uid(): number {
    return this.metadata.uid;
  }
  set uid(uid: number) {
    this.metadata.uid = uid;
  }
  get gid(): number {
    return this.metadata.gid;
  }
  set gid(gid: number) {
    this.metadata.gid = gid;
  }
  get links(): number {
    return this.metadata.links;
  }
  set links(links: number) {
    this.metadata.links = links;
  }
  get accessed(): Moment {
    return this.metadata.accessed;
  }
  set accessed(moment: Moment) {
    this.metadata.accessed = moment;
  }
  get modified(): Moment {
    return this.metadata.modified;
  }
  set modified(moment: Moment) {
    this.metadata.modified = moment;
  }
  get changed(): Moment {
    return this.metadata.changed;
  }
  set changed(moment: Moment) {
    this.metadata.changed = moment;
  }
  get type(): number {
    return this.mode & S_IFMT;
  }
  get size(): number {
    return 0;
  }

  // ---- what may be refused, or must be prepared, in file systems that are not their own masters

  /** Changes owner or permission bits; a system without owners of its own refuses. */
  setAttributes(changes: { mode?: number; uid?: number; gid?: number }): void {
    if (changes.mode !== undefined) this.mode = (this.mode & S_IFMT) | (changes.mode & 0o7777);
    if (changes.uid !== undefined) this.uid = changes.uid;
    if (changes.gid !== undefined) this.gid = changes.gid;
  }
  setTimes(accessed: Moment | null, modified: Moment | null): void {
    if (accessed) this.accessed = accessed;
    if (modified) this.modified = modified;
  }
  /** Notes that its contents have been read. */
  wasRead(now: Moment): void {
    this.accessed = now;
  }
  get extended(): ReadonlyMap<string, Uint8Array> {
    return this.metadata.extended ?? NONE;
  }
  /** Sets an extended attribute; null takes it away. */
  setExtended(name: string, value: Uint8Array | null): void {
    if (value) (this.metadata.extended ??= new Map()).set(name, value);
    else this.metadata.extended?.delete(name);
  }
}

const NONE: ReadonlyMap<string, Uint8Array> = new Map();

export abstract class RegularFile extends Inode {
  constructor(filesystem: FileSystem, permissions: number, shown: Inode | null = null) {
    super(filesystem, S_IFREG | permissions, shown);
  }
  /** At most `length` bytes from `offset`; fewer only at the end. */
  abstract read(offset: number, length: number): Uint8Array;
  abstract write(offset: number, bytes: Uint8Array): void;
  abstract truncate(size: number): void;
  /** Another file whose contents these are, if so. */
  protected get shown(): RegularFile | null {
    return null;
  }
  /** The file whose pages stand for this one's in memory. */
  get backing(): RegularFile {
    return this.shown ?? this;
  }
  /** Called before it is opened for writing. */
  prepareToWrite(): void {
    // Most files may be written as they are.
  }

  // ---- who uses it: contents stay until the last name and the last user are gone

  /** Open descriptions and address spaces that use it. */
  protected holders = 0;
  /** The cache that has pages of it. */
  cachedBy: PageCache | null = null;

  hold(): void {
    this.holders++;
  }
  letGo(): void {
    this.holders--;
    this.settle();
  }
  override get links(): number {
    return super.links;
  }
  override set links(links: number) {
    super.links = links;
    this.settle();
  }
  private settle(): void {
    if (this.holders > 0 || this.links > 0) return;
    this.cachedBy?.forget(this);
    this.discard();
  }
  /** Nobody can reach it any more. */
  protected discard(): void {
    // Most contents are made when they are read.
  }
}

/** What a new entry of a directory is to be. */
export type NewNode =
  | { readonly kind: 'file'; readonly mode: number }
  | { readonly kind: 'directory'; readonly mode: number }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'special'; readonly mode: number; readonly rdev: number };

export abstract class Directory extends Inode {
  /** The directory above within the same file system; itself at the root. */
  above: Directory = this;

  constructor(filesystem: FileSystem, permissions: number, shown: Inode | null = null) {
    super(filesystem, S_IFDIR | permissions, shown);
    if (!shown) this.links = 2;
  }
  abstract find(name: string): Inode | null;
  /** Entries without . and .. */
  abstract entries(): Iterable<readonly [name: string, node: Inode]>;
  create(_name: string, _what: NewNode): Inode {
    return fail('EPERM');
  }
  /** Enters an existing inode under another name. */
  link(_name: string, _node: Inode): void {
    fail('EPERM');
  }
  /** Takes an entry away; a directory must be empty. */
  remove(_name: string): void {
    fail('EPERM');
  }
  /** Moves an entry to a directory of the same file system, over what stands there. */
  rename(_name: string, _to: Directory, _newName: string): void {
    fail('EPERM');
  }
  nameOf(node: Inode): string {
    for (const [name, entry] of this.entries()) if (entry === node) return name;
    return '';
  }
  isEmpty(): boolean {
    for (const _entry of this.entries()) return false;
    return true;
  }
}

export class SymbolicLink extends Inode {
  private readonly path: string;
  constructor(filesystem: FileSystem, target: string, shown: Inode | null = null) {
    super(filesystem, S_IFLNK | 0o777, shown);
    this.path = target;
  }
  get target(): string {
    return this.path;
  }
  override get size(): number {
    return new TextEncoder().encode(this.target).length;
  }
}

/** A pipe with a name, a socket's name, or a device. */
export class Special extends Inode {
  /** Number of the device, 0 for others. */
  readonly rdev: number;
  /** Of a pipe, once it has been opened. */
  pipe: Pipe | null = null;
  /** Of a socket's name: who was bound to it. */
  socket: Socket | null = null;
  constructor(filesystem: FileSystem, mode: number, rdev: number, shown: Inode | null = null) {
    super(filesystem, mode, shown);
    this.rdev = rdev;
  }
}
