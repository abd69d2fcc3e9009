/**
 * Layers of files shown as one: what the upper layer has covers what the lower ones have, and every change goes to the
 * upper one. Linux, Documentation/filesystems/overlayfs.rst; whiteouts, opaque directories and what rename refuses are
 * as described there (without redirect_dir, metacopy and index).
 */
import { fail } from '../abi/errno.ts';
import { S_IFCHR, S_IFMT } from '../abi/modes.ts';
import type { Kernel } from '../kernel.ts';
import { COPY_UP, COPY_UP_BYTES, TRANSFER } from '../paths.ts';
import { Directory, RegularFile, Special, SymbolicLink, type FileSystem } from './inode.ts';
import type { Inode, NewNode } from './inode.ts';
import { OverlayFile, OverlayLink, OverlaySpecial, type OverlayLeaf } from './overlay-leaves.ts';

const OVERLAYFS_MAGIC = 0x794c7630;
/** Attributes by which a layer tells overlays about itself; nobody sees them through one. */
const PRIVATE = 'trusted.overlay.';
const OPAQUE = `${PRIVATE}opaque`;

/** Marks that a layer leaves where a name of lower layers is to be gone: a character device 0/0. */
export const WHITEOUT: NewNode = { kind: 'special', mode: S_IFCHR, rdev: 0 };
export const isWhiteout = (node: Inode): boolean =>
  node instanceof Special && node.type === S_IFCHR && node.rdev === 0;
/** Nothing of lower layers shows through an opaque directory. */
export const isOpaque = (node: Inode): boolean => node.extended.get(OPAQUE)?.[0] === 0x79;
export const makeOpaque = (node: Inode): void => node.setExtended(OPAQUE, Uint8Array.of(0x79));

export interface Layers {
  /** The topmost first. */
  readonly lowers: readonly Directory[];
  /** Where changes go; null: nothing can be changed. */
  readonly upper: Directory | null;
  /** As /proc/mounts shows them. */
  readonly options: string;
}

export class OverlayFileSystem implements FileSystem {
  readonly type = 'overlay';
  readonly magic = OVERLAYFS_MAGIC;
  readonly device: number;
  readonly options: string;
  readonly layers: Layers;
  nextInode = 1;
  readonly root: OverlayDirectory;
  /** Files that were copied to the upper layer, and their bytes. */
  readonly copied = { files: 0, bytes: 0 };
  private readonly kernel: Kernel;

  constructor(kernel: Kernel, layers: Layers) {
    this.kernel = kernel;
    this.device = kernel.number() & 0xff;
    [this.layers, this.options] = [layers, layers.options];
    const { upper, lowers } = layers;
    this.root = new OverlayDirectory(this, null, '', { upper, lowers });
  }

  usage(): { readonly used: number; readonly limit: number } {
    const { upper, lowers } = this.layers;
    return (upper ?? lowers[0]!).filesystem.usage?.() ?? { used: 0, limit: 0 };
  }

  /** Copies what only a lower layer has to the upper one, with the directories that lead to it. */
  copyUp(node: OverlayLeaf): Inode {
    const { source, holder, name } = node.origin;
    const made = holder.demandUpper().create(name, likeness(source));
    if (made instanceof RegularFile && source instanceof RegularFile) {
      made.prepareToWrite();
      made.write(0, source.read(0, source.size));
      this.copied.bytes += source.size;
    }
    this.copied.files++;
    this.charge(source.size);
    copyMetadata(made, source);
    return made;
  }

  charge(bytes: number): void {
    this.kernel.system.work(TRANSFER, COPY_UP + Math.ceil(bytes / COPY_UP_BYTES));
  }
}

/** Where a name is found: at the top, or in directories one over the other. */
interface Stack {
  readonly upper: Directory | null;
  readonly lowers: readonly Directory[];
}
type Found =
  | { readonly kind: 'directory'; readonly stack: Stack }
  | { readonly kind: 'leaf'; readonly node: Inode; readonly isUpper: boolean };

export class OverlayDirectory extends Directory {
  declare readonly filesystem: OverlayFileSystem;
  private upper: Directory | null;
  private readonly lowers: readonly Directory[];
  private name: string;
  private gone = false;
  /** Nodes that have been shown, so that one name is one inode as long as it stands. */
  private readonly shown = new Map<string, Inode>();

