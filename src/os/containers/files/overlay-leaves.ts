/** Files, links and special files of an overlay: each shows the inode of one layer, and moves up before it is changed. */
import { fail } from '../abi/errno.ts';
import { RegularFile, Special, SymbolicLink, type Inode, type Moment } from './inode.ts';
import type { OverlayDirectory, OverlayFileSystem } from './overlay.ts';

/** Whose inode is shown, and under which name it would be made in the upper layer. */
export interface Origin {
  readonly holder: OverlayDirectory;
  readonly name: string;
  readonly source: Inode;
  readonly isUpper: boolean;
}

export type OverlayLeaf = OverlayFile | OverlayLink | OverlaySpecial;
type Attributes = Parameters<Inode['setAttributes']>[0];

/** Its inode in the upper layer, copied there if need be. One that has been removed stays what it was: ESTALE. */
function raised(leaf: OverlayLeaf): Inode {
  const { source, isUpper, holder, name } = leaf.origin;
  if (isUpper) return source;
  if (holder.find(name) !== leaf) return fail('ESTALE');
  const made = leaf.filesystem.copyUp(leaf);
  leaf.origin = { holder, name, source: made, isUpper: true };
  return made;
}

export class OverlayFile extends RegularFile {
  declare readonly filesystem: OverlayFileSystem;
  origin: Origin;

  constructor(filesystem: OverlayFileSystem, origin: Origin, source: RegularFile) {
    super(filesystem, 0, source);
    this.origin = origin;
  }
  private get source(): RegularFile {
    const { source } = this.origin;
    return source instanceof RegularFile ? source : fail('EIO');
  }
  override get size(): number {
    return this.source.size;
  }
  protected override get shown(): RegularFile {
    return this.source.backing;
  }
  read(offset: number, length: number): Uint8Array {
    return this.source.read(offset, length);
  }
  write(offset: number, bytes: Uint8Array): void {
    this.demandUpper();
    this.source.write(offset, bytes);
  }
  truncate(size: number): void {
    this.demandUpper();
    this.source.truncate(size);
  }
  /** Whoever uses it uses the inode that it shows. */
  override hold(): void {
    super.hold();
    this.source.hold();
  }
  override letGo(): void {
    this.source.letGo();
    super.letGo();
  }
  demandUpper(): Inode {
    const { source: before, holders } = this;
    const made = raised(this);
    this.adopt(made);
    const { source: after } = this;
    for (let k = 0; after !== before && k < holders; k++) {
      after.hold();
      before.letGo();
    }
    return made;
  }
  override prepareToWrite(): void {
    this.demandUpper();
  }
  override setAttributes(changes: Attributes): void {
    this.demandUpper().setAttributes(changes);
  }
  override setTimes(accessed: Moment | null, modified: Moment | null): void {
    this.demandUpper().setTimes(accessed, modified);
  }
  override setExtended(name: string, value: Uint8Array | null): void {
    this.demandUpper().setExtended(name, value);
  }
  /** Lower layers are nobody's to change, not even their times. */
  override wasRead(now: Moment): void {
    if (this.origin.isUpper) this.source.wasRead(now);
  }
}

export class OverlayLink extends SymbolicLink {
  declare readonly filesystem: OverlayFileSystem;
  origin: Origin;

  constructor(filesystem: OverlayFileSystem, origin: Origin, source: SymbolicLink) {
    super(filesystem, source.target, source);
    this.origin = origin;
  }
  demandUpper(): Inode {
    const made = raised(this);
    this.adopt(made);
    return made;
  }
  override setAttributes(changes: Attributes): void {
    this.demandUpper().setAttributes(changes);
  }
  override setTimes(accessed: Moment | null, modified: Moment | null): void {
    this.demandUpper().setTimes(accessed, modified);
  }
}

export class OverlaySpecial extends Special {
  declare readonly filesystem: OverlayFileSystem;
  origin: Origin;

  constructor(filesystem: OverlayFileSystem, origin: Origin, source: Special) {
    super(filesystem, source.mode, source.rdev, source);
    this.origin = origin;
  }
  demandUpper(): Inode {
    const made = raised(this);
    this.adopt(made);
    return made;
  }
  override setAttributes(changes: Attributes): void {
    this.demandUpper().setAttributes(changes);
  }
  override setTimes(accessed: Moment | null, modified: Moment | null): void {
    this.demandUpper().setTimes(accessed, modified);
  }
}
