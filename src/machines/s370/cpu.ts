/**
 * The System/370 processor: registers, PSW, and the loop that executes instructions. How it reaches storage
 * is storage-access.ts.
 *
 * Time: `left` counts the cycles to the next point where something else than instructions wants attention
 * (`horizon`), so `clock` = `horizon` − `left`.
 */
import { Ledger, type Clock } from '../../accounting/ledger.ts';
import { account } from '../../accounting/vocabulary.ts';
import { PER_ADDRESS, PER_CODE, SPECIFICATION } from './assigned-storage.ts';
import type { Channels } from './channels/channels.ts';
import { Clocks } from './clocks.ts';
import { branchOnCondition, branchOnCount } from './instructions/branching.ts';
import { handlersFor, opcodeCosts } from './instructions/dispatch.ts';
import { add, load, loadAddress, store } from './instructions/general.ts';
import type { Execute } from './instructions/row.ts';
import { costTable, type CostTable, type Model } from './models.ts';
import { packPsw, type Psw } from './psw.ts';
import { BLOCK, type Storage } from './storage.ts';
import { StorageAccess } from './storage-access.ts';

const GUEST_KERNEL = account('guest-kernel', 'direct');
const GUEST_USER = account('guest-user', 'direct');

/** Bits of control register 0 that choose page and segment size. */
const TRANSLATION_FORMAT = 0x00f8_0000;
const OFFSET = BLOCK - 1;

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
export class Cpu extends StorageAccess implements Clock {
  readonly model: Model;
  readonly costs: CostTable;
  readonly ledger: Ledger;
  readonly gr = new Int32Array(16);
  /** Floating-point registers 0, 2, 4, 6 as pairs of words: register r is words r (high) and r + 1. */
  readonly fpr = new Uint32Array(8);

  // The PSW, taken apart, beside what decides how storage is reached.
  machineCheckMask = false;
  wait = false;
  problemState = false;
  cc = 0;
  programMask = 0;
  ia = 0;
  /** A PSW with nonzero unassigned bits was loaded: specification exception before the next instruction. */
  pswInvalid = false;
  private pswUnassigned = 0;

  horizon = 0;
  left = 0;
  instructions = 0;

  /** Address of the instruction being executed, and its length in bytes. */
  instructionAddress = 0;
  instructionBytes = 0;

  /** Host software, if there is any; without it the machine's own programs take every interruption. */
  host: Host | null = null;
  /** The interruption that awaits the host at the end of the loop. */
  hostCall: Interruption | null = null;
  /** Hears each operation that the assist has done, by its instruction word, while somebody looks. */
  onAssist: ((word: number) => void) | null = null;
  /** Hears each interruption with the old PSW's words, while somebody looks. */
  onInterruption: ((interruption: Interruption, oldHigh: number, oldLow: number) => void) | null = null;
  /** A branch was taken since PER last looked. */
  branched = false;
  /** Called when masks changed so that a pending interruption may now be due. */
  masksChanged: () => void = () => undefined;

  private readonly opcodeCosts: Int32Array;
  private handlers: readonly Execute[] = handlersFor(false);
  readonly clocks: Clocks;
  /** The channels, once the machine has attached them. */
  channels!: Channels;
  private codeAbsolute = 0;
  /** Absolute address of the current instruction's bytes (in the scratch area for subjects of EX and straddlers). */
  private subject = 0;
  private readonly straddle: number;
  /** Scratch copy of the subject instruction of EX. */
  readonly executeScratch: number;

  constructor(model: Model, storage: Storage) {
    super(storage, model.translationBufferEntries);
    this.model = model;
    this.costs = costTable(model);
    this.opcodeCosts = opcodeCosts(this.costs);
    this.straddle = storage.size + 64;
    this.executeScratch = storage.size + 128;
    this.clocks = new Clocks(this, model.cyclePicoseconds);
    this.ledger = new Ledger(this, GUEST_KERNEL);
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

  /** Follows a change of key, translation, PER or state: maps of storage and handlers of instructions. */
  regimeChanged(): void {
    this.selectMaps();
    this.handlers = handlersFor(this.problemState);
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
  /** The instruction in execution is the subject of EX. */
  get isSubject(): boolean {
    return this.subject === this.executeScratch;
  }

  executeSubject(): void {
    this.subject = this.executeScratch;
    const word = this.view.getInt32(this.executeScratch);
    this.left -= this.opcodeCosts[word >>> 24]!;
    this.handlers[word >>> 24]!(this, word);
  }
}
