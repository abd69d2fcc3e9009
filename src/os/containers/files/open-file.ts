/** What a file descriptor stands for: an open file description, of whatever kind. */
import { fail } from '../abi/errno.ts';
import { O_ACCMODE, O_APPEND, O_WRONLY, POLLIN, POLLOUT } from '../abi/modes.ts';
import type { KernelClock } from '../clock.ts';
import type { PageCache } from '../memory/page-cache.ts';
import type { UserMemory } from '../memory/user.ts';
import { Directory, RegularFile, type Inode } from './inode.ts';
import type { Process } from '../process/process.ts';
import type { Place } from './mounts.ts';

/** What an ioctl may reach of the process that asks. */
export interface Asker {
  readonly memory: UserMemory;
  readonly process: Process;
}

/**
 * Reads and writes answer null where they would have to wait. Closed when its last descriptor goes.
 */
export abstract class OpenFile {
  flags: number;
  /** Descriptors that stand for it. */
  users = 0;
  offset = 0;
  /** Where it was opened, if it has a name. */
  readonly place: Place | null;

  constructor(flags: number, place: Place | null = null) {
    [this.flags, this.place] = [flags, place];
  }

  abstract read(length: number): Uint8Array | null;
  abstract write(bytes: Uint8Array): number | null;
  /** Bits of poll(2) that hold now. */
  poll(): number {
    return POLLIN | POLLOUT;
  }
  get inode(): Inode | null {
    return this.place?.node ?? null;
  }
  /** As /proc/PID/fd shows what has no path. */
  get label(): string {
    return 'anon_inode:[file]';
  }
  seekable(): boolean {
    return false;
  }
  ioctl(_request: number, _argument: number, _asker: Asker): number {
    return fail('ENOTTY');
  }
  closed(): void {
    // Nobody needs to hear of it.
  }
  get mayRead(): boolean {
    return (this.flags & O_ACCMODE) !== O_WRONLY;
  }
  get mayWrite(): boolean {
    return (this.flags & O_ACCMODE) !== 0;
  }
}

/** A regular file, through the page cache. */
export class OpenRegular extends OpenFile {
  readonly file: RegularFile;
  private readonly cache: PageCache;
  private readonly clock: KernelClock;

  constructor(flags: number, place: Place, file: RegularFile, cache: PageCache, clock: KernelClock) {
    super(flags, place);
    [this.file, this.cache, this.clock] = [file, cache, clock];
    file.hold();
  }

  override closed(): void {
    this.file.letGo();
  }

  override seekable(): boolean {
    return true;
  }
  read(length: number): Uint8Array {
    const bytes = this.readAt(this.offset, length);
    this.offset += bytes.length;
    return bytes;
  }
  readAt(offset: number, length: number): Uint8Array {
    this.cache.flush(this.file.backing);
    this.file.wasRead(this.clock.now);
    return this.file.read(offset, Math.min(length, Math.max(0, this.file.size - offset)));
  }
  write(bytes: Uint8Array): number {
    if ((this.flags & O_APPEND) !== 0) this.offset = this.file.size;
    this.writeAt(this.offset, bytes);
    this.offset += bytes.length;
    return bytes.length;
  }
  writeAt(offset: number, bytes: Uint8Array): void {
    this.file.write(offset, bytes);
    this.file.modified = this.file.changed = this.clock.now;
    this.cache.written(this.file.backing, offset, offset + bytes.length);
  }
}

/** A directory, read by getdents; its offset counts entries. */
export class OpenDirectory extends OpenFile {
  private names: readonly (readonly [string, Inode])[] | null = null;

  override seekable(): boolean {
    return true;
  }
  read(): never {
    return fail('EISDIR');
  }
  write(): never {
    return fail('EISDIR');
  }
  /** Entries from the present offset on, . and .. first. */
  rest(): readonly (readonly [string, Inode])[] {
    const node = this.inode;
    if (!(node instanceof Directory)) return fail('ENOTDIR');
    if (this.offset === 0 || !this.names) this.names = [['.', node], ['..', node.above], ...node.entries()];
    return this.names.slice(this.offset);
  }
}

/** Opened with O_PATH: a place and nothing more. */
export class OpenPlace extends OpenFile {
  read(): never {
    return fail('EBADF');
  }
  write(): never {
    return fail('EBADF');
  }
}
