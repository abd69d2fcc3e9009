/**
 * Access to storage: protection, dynamic address translation, prefixing. GA22-7000, "Storage" and "Dynamic Address
 * Translation".
 *
 * Storage is reached through maps of 2 K blocks: an entry holds (absolute − logical) for a block that may be read (or
 * stored into) under the current key and translation, so that one addition and one sign test cover translation,
 * protection and addressing. Whatever changes one of these drops the entries concerned; the next access takes the slow
 * way, sets the reference and change bits and enters the block again.
 */
import type { Ledger } from '../../accounting/ledger.ts';
import { account } from '../../accounting/vocabulary.ts';
import { ADDRESSING, PAGE_TRANSLATION, PROTECTION, SEGMENT_TRANSLATION } from './assigned-storage.ts';
import type { VmAssist } from './assist/vm-assist.ts';
import type { CostTable } from './models.ts';
import { PSW_DAT, PSW_PER } from './psw.ts';
import { BLOCK, BLOCK_SHIFT, KEY_CHANGE, KEY_FETCH, KEY_REFERENCE, type Storage } from './storage.ts';
import {
  TranslationBuffer,
  translationFormat,
  walkTables,
  type BufferEntry,
  type Walk,
} from './translation.ts';

/** Thrown by a fault in the middle of an instruction; `faultCode` says which. One object: nothing to allocate. */
export const FAULT = Object.freeze({ fault: true });

/** Storage-alteration event bit of control register 9. */
const PER_STORES = 0x2000_0000;

const BLOCKS = 0x1000000 >>> BLOCK_SHIFT;
/** Smaller than minus any address: an entry that makes every sum negative. */
const INVALID = -0x4000_0000;
const OFFSET = BLOCK - 1;
/** Start of the current code block when there is none: beyond every instruction address. */
const NOWHERE = 0x4000_0000;

/** Entry maps of one access regime: key, translation on or off, stores watched by PER or not. */
interface Maps {
  readonly read: Int32Array;
  readonly write: Int32Array;
}

export abstract class StorageAccess {
  abstract readonly costs: CostTable;
  abstract readonly ledger: Ledger;
  /** Passes `cycles` beyond the instruction's own. */
  abstract spend(cycles: number): void;

  readonly storage: Storage;
  readonly view: DataView;
  readonly bytes: Uint8Array;
  readonly buffer: TranslationBuffer;
  readonly cr = new Int32Array(16);

  // The parts of the PSW that decide how storage is reached. `systemMask` is byte 0 as it stands.
  extendedControl = false;
  systemMask = 0;
  key = 0;
  prefix = 0;

  faultCode = 0;
  /** Logical address that a translation exception reports. */
  faultAddress = 0;
  /**
   * VM assist: microcode that may do a privileged operation of the problem state itself, or null. What it leaves goes
   * the way of the program interruption.
   */
  assist: VmAssist | null = null;
  /** Set while PER watches stores: hears each one, since no block then enters the write map. */
  perStoreWatch: ((address: number) => void) | null = null;

  /** The block that instructions come from, as a logical address. */
  protected codeStart = NOWHERE;
  private readonly regimes: (Maps | undefined)[] = [];
  /** The maps of the regime in force. */
  private readMap: Int32Array;
  private writeMap: Int32Array;

  constructor(storage: Storage, translationBufferEntries: number) {
    this.storage = storage;
    this.view = storage.view;
    this.bytes = storage.bytes;
    this.buffer = new TranslationBuffer(translationBufferEntries);
    ({ read: this.readMap, write: this.writeMap } = this.regime(0));
  }

  get translating(): boolean {
    return this.extendedControl && (this.systemMask & PSW_DAT) !== 0;
  }

  get perEnabled(): boolean {
    return this.extendedControl && (this.systemMask & PSW_PER) !== 0;
  }

  // ---------------------------------------------------------------- access regimes

