/**
 * The System/370 processor: registers, PSW, access to storage, and the loop that executes instructions.
 *
 * Storage is reached through maps of 2 K blocks: an entry holds (absolute − logical) for a block that may be read (or
 * stored into) under the current key and translation, so that one addition and one sign test cover translation,
 * protection and addressing. Whatever changes one of these drops the entries concerned; the next access takes the slow
 * way, sets the reference and change bits and enters the block again.
 *
 * Time: `left` counts the cycles to the next point where something else than instructions wants attention
 * (`horizon`), so `clock` = `horizon` − `left`.
 */
import { Ledger, type Clock } from '../../accounting/ledger.ts';
import { account } from '../../accounting/vocabulary.ts';
import {
  ADDRESSING,
  PAGE_TRANSLATION,
  PER_ADDRESS,
  PER_CODE,
  PROTECTION,
  SEGMENT_TRANSLATION,
  SPECIFICATION,
} from './assigned-storage.ts';
import type { Channels } from './channels/channels.ts';
import { Clocks } from './clocks.ts';
import { branchOnCondition, branchOnCount } from './instructions/branching.ts';
import { handlersFor, opcodeCosts } from './instructions/dispatch.ts';
import { add, load, loadAddress, store } from './instructions/general.ts';
import type { Execute } from './instructions/row.ts';
import { costTable, type CostTable, type Model } from './models.ts';
import { packPsw, PSW_DAT, PSW_PER, type Psw } from './psw.ts';
import { BLOCK, BLOCK_SHIFT, KEY_CHANGE, KEY_FETCH, KEY_REFERENCE, type Storage } from './storage.ts';
import type { VmAssist } from './assist/vm-assist.ts';
import {
  TranslationBuffer,
  translationFormat,
  walkTables,
  type BufferEntry,
  type Walk,
} from './translation.ts';

/** Thrown by a fault in the middle of an instruction; `Cpu.faultCode` says which. One object: nothing to allocate. */
export const FAULT = Object.freeze({ fault: true });

const GUEST_KERNEL = account('guest-kernel', 'direct');
const GUEST_USER = account('guest-user', 'direct');

/** Storage-alteration event bit of control register 9. */
const PER_STORES = 0x2000_0000;

/** Bits of control register 0 that choose page and segment size. */
const TRANSLATION_FORMAT = 0x00f8_0000;

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

/** An interruption as the program whose new PSW is in place learns of it. */
export interface Interruption {
  readonly class: 'program' | 'svc' | 'external' | 'io' | 'restart' | 'machine-check';
  /** Program, SVC or external code; I/O address. */
  readonly code: number;
}

/** Host software in TypeScript: the program that the new PSWs of this machine lead to. */
export interface Host {
  /** Called with the old PSW stored and the new one loaded. Ends by loading the PSW that shall run next. */
  interruption(interruption: Interruption): void;
}

export class Cpu implements Clock {
  readonly model: Model;
  readonly costs: CostTable;
  readonly storage: Storage;
  readonly ledger: Ledger;
  readonly gr = new Int32Array(16);
  /** Floating-point registers 0, 2, 4, 6 as pairs of words: register r is words r (high) and r + 1. */
  readonly fpr = new Uint32Array(8);
  readonly cr = new Int32Array(16);

  // The PSW, taken apart. `systemMask` is byte 0 as it stands.
  extendedControl = false;
  systemMask = 0;
  key = 0;
  machineCheckMask = false;
  wait = false;
  problemState = false;
  cc = 0;
  programMask = 0;
  ia = 0;
  /** A PSW with nonzero unassigned bits was loaded: specification exception before the next instruction. */
  pswInvalid = false;
  private pswUnassigned = 0;

  prefix = 0;
  horizon = 0;
  left = 0;
  instructions = 0;

  /** Address of the instruction being executed, and its length in bytes. */
  instructionAddress = 0;
  instructionBytes = 0;
  faultCode = 0;
  /** Logical address that a translation exception reports. */
  faultAddress = 0;

  /** Host software, if there is any; without it the machine's own programs take every interruption. */
  host: Host | null = null;
  /** The interruption that awaits the host at the end of the loop. */
  hostCall: Interruption | null = null;
  /**
   * VM assist: microcode that may do a privileged operation of the problem state itself, or null. What it leaves goes
   * the way of the program interruption.
   */
  assist: VmAssist | null = null;
  /** Hears each operation that the assist has done, by its instruction word, while somebody looks. */
  onAssist: ((word: number) => void) | null = null;
  /** Hears each interruption with the old PSW's words, while somebody looks. */
  onInterruption: ((interruption: Interruption, oldHigh: number, oldLow: number) => void) | null = null;
  /** Called when masks changed so that a pending interruption may now be due. */
  masksChanged: () => void = () => undefined;

