/**
 * Main storage by absolute address, its keys and the record of what changed since the last checkpoint.
 * One `WebAssembly.Memory` in guest byte order, so that generated code and TypeScript share it without copying.
 */

/** Bytes that one storage key covers, and the grain of everything that is looked up by address. */
export const BLOCK = 2048;
export const BLOCK_SHIFT = 11;

/** Bits of a storage key: access key in the high four, then fetch protection, reference, change. */
export const KEY_ACCESS = 0xf0;
export const KEY_FETCH = 0x08;
export const KEY_REFERENCE = 0x04;
export const KEY_CHANGE = 0x02;

/** Bytes that 24-bit addresses reach. */
export const LARGEST_STORAGE = 0x1000000;

const WASM_PAGE = 65536;

export interface StorageState {
  /** Contents by 2 K blocks. States share the blocks that did not change between them; nobody may change them. */
  readonly blocks: readonly Uint8Array[];
  readonly keys: Uint8Array;
}

/** Most of storage stays empty: all its blocks are this one. */
const EMPTY = new Uint8Array(BLOCK);

export class Storage {
  /** Installed bytes, a multiple of 2 K, at most 16 M. */
  readonly size: number;
  /** Absolute storage, followed by a scratch area of one page that no address reaches. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** One key for each 2 K block. */
  readonly keys: Uint8Array;
  /** Blocks stored into since the last `save` or `restore`: 1, else 0. */
  readonly dirty: Uint8Array;
  /** What the blocks that are not dirty hold. */
  private known: readonly Uint8Array[];

  constructor(size: number) {
    if (size < BLOCK || size > LARGEST_STORAGE || size % BLOCK !== 0)
      throw new Error(`storage of ${size} bytes: must be a multiple of 2048 up to 16777216`);
    this.size = size;
    const memory = new WebAssembly.Memory({ initial: Math.ceil(size / WASM_PAGE) + 1 });
    this.bytes = new Uint8Array(memory.buffer);
    this.view = new DataView(memory.buffer);
    this.keys = new Uint8Array(size >>> BLOCK_SHIFT);
    this.dirty = new Uint8Array(size >>> BLOCK_SHIFT);
    this.known = new Array<Uint8Array>(size >>> BLOCK_SHIFT).fill(EMPTY);
  }

  /** Copies what was stored into since the last time; the rest is shared. The next store must mark its block again. */
  save(): StorageState {
    this.known = this.known.map((block, i) => (this.dirty[i] === 0 ? block : this.copyOf(i)));
    this.dirty.fill(0);
    return { blocks: this.known, keys: this.keys.slice() };
  }

  private copyOf(index: number): Uint8Array {
    const block = this.bytes.slice(index << BLOCK_SHIFT, (index + 1) << BLOCK_SHIFT);
    return block.every((byte) => byte === 0) ? EMPTY : block;
  }

  restore(state: StorageState): void {
    if (state.blocks.length !== this.known.length)
      throw new Error(
        `a state of ${state.blocks.length} blocks does not fit storage of ${this.known.length}`,
      );
    state.blocks.forEach((block, i) => {
      if (this.dirty[i] !== 0 || block !== this.known[i]) this.bytes.set(block, i << BLOCK_SHIFT);
    });
    this.known = state.blocks;
    this.keys.set(state.keys);
    this.dirty.fill(0);
  }

  /** Stores `bytes` at absolute address `at` as the channel or the operator does: without keys of a program. */
  write(at: number, bytes: ArrayLike<number>): void {
    this.bytes.set(bytes, at);
    for (let block = at >>> BLOCK_SHIFT; block <= (at + bytes.length - 1) >>> BLOCK_SHIFT; block++)
      this.dirty[block] = 1;
  }
}