  /** Selects the maps for the key, translation and PER that are now in force. */
  protected selectMaps(): void {
    const watched = this.perEnabled && (this.cr[9]! & 0x2000_0000) !== 0;
    const maps = this.regime(this.key | (this.translating ? 16 : 0) | (watched ? 32 : 0));
    this.readMap = maps.read;
    this.writeMap = maps.write;
    this.codeStart = NOWHERE;
  }

  private regime(index: number): Maps {
    return (this.regimes[index] ??= {
      read: new Int32Array(BLOCKS).fill(INVALID),
      write: new Int32Array(BLOCKS).fill(INVALID),
    });
  }

  private get perWatchesStores(): boolean {
    return this.perEnabled && (this.cr[9]! & PER_STORES) !== 0;
  }

  /** Sets the key of the block at absolute address `at`, reference and change bits included. */
  setKey(at: number, key: number): void {
    if (this.storage.keys[at >>> BLOCK_SHIFT] === key) return;
    this.storage.keys[at >>> BLOCK_SHIFT] = key;
    this.dropBlock(at);
  }

  // ---------------------------------------------------------------- faults

  /** Ends the instruction with a program interruption. */
  program(code: number): never {
    this.faultCode = code;
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- a guest's fault is no error of ours
    throw FAULT;
  }

  // ---------------------------------------------------------------- storage, logical addresses

  fetch1(a: number): number {
    const at = this.readMap[a >>> BLOCK_SHIFT]! + a;
    return at >= 0 ? this.bytes[at]! : this.bytes[this.mapRead(a)]!;
  }

  /** Two bytes, unsigned. */
  fetch2(a: number): number {
    const at = this.readMap[a >>> BLOCK_SHIFT]! + a;
    if (at >= 0 && (a & OFFSET) < OFFSET) return this.view.getUint16(at);
    return (this.fetch1(a) << 8) | this.fetch1((a + 1) & 0xffffff);
  }

  /** Four bytes, signed. */
  fetch4(a: number): number {
    const at = this.readMap[a >>> BLOCK_SHIFT]! + a;
    if (at >= 0 && (a & OFFSET) <= BLOCK - 4) return this.view.getInt32(at);
    return (this.fetch2(a) << 16) | this.fetch2((a + 2) & 0xffffff);
  }

  store1(a: number, value: number): void {
    const at = this.writeMap[a >>> BLOCK_SHIFT]! + a;
    this.bytes[at >= 0 ? at : this.mapWrite(a)] = value;
  }

  store2(a: number, value: number): void {
    const at = this.writeMap[a >>> BLOCK_SHIFT]! + a;
    if (at >= 0 && (a & OFFSET) < OFFSET) {
      this.view.setInt16(at, value);
      return;
    }
    this.checkStore(a, 2);
    this.store1(a, value >> 8);
    this.store1((a + 1) & 0xffffff, value);
  }

  store4(a: number, value: number): void {
    const at = this.writeMap[a >>> BLOCK_SHIFT]! + a;
    if (at >= 0 && (a & OFFSET) <= BLOCK - 4) {
      this.view.setInt32(at, value);
      return;
    }
    this.checkStore(a, 4);
    this.store2(a, value >> 16);
    this.store2((a + 2) & 0xffffff, value);
  }

  /** Copies `length` (1 … 256) operand bytes to `into`; every byte is checked before the first is delivered. */
  load(a: number, length: number, into: Uint8Array): void {
    this.checkFetch(a, length);
    for (let i = 0; i < length; i++) into[i] = this.fetch1((a + i) & 0xffffff);
  }

  /** Stores `length` (1 … 256) bytes of `from`; every byte is checked before the first is stored. */
  store(a: number, length: number, from: Uint8Array): void {
    this.checkStore(a, length);
    for (let i = 0; i < length; i++) this.store1((a + i) & 0xffffff, from[i]!);
  }