  readonly view: DataView;
  readonly bytes: Uint8Array;
  private readonly opcodeCosts: Int32Array;
  private handlers: readonly Execute[] = handlersFor(false);
  readonly buffer: TranslationBuffer;
  readonly clocks: Clocks;
  /** The channels, once the machine has attached them. */
  channels!: Channels;
  private readonly regimes: (Maps | undefined)[] = [];
  /** The maps of the regime in force. */
  private readMap: Int32Array;
  private writeMap: Int32Array;
  private codeStart = NOWHERE;
  private codeAbsolute = 0;
  /** Absolute address of the current instruction's bytes (in the scratch area for subjects of EX and straddlers). */
  private subject = 0;
  private readonly straddle: number;
  /** Scratch copy of the subject instruction of EX. */
  readonly executeScratch: number;

  constructor(model: Model, storage: Storage) {
    this.model = model;
    this.costs = costTable(model);
    this.opcodeCosts = opcodeCosts(this.costs);
    this.storage = storage;
    this.view = storage.view;
    this.bytes = storage.bytes;
    this.buffer = new TranslationBuffer(model.translationBufferEntries);
    this.straddle = storage.size + 64;
    this.executeScratch = storage.size + 128;
    this.clocks = new Clocks(this, model.cyclePicoseconds);
    this.ledger = new Ledger(this, GUEST_KERNEL);
    ({ read: this.readMap, write: this.writeMap } = this.regime(0));
  }

  get clock(): number {
    return this.horizon - this.left;
  }

  /** Makes the loop come back after one instruction; the clock stays true. */
  executeOne(): void {
    if (this.left <= 1) return;
    this.horizon -= this.left - 1;
    this.left = 1;
  }

  /** Passes `cycles` beyond the instruction's own. */
  spend(cycles: number): void {
    this.left -= cycles;
  }

  /** Makes the loop come back after the current instruction; the clock stays true. */
  leaveLoop(): void {
    if (this.left > 0) {
      this.horizon -= this.left;
      this.left = 0;
    }
  }

  // ---------------------------------------------------------------- PSW

  get translating(): boolean {
    return this.extendedControl && (this.systemMask & PSW_DAT) !== 0;
  }

  get perEnabled(): boolean {
    return this.extendedControl && (this.systemMask & PSW_PER) !== 0;
  }

  get psw(): Psw {
    return this.pswWith(0, 0);
  }

  private pswWith(interruptionCode: number, instructionLengthCode: number): Psw {
    return {
      extendedControl: this.extendedControl,
      systemMask: this.systemMask,
      key: this.key,
      machineCheckMask: this.machineCheckMask,
      wait: this.wait,
      problemState: this.problemState,
      conditionCode: this.cc,
      programMask: this.programMask,
      instructionAddress: this.ia,
      interruptionCode,
      instructionLengthCode,
      valid: !this.pswInvalid,
      unassigned: this.pswUnassigned,
    };
  }

  /** Puts `psw` in force. An enabled pending interruption or the wait state takes effect after this instruction. */
  setPsw(psw: Psw): void {
    this.extendedControl = psw.extendedControl;
    this.machineCheckMask = psw.machineCheckMask;
    this.wait = psw.wait;
    this.problemState = psw.problemState;
    this.cc = psw.conditionCode;
    this.programMask = psw.programMask;
    this.ia = psw.instructionAddress;
    this.pswInvalid = !psw.valid;
    this.pswUnassigned = psw.unassigned;
    this.systemMask = psw.systemMask;
    this.key = psw.key;
    this.regimeChanged();
    if (psw.wait || !psw.valid || this.perEnabled) this.leaveLoop();
    else this.masksChanged();
  }

  /** Replaces byte 0 of the PSW: SSM, STNSM, STOSM. In EC mode unassigned bits must be zero. */
  setSystemMask(mask: number): void {
    this.systemMask = mask;
    if (this.extendedControl) {
      this.pswInvalid = (mask & 0xb8) !== 0;
      this.regimeChanged();
      if (this.pswInvalid || this.perEnabled) {
        this.leaveLoop();
        return;
      }
    }
    this.masksChanged();
  }

  /** Loads a control register and lets what depends on it follow. */
  setControl(register: number, value: number): void {
    const before = this.cr[register]!;
    this.cr[register] = value;
    if (before === value) return;
    if (register === 1 || (register === 0 && ((before ^ value) & TRANSLATION_FORMAT) !== 0))
      this.dropTranslatedMaps();
    if (register === 9) this.regimeChanged();
    if (register === 0) this.timingChanged();
    this.masksChanged();
  }

  /** The next timer event may have moved: the loop comes back to look. */
  timingChanged(): void {
    this.leaveLoop();
  }

  /** Sets the key of the block at absolute address `at`, reference and change bits included. */
  setKey(at: number, key: number): void {
    if (this.storage.keys[at >>> BLOCK_SHIFT] === key) return;
    this.storage.keys[at >>> BLOCK_SHIFT] = key;
    this.dropBlock(at);
  }

