/**
 * Makes disks for Varve: the file system of `kernel/fs_format.h`, filled with files. Whatever a disk holds is decided
 * here, so the same files make the same disk, byte for byte.
 */

const BLOCK = 4096;
const MAGIC = 0x76726176; // "varv"
const VERSION = 1;
const ROOT = 1;
const INODE_SIZE = 256;
const INODES_IN_BLOCK = BLOCK / INODE_SIZE;
const ENTRY_SIZE = 64;
const LONGEST_NAME = 59;
const WORDS_BEFORE_CHECKSUM = 7;

const REGULAR = 0o100000;
const DIRECTORY = 0o040000;
const CHARACTER_DEVICE = 0o020000;

/** One thing on a disk; directories on the way to it come by themselves. */
export type DiskEntry =
  | { readonly path: string; readonly content: Uint8Array; readonly program?: boolean }
  | { readonly path: string; readonly device: number }
  | { readonly path: string; readonly directory: true };

export interface DiskOptions {
  /** Size of the disk in KB, a multiple of 4. */
  readonly kilobytes?: number;
  /** Blocks of the table of inodes; each holds 16. */
  readonly inodeBlocks?: number;
  /** Times of all files, in seconds since 1970. */
  readonly time?: number;
}

const DEFAULTS = { kilobytes: 4096, inodeBlocks: 16, time: 946684800 }; // 1 January 2000

interface Inode {
  readonly mode: number;
  links: number;
  readonly device: number;
  content: Uint8Array;
  /** Of a directory: names and numbers of inodes, with the two dots. */
  readonly names: Map<string, number> | null;
}

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0) & 0xff);

class DiskMaker {
  private readonly inodes: (Inode | null)[] = [null];

  constructor() {
    this.add({ mode: DIRECTORY | 0o755, links: 1, device: 0, content: new Uint8Array(0), names: new Map() });
    this.link(ROOT, '.', ROOT);
    this.link(ROOT, '..', ROOT);
  }

  private add(inode: Inode): number {
    this.inodes.push(inode);
    return this.inodes.length - 1;
  }

  private link(directory: number, name: string, number: number): void {
    if (name.length > LONGEST_NAME)
      throw new RangeError(`${name}: names have at most ${LONGEST_NAME} characters`);
    this.inodes[directory]!.names!.set(name, number);
    if (name !== '.' || number !== ROOT) this.inodes[number]!.links += 1;
  }

  private makeDirectory(parent: number, name: string): number {
    const made = this.add({
      mode: DIRECTORY | 0o755,
      links: 0,
      device: 0,
      content: new Uint8Array(0),
      names: new Map(),
    });
    this.link(parent, name, made);
    this.link(made, '.', made);
    this.link(made, '..', parent);
    return made;
  }

  /** The directory of a path, made where it is missing, and the last name. */
  private place(path: string): { directory: number; name: string } {
    const names = path.split('/').filter((name) => name !== '');
    const name = names.pop();
    if (name === undefined) throw new RangeError(`"${path}" names nothing`);
    let directory = ROOT;
    for (const step of names) {
      const next = this.inodes[directory]!.names!.get(step) ?? this.makeDirectory(directory, step);
      if (!this.inodes[next]!.names) throw new RangeError(`${path}: ${step} is not a directory`);
      directory = next;
    }
    return { directory, name };
  }

  put(entry: DiskEntry): void {
    const { directory, name } = this.place(entry.path);
    if (this.inodes[directory]!.names!.has(name)) {
      if ('directory' in entry) return;
      throw new RangeError(`${entry.path} is there twice`);
    }
    if ('directory' in entry) {
      this.makeDirectory(directory, name);
      return;
    }
    const device = 'device' in entry ? entry.device : 0;
    const content = 'content' in entry ? entry.content : new Uint8Array(0);
    const rights = 'program' in entry && entry.program ? 0o755 : 0o644;
    const mode = 'device' in entry ? CHARACTER_DEVICE | 0o666 : REGULAR | rights;
    this.link(directory, name, this.add({ mode, links: 0, device, content, names: null }));
  }

  private static entriesOf(names: ReadonlyMap<string, number>): Uint8Array {
    const bytes = new Uint8Array(Math.ceil((names.size * ENTRY_SIZE) / BLOCK) * BLOCK);
    const view = new DataView(bytes.buffer);
    [...names].forEach(([name, number], k) => {
      view.setUint32(k * ENTRY_SIZE, number, true);
      bytes.set(latin1(name), k * ENTRY_SIZE + 4);
    });
    return bytes;
  }

  write(options: Required<DiskOptions>): Uint8Array {
    const { kilobytes, inodeBlocks, time } = options;
    if (this.inodes.length > inodeBlocks * INODES_IN_BLOCK)
      throw new RangeError(`${this.inodes.length} files do not fit into ${inodeBlocks} blocks of inodes`);
    const disk = new Uint8Array(kilobytes * 1024);
    const blocks = disk.length / BLOCK;
    let next = 1 + inodeBlocks;
    this.inodes.forEach((inode, number) => {
      if (!inode) return;
      const content = inode.names ? DiskMaker.entriesOf(inode.names) : inode.content;
      const count = Math.ceil(content.length / BLOCK);
      if (next + count > blocks) throw new RangeError(`a disk of ${kilobytes} KB is too small for its files`);
      disk.set(content, next * BLOCK);
      const at = BLOCK + number * INODE_SIZE;
      writeInode(new DataView(disk.buffer, at, INODE_SIZE), inode, content.length, time, {
        start: next,
        count,
      });
      next += count;
    });
    writeWords(new DataView(disk.buffer), [MAGIC, VERSION, blocks, inodeBlocks, 1], 20);
    return disk;
  }
}

/** Rotate and exclusive-or, as checksum_add of fs_format.h. */
function checksum(view: DataView, from: number, to: number, sum: number): number {
  for (let at = from; at < to; at += 4) sum = ((sum << 5) | (sum >>> 27)) ^ view.getUint32(at, true);
  return sum >>> 0;
}

function writeWords(view: DataView, words: readonly number[], checksumAt: number): void {
  words.forEach((word, k) => view.setUint32(4 * k, word, true));
  view.setUint32(checksumAt, checksum(view, 0, checksumAt, 1), true);
}

function writeInode(
  view: DataView,
  inode: Inode,
  size: number,
  time: number,
  extent: { readonly start: number; readonly count: number },
): void {
  const extents = 4 * (WORDS_BEFORE_CHECKSUM + 1);
  const pieces = extent.count > 0 ? 1 : 0;
  const words = [inode.mode | (inode.links << 16), size, time, inode.device, pieces, 0, 0];
  words.forEach((word, k) => view.setUint32(4 * k, word, true));
  if (pieces > 0) {
    view.setUint32(extents, extent.start, true);
    view.setUint32(extents + 4, extent.count, true);
  }
  const sum = checksum(view, 0, 4 * WORDS_BEFORE_CHECKSUM, 1);
  view.setUint32(4 * WORDS_BEFORE_CHECKSUM, checksum(view, extents, INODE_SIZE, sum), true);
}

/** A disk with the given contents. @throws RangeError when they do not fit, or a name is too long or there twice. */
export function makeDisk(entries: readonly DiskEntry[], options: DiskOptions = {}): Uint8Array {
  const maker = new DiskMaker();
  for (const entry of entries) maker.put(entry);
  return maker.write({ ...DEFAULTS, ...options });
}