  /** Faults unless `length` (1 … 256) bytes from `a` may be fetched. */
  checkFetch(a: number, length: number): void {
    this.absoluteForFetch(a);
    if ((a & OFFSET) + length > BLOCK) this.absoluteForFetch((a + length - 1) & 0xffffff);
  }

  /** Faults unless `length` (1 … 256) bytes from `a` may be stored into. */
  checkStore(a: number, length: number): void {
    this.absoluteForStore(a);
    if ((a & OFFSET) + length > BLOCK) this.absoluteForStore((a + length - 1) & 0xffffff);
  }

  /** Absolute address of the byte at `a`, which may be fetched; valid to the end of its 2 K block. */
  absoluteForFetch(a: number): number {
    const at = this.readMap[a >>> BLOCK_SHIFT]! + a;
    return at >= 0 ? at : this.mapRead(a);
  }

  /** Absolute address of the byte at `a`, which may be stored into; valid to the end of its 2 K block. */
  absoluteForStore(a: number): number {
    const at = this.writeMap[a >>> BLOCK_SHIFT]! + a;
    return at >= 0 ? at : this.mapWrite(a);
  }

  private mapRead(a: number): number {
    const at = this.locate(a);
    const block = at >>> BLOCK_SHIFT;
    const key = this.storage.keys[block]!;
    if ((key & KEY_FETCH) !== 0 && this.key !== 0 && key >> 4 !== this.key) this.program(PROTECTION);
    this.storage.keys[block] = key | KEY_REFERENCE;
    this.readMap[a >>> BLOCK_SHIFT] = at - a;
    return at;
  }

  private mapWrite(a: number): number {
    const at = this.locate(a);
    const block = at >>> BLOCK_SHIFT;
    const key = this.storage.keys[block]!;
    if (this.key !== 0 && key >> 4 !== this.key) this.program(PROTECTION);
    this.storage.keys[block] = key | KEY_REFERENCE | KEY_CHANGE;
    this.storage.dirty[block] = 1;
    if (this.perStoreWatch) this.perStoreWatch(a);
    if (!this.perWatchesStores) this.writeMap[a >>> BLOCK_SHIFT] = at - a;
    return at;
  }

  /** Absolute address of logical address `a`, or a fault. */
  private locate(a: number): number {
    const at = this.absolute(this.translating ? this.translate(a) : a);
    if (at >= this.storage.size) this.program(ADDRESSING);
    return at;
  }

  // ---------------------------------------------------------------- real and absolute addresses

  /** Prefixing: the first 4 K of real storage and the 4 K at the prefix change places. */
  absolute(real: number): number {
    const page = real & 0xfff000;
    if (page === 0) return real + this.prefix;
    return page === this.prefix ? real & 0xfff : real;
  }

  /** Unsigned 2 or 4 bytes at a real address, or −1 outside storage. Without key check: hardware's own access. */
  fetchReal(real: number, size: 2 | 4): number {
    const at = this.absolute(real & 0xffffff);
    if (at + size > this.storage.size) return -1;
    this.storage.keys[at >>> BLOCK_SHIFT]! |= KEY_REFERENCE;
    return size === 4 ? this.view.getUint32(at) : this.view.getUint16(at);
  }

  /** Stores a word at a real address in storage. Without key check: hardware's own access. */
  storeReal4(real: number, value: number): void {
    const at = this.absolute(real);
    this.storage.keys[at >>> BLOCK_SHIFT]! |= KEY_REFERENCE | KEY_CHANGE;
    this.storage.dirty[at >>> BLOCK_SHIFT] = 1;
    this.view.setInt32(at, value);
  }

  /** As `storeReal4`, two bytes. */
  storeReal2(real: number, value: number): void {
    const at = this.absolute(real);
    this.storage.keys[at >>> BLOCK_SHIFT]! |= KEY_REFERENCE | KEY_CHANGE;
    this.storage.dirty[at >>> BLOCK_SHIFT] = 1;
    this.view.setInt16(at, value);
  }