  /** Selects the maps for the key, translation and PER that are now in force. */
  regimeChanged(): void {
    const watched = this.perEnabled && (this.cr[9]! & 0x2000_0000) !== 0;
    this.handlers = handlersFor(this.problemState);
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

  /** The PSW as two words; `code` and the instruction-length code are stored in BC mode only. */
  pswWords(code: number): readonly [number, number] {
    return packPsw(this.extendedControl ? this.psw : this.pswWith(code, this.instructionBytes >> 1));
  }

  /** Without host software: books what follows to the guest's kernel or user, as the PSW says. */
  openAccount(): void {
    this.ledger.enter(this.problemState ? GUEST_USER : GUEST_KERNEL);
  }

  /** Stores the PER code and address of a PER event. */
  storePerCode(code: number, address: number): void {
    this.view.setUint16(this.absolute(PER_CODE), code << 8);
    this.storeReal4(PER_ADDRESS, address);
  }

  // ---------------------------------------------------------------- faults

  /** Ends the instruction with a program interruption. */
  program(code: number): never {
    this.faultCode = code;
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- a guest's fault is no error of ours
    throw FAULT;
  }

  // ---------------------------------------------------------------- operands

  /** Second-operand address of an RX instruction. */
  indexed(word: number): number {
    const x = (word >>> 16) & 15;
    const b = (word >>> 12) & 15;
    let address = word & 0xfff;
    if (x !== 0) address += this.gr[x]!;
    if (b !== 0) address += this.gr[b]!;
    return address & 0xffffff;
  }

  /** Address that a base-and-displacement halfword gives: RS, SI, S, SS. */
  based(half: number): number {
    const b = (half >>> 12) & 15;
    return ((b === 0 ? 0 : this.gr[b]!) + (half & 0xfff)) & 0xffffff;
  }

  /** First four bytes of the instruction executed last. */
  executedWord(): number {
    return this.view.getInt32(this.subject);
  }

  /** Bytes 4 and 5 of the current instruction (SS formats). */
  thirdHalfword(): number {
    return this.view.getUint16(this.subject + 4);
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

  /** A branch was taken since PER last looked. */
  branched = false;
  /** Set while PER watches stores: hears each one, since no block then enters the write map. */
  perStoreWatch: ((address: number) => void) | null = null;

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

  // ---------------------------------------------------------------- execution

  /** Executes until `left` is used up or a fault throws. */
  execute(): void {
    const { opcodeCosts: costs, view } = this;
    while (this.left > 0) {
      const ia = this.ia;
      const offset = ia - this.codeStart;
      this.instructionAddress = ia;
      // As an unsigned number a negative offset is too large as well.
      const subject =
        offset >>> 0 <= BLOCK - 6 && (offset & 1) === 0 ? this.codeAbsolute + offset : this.locateCode(ia);
      this.subject = subject;
      const word = view.getInt32(subject);
      const opcode = word >>> 24;
      const length = opcode < 0x40 ? 2 : opcode < 0xc0 ? 4 : 6;
      this.instructionBytes = length;
      this.ia = (ia + length) & 0xffffff;
      this.instructions++;
      this.left -= costs[opcode]!;
      // The most frequent ones by name, so that the compiler inlines them; a test holds them to the table.
      switch (opcode) {
        case 0x41:
          loadAddress(this, word);
          break;
        case 0x46:
          branchOnCount(this, word);
          break;
        case 0x47:
          branchOnCondition(this, word);
          break;
        case 0x50:
          store(this, word);
          break;
        case 0x58:
          load(this, word);
          break;
        case 0x5a:
          add(this, word);
          break;
        default:
          this.handlers[opcode]!(this, word);
      }
    }
  }

  /** Absolute address of the instruction at `ia`, which starts a new block or straddles two. */
  private locateCode(ia: number): number {
    // Should the fetch itself fail, the old PSW tells of an instruction of one halfword.
    this.instructionBytes = 2;
    this.ia = (ia + 2) & 0xffffff;
    const at = this.fetchCode(ia);
    this.ia = ia;
    return at;
  }

  private fetchCode(ia: number): number {
    if ((ia & 1) !== 0) this.program(SPECIFICATION);
    const at = this.absoluteForFetch(ia);
    this.codeStart = ia & ~OFFSET;
    this.codeAbsolute = at - (ia & OFFSET);
    if ((ia & OFFSET) <= BLOCK - 6) return at;
    const length = this.bytes[at]! < 0x40 ? 2 : this.bytes[at]! < 0xc0 ? 4 : 6;
    if ((ia & OFFSET) + length <= BLOCK) {
      this.bytes.copyWithin(this.straddle, at, at + length);
      return this.straddle;
    }
    for (let i = 0; i < length; i++) this.bytes[this.straddle + i] = this.fetch1((ia + i) & 0xffffff);
    return this.straddle;
  }

  /** EX: executes the instruction copied to `executeScratch` in place of itself; the address stays behind EX. */
  executeSubject(): void {
    this.subject = this.executeScratch;
    const word = this.view.getInt32(this.executeScratch);
    this.left -= this.opcodeCosts[word >>> 24]!;
    this.handlers[word >>> 24]!(this, word);
  }
}