  constructor(
    filesystem: OverlayFileSystem,
    above: OverlayDirectory | null,
    name: string,
    { upper, lowers }: Stack,
  ) {
    super(filesystem, 0, upper ?? lowers[0]!);
    [this.upper, this.lowers, this.name] = [upper, lowers, name];
    if (above) this.above = above;
  }

  /** Merged directories have one link, as those of overlayfs: nobody counts what is below all layers. */
  override get links(): number {
    return this.gone ? 0 : this.lowers.length > 0 ? 1 : super.links;
  }
  override set links(links: number) {
    super.links = links;
  }
  override get size(): number {
    return (this.upper ?? this.lowers[0]!).size;
  }

  // ---------------------------------------------------------------- looking

  private get layers(): readonly Directory[] {
    return this.upper ? [this.upper, ...this.lowers] : this.lowers;
  }

  private look(name: string): Found | null {
    const directories: Directory[] = [];
    for (const layer of this.layers) {
      const node = layer.find(name);
      if (!node) continue;
      if (isWhiteout(node)) break;
      if (!(node instanceof Directory)) {
        if (directories.length === 0) return { kind: 'leaf', node, isUpper: layer === this.upper };
        break;
      }
      directories.push(node);
      if (isOpaque(node)) break;
    }
    if (directories.length === 0) return null;
    const top = this.upper?.find(name);
    const upper = top === directories[0] ? directories[0]! : null;
    return { kind: 'directory', stack: { upper, lowers: upper ? directories.slice(1) : directories } };
  }

  find(name: string): Inode | null {
    const found = this.look(name);
    const known = this.shown.get(name);
    if (found && known && standsFor(known, found)) return known;
    this.shown.delete(name);
    if (!found) return null;
    const node = this.show(name, found);
    this.shown.set(name, node);
    return node;
  }

  private show(name: string, found: Found): Inode {
    if (found.kind === 'directory') return new OverlayDirectory(this.filesystem, this, name, found.stack);
    const { node: source, isUpper } = found;
    const origin = { holder: this, name, source, isUpper };
    if (source instanceof RegularFile) return new OverlayFile(this.filesystem, origin, source);
    if (source instanceof SymbolicLink) return new OverlayLink(this.filesystem, origin, source);
    return source instanceof Special ? new OverlaySpecial(this.filesystem, origin, source) : fail('EIO');
  }

  isOver({ upper, lowers }: Stack): boolean {
    return (
      this.upper === upper &&
      this.lowers.length === lowers.length &&
      this.lowers.every((each, k) => each === lowers[k])
    );
  }

  *entries(): Generator<readonly [string, Inode]> {
    const seen = new Set<string>();
    for (const layer of this.layers)
      for (const [name] of layer.entries()) {
        if (seen.has(name)) continue;
        seen.add(name);
        const node = this.find(name);
        if (node) yield [name, node];
      }
  }

  // ---------------------------------------------------------------- changing

  /** Its directory in the upper layer, made if need be; EROFS without an upper layer. */
  demandUpper(): Directory {
    if (this.gone) return fail('ENOENT');
    if (this.upper) return this.upper;
    if (!(this.above instanceof OverlayDirectory) || this.above === this) return fail('EROFS');
    const source = this.lowers[0]!;
    const made = this.above.demandUpper().create(this.name, likeness(source));
    this.filesystem.charge(0);
    copyMetadata(made, source);
    if (!(made instanceof Directory)) return fail('EIO');
    this.upper = made;
    this.adopt(made);
    return made;
  }

  override setAttributes(changes: { mode?: number; uid?: number; gid?: number }): void {
    this.demandUpper().setAttributes(changes);
  }
  override setTimes(...times: Parameters<Inode['setTimes']>): void {
    this.demandUpper().setTimes(...times);
  }
  override wasRead(...now: Parameters<Inode['wasRead']>): void {
    this.upper?.wasRead(...now);
  }
  override get extended(): ReadonlyMap<string, Uint8Array> {
    return new Map([...super.extended].filter(([name]) => !name.startsWith(PRIVATE)));
  }
  override setExtended(name: string, value: Uint8Array | null): void {
    if (name.startsWith(PRIVATE)) fail('EPERM');
    this.demandUpper().setExtended(name, value);
  }

  /** Whether a lower layer has the name, so that it must be whited out when it is to go. */
  private isBelow(name: string): boolean {
    for (const layer of this.lowers) {
      const node = layer.find(name);
      if (node) return !isWhiteout(node);
    }
    return false;
  }