  // ---------------------------------------------------------------- translation

  /** Real address for virtual address `a`, from the buffer or by a walk, which is charged; or a fault. */
  private translate(a: number): number {
    const shift = translationFormat(this.cr[0]!)?.pageShift ?? 12;
    const known = this.buffer.find(a >>> shift);
    if (known) return known.frame | (a & ((1 << shift) - 1));
    this.spend(this.costs['table-walk']);
    this.ledger.charge(account('hardware', 'address-translation'), this.costs['table-walk']);
    const walk = this.walk(a);
    if (walk.code !== 0) {
      this.faultAddress = a;
      this.program(walk.code);
    }
    const mask = (1 << shift) - 1;
    const real = (walk as { real: number }).real;
    const evicted = this.buffer.insert({ page: a >>> shift, frame: real & ~mask });
    if (evicted) this.unmapPage(evicted, shift);
    return real;
  }

  /** Walks the tables; VM assist may put in place what is missing in those of a virtual machine. */
  private walk(a: number): Walk {
    const walk = walkTables(a, this.cr[0]!, this.cr[1]!, this.tableEntry);
    if (!this.assist || (walk.code !== SEGMENT_TRANSLATION && walk.code !== PAGE_TRANSLATION)) return walk;
    return this.assist.validate(a) ? walkTables(a, this.cr[0]!, this.cr[1]!, this.tableEntry) : walk;
  }
  private readonly tableEntry = (at: number, size: 2 | 4): number => this.fetchReal(at, size);

  /** Empties the translation buffer and all that was derived from it: PTLB, or a change of tables. */
  purgeTranslationBuffer(): void {
    const shift = translationFormat(this.cr[0]!)?.pageShift ?? 12;
    for (const entry of this.buffer.contents) this.unmapPage(entry, shift);
    // The format may have changed since the entries were made: then clear whole maps.
    this.buffer.purge();
    this.codeStart = NOWHERE;
  }

  /** Forgets all translated blocks, whatever their page size: after a change of CR0's format bits. */
  dropTranslatedMaps(): void {
    this.buffer.purge();
    this.regimes.forEach((maps, index) => {
      if ((index & 16) !== 0) {
        maps?.read.fill(INVALID);
        maps?.write.fill(INVALID);
      }
    });
    this.codeStart = NOWHERE;
  }

  private unmapPage(entry: BufferEntry, shift: number): void {
    const first = (entry.page << shift) >>> BLOCK_SHIFT;
    const blocks = 1 << (shift - BLOCK_SHIFT);
    this.regimes.forEach((maps, index) => {
      if ((index & 16) === 0) return;
      maps?.read.fill(INVALID, first, first + blocks);
      maps?.write.fill(INVALID, first, first + blocks);
    });
    this.codeStart = NOWHERE;
  }

  /** Forgets what is known of the block at absolute address `at`: its key has changed. */
  dropBlock(at: number): void {
    const block = this.absolute(at) >>> BLOCK_SHIFT; // prefixing is its own inverse
    this.regimes.forEach((maps, index) => {
      if ((index & 16) !== 0) return;
      maps?.read.fill(INVALID, block, block + 1);
      maps?.write.fill(INVALID, block, block + 1);
    });
    const shift = translationFormat(this.cr[0]!)?.pageShift ?? 12;
    for (const entry of this.buffer.contents) this.unmapPage(entry, shift);
    this.codeStart = NOWHERE;
  }

  /** Sees the next store into every block again: what was stored so far has been saved. */
  dropWriteMaps(): void {
    for (const maps of this.regimes) maps?.write.fill(INVALID);
  }

  /** Forgets everything: after a restore or a change of prefix. */
  dropMaps(): void {
    for (const maps of this.regimes) {
      maps?.read.fill(INVALID);
      maps?.write.fill(INVALID);
    }
    this.codeStart = NOWHERE;
  }
}
