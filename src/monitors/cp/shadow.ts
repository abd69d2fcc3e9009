/**
 * Shadow tables: while a guest translates addresses itself, the real processor uses tables that map guest-virtual
 * addresses straight to real frames. They are filled one entry at a time, on the fault that misses it.
 * Invariant: a shadow entry never grants more than the guest's own tables and CP's page tables together.
 */
import { ADDRESSING, PAGE_TRANSLATION, SEGMENT_TRANSLATION } from '../../machines/s370/assigned-storage.ts';
import { translationFormat, walkTables, type Walk } from '../../machines/s370/translation.ts';
import type { ControlProgram } from './control-program.ts';
import type { ShadowState } from './state.ts';
import type { VirtualMachine } from './virtual-machine.ts';

const SEGMENTS = 256;
const INVALID_SEGMENT = 1;
const SEGMENT_TABLE_BYTES = 4 * SEGMENTS;
/** Bits of control register 0 that choose page and segment size. */
export const FORMAT_BITS = 0x00f8_0000;
/** 64 K segments with 4 K or with 2 K pages: what the shadow tables themselves use. */
export const SEGMENTS_64K_PAGES_4K = 0x0080_0000;
export const SEGMENTS_64K_PAGES_2K = 0x0040_0000;

export class ShadowTables {
  private readonly cp: ControlProgram;

  constructor(cp: ControlProgram) {
    this.cp = cp;
  }

  /** Format and origin to load into the real control registers while `vm` runs with its own translation on. */
  controlFor(vm: VirtualMachine): { readonly format: number; readonly origin: number } {
    const shadow = this.current(vm);
    return {
      format: this.pageShift(vm) === 11 ? SEGMENTS_64K_PAGES_2K : SEGMENTS_64K_PAGES_4K,
      origin: shadow.origin,
    };
  }

  private pageShift(vm: VirtualMachine): 11 | 12 {
    return translationFormat(vm.state.cr[0]!)?.pageShift ?? 12;
  }

  /** The shadow tables for the guest's present control registers; made, or emptied, when those have changed. */
  private current(vm: VirtualMachine): ShadowState {
    const format = vm.state.cr[0]! & FORMAT_BITS;
    const table = vm.state.cr[1]!;
    const known = vm.state.shadow;
    if (known && known.format === format && known.table === table) return known;
    if (known) {
      this.purge(vm);
      known.format = format;
      known.table = table;
      return known;
    }
    const origin = this.take(SEGMENT_TABLE_BYTES, 64);
    const shadow: ShadowState = {
      origin,
      pageTables: new Array<number>(SEGMENTS).fill(0),
      format,
      table,
    };
    for (let segment = 0; segment < SEGMENTS; segment++)
      this.cp.system.storeWord(origin + 4 * segment, INVALID_SEGMENT);
    vm.state.shadow = shadow;
    return shadow;
  }

  private pageTableBytes(format: number): number {
    return (format & FORMAT_BITS & SEGMENTS_64K_PAGES_2K) !== 0 ? 64 : 32;
  }

  /** Makes every shadow entry invalid: PTLB, a new segment table, or a frame that changes hands. */
  purge(vm: VirtualMachine): void {
    const shadow = vm.state.shadow;
    if (!shadow) return;
    let entries = 0;
    const bytes = this.pageTableBytes(shadow.format);
    shadow.pageTables.forEach((table, segment) => {
      if (table === 0) return;
      this.cp.releaseStorage(table, bytes);
      this.cp.system.storeWord(shadow.origin + 4 * segment, INVALID_SEGMENT);
      shadow.pageTables[segment] = 0;
      entries += bytes / 2;
    });
    if (entries === 0) return;
    this.cp.charge('shadowPurge');
    this.cp.charge('shadowEntry', entries);
    this.cp.system.purgeTlb();
    this.cp.note('shadow-purge', vm, { entries });
  }

  /** Gives back the shadow tables of a machine that leaves. */
  discard(vm: VirtualMachine): void {
    this.purge(vm);
    if (vm.state.shadow) this.cp.releaseStorage(vm.state.shadow.origin, SEGMENT_TABLE_BYTES);
    vm.state.shadow = null;
  }

  /** Free storage for tables; when it gives out, the shadows of all machines are thrown away and filled anew. */
  private take(length: number, alignment: number): number {
    const at = this.cp.tryTakeStorage(length, alignment);
    if (at !== null) return at;
    for (const vm of this.cp.machines) this.purge(vm);
    return this.cp.takeStorage(length, alignment);
  }

  /** Walks the guest's own tables, in guest-real storage. Throws PAGE_WAIT when they are not resident. */
  walk(vm: VirtualMachine, virtual: number): Walk {
    return walkTables(virtual, vm.state.cr[0]!, vm.state.cr[1]!, (at, size) => {
      if (at + size > vm.storageSize) return -1;
      vm.markReferenced(at);
      return size === 4 ? vm.fetchWord(at) : vm.fetchHalf(at);
    });
  }

  /**
   * A translation fault of a guest that translates: fills the shadow entry, or gives the program-interruption code
   * that the guest itself must see; 0 when the entry is now valid. Throws PAGE_WAIT when storage must come first.
   */
  fault(vm: VirtualMachine, virtual: number): number {
    const walk = this.walk(vm, virtual);
    if (!('real' in walk)) return walk.code;
    if (walk.real >= vm.storageSize) return ADDRESSING;
    const shift = this.pageShift(vm);
    const real = vm.locate(walk.real);
    const shadow = this.current(vm);
    this.cp.charge('shadowFault');
    this.enter(shadow, virtual, real, shift);
    this.cp.note('shadow-fault', vm, { virtual, guestReal: walk.real, real });
    return 0;
  }

  private enter(shadow: ShadowState, virtual: number, real: number, shift: 11 | 12): void {
    const { system } = this.cp;
    const segment = virtual >>> 16;
    const invalid = shift === 12 ? 0x0008 : 0x0004;
    let table = shadow.pageTables[segment]!;
    if (table === 0) {
      const bytes = this.pageTableBytes(shadow.format);
      table = this.take(bytes, 8);
      for (let at = 0; at < bytes; at += 2) system.storeHalf(table + at, invalid);
      shadow.pageTables[segment] = table;
      system.storeWord(shadow.origin + 4 * segment, 0xf000_0000 | table);
    }
    const index = (virtual & 0xffff) >>> shift;
    const frame = real & ~((1 << shift) - 1);
    system.storeHalf(table + 2 * index, (frame >>> 8) & 0xffff);
  }

  /** Whether a code is one that `fault` may answer. */
  handles(code: number): boolean {
    return code === SEGMENT_TRANSLATION || code === PAGE_TRANSLATION;
  }
}