  override create(name: string, what: NewNode): Inode {
    if (this.find(name)) return fail('EEXIST');
    if (what.kind === 'special' && what.rdev === 0 && (what.mode & S_IFMT) === S_IFCHR) return fail('EPERM');
    const upper = this.clear(name);
    const made = upper.create(name, what);
    if (made instanceof Directory && this.isBelow(name)) makeOpaque(made);
    return this.find(name)!;
  }

  /** The upper layer's directory, in which the name is free: without the whiteout that stood for it. */
  private clear(name: string): Directory {
    const upper = this.demandUpper();
    if (upper.find(name)) upper.remove(name);
    return upper;
  }

  override link(name: string, node: Inode): void {
    if (this.find(name)) fail('EEXIST');
    if (!isLeaf(node) || node.filesystem !== this.filesystem) return fail('EXDEV');
    const source = node.demandUpper();
    this.clear(name).link(name, source);
  }

  override remove(name: string): void {
    const node = this.find(name) ?? fail('ENOENT');
    if (node instanceof Directory && !node.isEmpty()) fail('ENOTEMPTY');
    const upper = this.demandUpper();
    this.discard(name, node);
    if (this.isBelow(name)) upper.create(name, WHITEOUT);
  }

  /** Takes a name out of the upper layer, without a trace there. */
  private discard(name: string, node: Inode): void {
    const upper = this.demandUpper();
    const there = upper.find(name);
    if (there instanceof Directory) for (const [left] of [...there.entries()]) there.remove(left);
    if (there) upper.remove(name);
    if (node instanceof OverlayDirectory) node.gone = true;
    this.shown.delete(name);
  }

  override rename(name: string, to: Directory, newName: string): void {
    if (!(to instanceof OverlayDirectory) || to.filesystem !== this.filesystem) return fail('EXDEV');
    const node = this.find(name) ?? fail('ENOENT');
    const other = to.find(newName);
    // Two names of one inode: nothing happens. rename(2).
    if (
      other === node ||
      (other && isLeaf(other) && isLeaf(node) && other.origin.source === node.origin.source)
    )
      return;
    // A directory of lower layers would have to be copied with all that is in it: the caller does that.
    if (node instanceof OverlayDirectory && node.lowers.length > 0) return fail('EXDEV');
    for (let d: Directory = to; d !== d.above || d === node; d = d.above) if (d === node) fail('EINVAL');
    if (other) mayReplace(node, other);
    if (isLeaf(node)) node.demandUpper();
    const [from, target] = [this.demandUpper(), to.demandUpper()];
    if (other) to.discard(newName, other);
    else to.clear(newName);
    from.rename(name, target, newName);
    if (this.isBelow(name)) from.create(name, WHITEOUT);
    this.shown.delete(name);
    if (node instanceof OverlayDirectory) {
      [node.name, node.above] = [newName, to];
      if (to.isBelow(newName)) makeOpaque(node.demandUpper());
    } else if (isLeaf(node)) node.origin = { ...node.origin, holder: to, name: newName };
    to.shown.set(newName, node);
  }
}

const isLeaf = (node: Inode): node is OverlayLeaf =>
  node instanceof OverlayFile || node instanceof OverlayLink || node instanceof OverlaySpecial;

function standsFor(known: Inode, found: Found): boolean {
  if (found.kind === 'directory') return known instanceof OverlayDirectory && known.isOver(found.stack);
  return isLeaf(known) && known.origin.source === found.node;
}

/** Whether a name may be moved over another one. rename(2). */
function mayReplace(node: Inode, other: Inode): void {
  if (!(other instanceof Directory)) {
    if (node instanceof Directory) fail('ENOTDIR');
    return;
  }
  if (!(node instanceof Directory)) fail('EISDIR');
  if (!other.isEmpty()) fail('ENOTEMPTY');
}

/** What to make in the upper layer for an inode of a lower one. */
function likeness(source: Inode): NewNode {
  const mode = source.mode & 0o7777;
  if (source instanceof Directory) return { kind: 'directory', mode };
  if (source instanceof SymbolicLink) return { kind: 'link', target: source.target };
  if (source instanceof Special) return { kind: 'special', mode: source.mode, rdev: source.rdev };
  return { kind: 'file', mode };
}

function copyMetadata(to: Inode, from: Inode): void {
  to.setAttributes({ mode: from.mode, uid: from.uid, gid: from.gid });
  to.setTimes(from.accessed, from.modified);
  to.changed = from.changed;
  for (const [name, value] of from.extended) if (!name.startsWith(PRIVATE)) to.setExtended(name, value);
}
