/**
 * The swap table of a virtual machine (SWPTABLE): for each 2 K block of its storage a byte in CP's own storage, where VM
 * assist finds it too. The byte holds the virtual storage key with the reference and change bits that the frame no
 * longer shows, and in its last bit whether the page has been changed since it was last written out.
 */
import { SWAP_CHANGED } from '../../machines/s370/assist/block.ts';
import type { VirtualMachine } from './virtual-machine.ts';

/** For the largest storage there is: 16 M. */
export const SWAP_TABLE_BYTES = 8192;
const PAGE_CHANGED = (SWAP_CHANGED << 8) | SWAP_CHANGED;
const KEY = 0xfe;

/** Bits by which the byte of a block is shifted in the halfword of its page. */
const shiftOf = (block: number): 0 | 8 => ((block & 1) === 0 ? 8 : 0);

export class SwapTable {
  private readonly vm: VirtualMachine;

  constructor(vm: VirtualMachine) {
    this.vm = vm;
  }

  /** Real address of the table. */
  get at(): number {
    return this.vm.state.swapTable;
  }
  private get(page: number): number {
    return this.vm.cp.system.fetchHalf(this.at + 2 * page);
  }
  private set(page: number, value: number): void {
    this.vm.cp.system.storeHalf(this.at + 2 * page, value);
  }

  /** Every key zero, nothing changed. */
  clear(pages: number): void {
    for (let page = 0; page < pages; page++) this.set(page, 0);
  }

  /** The key of a block as far as it is not in the frame. */
  key(block: number): number {
    return (this.get(block >> 1) >> shiftOf(block)) & KEY;
  }
  setKey(block: number, key: number): void {
    const shift = shiftOf(block);
    this.set(block >> 1, (this.get(block >> 1) & ~(KEY << shift)) | ((key & KEY) << shift));
  }
  /** Switches on reference and change bits of a block. */
  note(block: number, bits: number): void {
    const before = this.get(block >> 1);
    const after = before | (bits << shiftOf(block));
    if (after !== before) this.set(block >> 1, after);
  }

  changed(page: number): boolean {
    return (this.get(page) & PAGE_CHANGED) !== 0;
  }
  setChanged(page: number, changed: boolean): void {
    const before = this.get(page);
    const after = changed ? before | SWAP_CHANGED : before & ~PAGE_CHANGED;
    if (after !== before) this.set(page, after);
  }
}
