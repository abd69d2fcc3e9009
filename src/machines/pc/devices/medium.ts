/**
 * What a disk or diskette holds: an image that nobody changes, and the blocks written since. States share the blocks
 * that did not change between them.
 */

export const SECTOR = 512;
const BLOCK = 4096;

export interface MediumState {
  readonly written: ReadonlyMap<number, Uint8Array>;
}

export class Medium {
  /** Sectors; a last one that the image does not fill ends in zeros. */
  readonly sectors: number;
  private readonly image: Uint8Array;
  private written = new Map<number, Uint8Array>();
  /** Blocks that no state holds yet, and that may therefore be changed in place. */
  private own = new Set<number>();

  constructor(image: Uint8Array) {
    this.image = image;
    this.sectors = Math.ceil(image.length / SECTOR);
  }

  read(sector: number, count: number): Uint8Array {
    const bytes = new Uint8Array(count * SECTOR);
    for (let done = 0; done < bytes.length;) {
      const at = sector * SECTOR + done;
      const within = at % BLOCK;
      const length = Math.min(BLOCK - within, bytes.length - done);
      const block = this.written.get((at - within) / BLOCK);
      bytes.set(block ? block.subarray(within, within + length) : this.image.subarray(at, at + length), done);
      done += length;
    }
    return bytes;
  }

  write(sector: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      const at = sector * SECTOR + done;
      const within = at % BLOCK;
      const length = Math.min(BLOCK - within, bytes.length - done);
      this.blockForWriting((at - within) / BLOCK).set(bytes.subarray(done, done + length), within);
      done += length;
    }
  }

  private blockForWriting(index: number): Uint8Array {
    const known = this.written.get(index);
    if (known && this.own.has(index)) return known;
    const block = new Uint8Array(BLOCK);
    block.set(known ?? this.image.subarray(index * BLOCK, (index + 1) * BLOCK));
    this.written.set(index, block);
    this.own.add(index);
    return block;
  }

  /** The whole image as it stands now. */
  contents(): Uint8Array {
    return this.read(0, this.sectors);
  }

  save(): MediumState {
    this.own.clear();
    return { written: new Map(this.written) };
  }

  restore(state: MediumState): void {
    this.written = new Map(state.written);
    this.own.clear();
  }
}
