/**
 * Physical memory, and the record of what changed since the last checkpoint. One `WebAssembly.Memory` in guest byte
 * order, so that generated code and TypeScript share it without copying; behind the installed bytes lie the registers.
 */

export const PAGE = 4096;
export const PAGE_SHIFT = 12;
const WASM_PAGE = 65536;

/** Where read-only memory of adapters and of the BIOS begins and ends: stores there do nothing unless it is opened. */
export const ROM_START = 0xc0000;
export const ROM_END = 0x100000;

const closedArea = (): Uint8Array => new Uint8Array((ROM_END - ROM_START) >>> PAGE_SHIFT);

export interface MemoryState {
  /** Contents by 4 K pages. States share the pages that did not change between them; nobody may change them. */
  readonly pages: readonly Uint8Array[];
}

/** Most of memory stays empty: all its pages are this one. */
const EMPTY = new Uint8Array(PAGE);

export class PhysicalMemory {
  /** Installed bytes, a multiple of 64 K, from 1 M to 1 G. */
  readonly size: number;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Room of one WebAssembly page behind the installed bytes, for the registers; no address reaches it. */
  readonly registers: Int32Array;
  /** Pages stored into since the last `save` or `restore`: 1, else 0. */
  readonly dirty: Uint8Array;
  private known: readonly Uint8Array[];
  /** Pages of the read-only area that take stores: 1, else 0. */
  private readonly opened: Uint8Array;

  /**
   * With `of`: bytes of another one's memory from `origin` on, as a second processor with registers of its own reaches
   * them. Elsewhere than at its beginning the read-only area is another one.
   */
  constructor(size: number, of: PhysicalMemory | null = null, origin = 0) {
    if (size < 0x100000 || size > 0x40000000 || size % WASM_PAGE !== 0)
      throw new Error(`memory of ${size} bytes: must be a multiple of 64 K from 1 M to 1 G`);
    this.size = size;
    if (of) {
      if (origin % PAGE !== 0 || origin + size > of.size)
        throw new Error(`${size} bytes at ${origin} are no part of memory of ${of.size}`);
      this.bytes = of.bytes.subarray(origin, origin + size);
      this.view = new DataView(of.bytes.buffer, origin, size);
      this.dirty = of.dirty.subarray(origin >>> PAGE_SHIFT, (origin + size) >>> PAGE_SHIFT);
      this.opened = origin === 0 ? of.opened : closedArea();
      this.registers = new Int32Array(64);
      this.known = [];
      return;
    }
    this.opened = closedArea();
    const memory = new WebAssembly.Memory({ initial: size / WASM_PAGE + 1 });
    this.bytes = new Uint8Array(memory.buffer);
    this.view = new DataView(memory.buffer);
    this.registers = new Int32Array(memory.buffer, size, 64);
    this.dirty = new Uint8Array(size >>> PAGE_SHIFT);
    this.known = new Array<Uint8Array>(size >>> PAGE_SHIFT).fill(EMPTY);
  }

  /** Whether a physical address may be stored into. */
  writable(at: number): boolean {
    if (at >>> 0 >= this.size) return false;
    return at < ROM_START || at >= ROM_END || this.opened[(at - ROM_START) >>> PAGE_SHIFT] !== 0;
  }

  /** Lets stores into part of the read-only area reach memory, or not. */
  open(from: number, to: number, opened: boolean): void {
    this.opened.fill(opened ? 1 : 0, (from - ROM_START) >>> PAGE_SHIFT, (to - ROM_START) >>> PAGE_SHIFT);
  }

  /** Copies what was stored into since the last time; the rest is shared. The next store must mark its page again. */
  save(): MemoryState {
    this.known = this.known.map((page, i) => (this.dirty[i] === 0 ? page : this.copyOf(i)));
    this.dirty.fill(0);
    return { pages: this.known };
  }

  private copyOf(index: number): Uint8Array {
    const page = this.bytes.slice(index << PAGE_SHIFT, (index + 1) << PAGE_SHIFT);
    return page.every((byte) => byte === 0) ? EMPTY : page;
  }

  restore(state: MemoryState): void {
    if (state.pages.length !== this.known.length)
      throw new Error(`a state of ${state.pages.length} pages does not fit memory of ${this.known.length}`);
    state.pages.forEach((page, i) => {
      if (this.dirty[i] !== 0 || page !== this.known[i]) this.bytes.set(page, i << PAGE_SHIFT);
    });
    this.known = state.pages;
    this.dirty.fill(0);
  }

  /** Puts `bytes` at a physical address as a loader or a device does; the caller tells the processor. */
  write(at: number, bytes: ArrayLike<number>): void {
    if (at < 0 || at + bytes.length > this.size)
      throw new Error(`${bytes.length} bytes at ${at} do not fit memory of ${this.size}`);
    this.bytes.set(bytes, at);
    for (let page = at >>> PAGE_SHIFT; page <= (at + bytes.length - 1) >>> PAGE_SHIFT; page++)
      this.dirty[page] = 1;
  }
}
