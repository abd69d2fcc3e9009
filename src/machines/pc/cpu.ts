/**
 * The IA-32 processor: registers, access to memory, and the loop that executes decoded blocks.
 *
 * Memory is reached through maps by linear page (see tlb.ts): one lookup covers translation, rights and presence.
 * Whatever changes one of these drops the entries concerned; the next access takes the slow way of paging.ts.
 *
 * Time: `left` counts the cycles to the next point where something else than instructions wants attention
 * (`horizon`), so `clock` = `horizon` − `left`. A block is charged, counted and stepped over when it is entered; what
 * reads the clock or EIP therefore ends its block, and a fault or an early end takes back what was not executed.
 */
import { Ledger, type Clock } from '../../accounting/ledger.ts';
import { account } from '../../accounting/vocabulary.ts';
import { BlockCache, type Block } from './blocks.ts';
import { NO_BREAKPOINTS } from './debug.ts';
import { FLAG_AC, FLAG_ID, FLAG_IF, FLAG_RESERVED, FLAG_RF, FLAG_TF, KNOWN_FLAGS } from './eflags.ts';
import { GP, RETRY } from './exceptions.ts';
import type { Decoded, Row } from './instructions/row.ts';
import { PAGE_SHIFT, type PhysicalMemory } from './memory.ts';
import { costTable, type CostTable, type Feature, type Model } from './models/classes.ts';
import { loadSlow, storeSlow, updateSlow } from './paging.ts';
import { Performance } from './performance.ts';
import { CR0_AM, CS, FAULT, ESP, EIP, EFLAGS, SS, NO_SEGMENT } from './registers.ts';
import { checkRead, checkWrite, LOWEST } from './segment-checks.ts';
import { Trail } from './trail.ts';
import { NOBODY, type ApicBase, type InterruptKind, type PhysicalBus, type Ports } from './wiring.ts';
import { pageMap, Tlb, type PageMap } from './tlb.ts';
import type { PcHost, Rest } from './system.ts';
import { Vmx, type GuestMode } from './vmx/unit.ts';
import { X87 } from './x87/unit.ts';

const GUEST_KERNEL = account('guest-kernel', 'direct');
const GUEST_USER = account('guest-user', 'direct');
/** Programs in VMX non-root operation, where the hypervisor is itself a program of this machine. */
const NON_ROOT = {
  kernel: account('guest-kernel', 'direct', 1),
  user: account('guest-user', 'direct', 1),
};
const OFFSET = 4095;

/** Leads nowhere: every access takes the slow way. */
const EMPTY_MAP: PageMap = pageMap();

export class Cpu implements Clock {
  readonly model: Model;
  readonly costs: CostTable;
  /** What a taken branch costs more: a field of its own, for nothing is asked more often. */
  readonly takenCost: number;
  readonly features: ReadonlySet<Feature>;
  readonly x87: X87;
  readonly memory: PhysicalMemory;
  readonly ledger: Ledger;
  readonly view: DataView;
  readonly bytes: Uint8Array;
  /** Registers as 32-bit words, 16-bit halves (register r at 2 r) and bytes (AL at 0, AH at 1, CL at 4 …). */
  readonly words: Int32Array;
  readonly halves: Uint16Array;
  readonly octets: Uint8Array;
  lazy = false;

  readonly selectors = new Uint16Array(6);
  readonly bases = new Int32Array(6);
  readonly limits = new Uint32Array(6);
  /** Access byte of each segment, and in bits 14 and 15 the descriptor's D/B and G; 0 = null selector. */
  readonly access = new Int32Array(6);
  /**
   * By segment, with the sign bit flipped so that they compare as they are: offsets below may be read from (stored into)
   * without a check, whatever the size of the access.
   */
  readonly readReach = new Int32Array(6).fill(LOWEST);
  readonly writeReach = new Int32Array(6).fill(LOWEST);
  /** What ESP counts within: all 32 bits, or 16 if the stack segment's B bit is 0. */
  stackMask = 0xffff;
  /** Default operand and address size of the code segment. */
  code32 = false;

  gdtBase = 0;
  gdtLimit = 0xffff;
  idtBase = 0;
  idtLimit = 0xffff;
  ldt = NO_SEGMENT;
  task = NO_SEGMENT;
  cr0 = 0x10;
  cr2 = 0;
  cr3 = 0;
  cr4 = 0;
  /** With PAE: the page-directory-pointer table as it was when CR3 was loaded. */
  pagePointers: readonly number[] = [0, 0, 0, 0];
  readonly dr = new Int32Array([0, 0, 0, 0, 0, 0, 0xffff0ff0 | 0, 0x400]);
  /** Model-specific registers that hold what was written into them. */
  readonly msr = new Map<number, readonly [low: number, high: number]>();
  /** Cycles that the time-stamp counter is ahead of the clock. */
  timeStampOffset = 0;
  cpl = 0;
  /** CR0.PE and EFLAGS.VM, CR0.PG, as they are asked all the time. */
  protectedMode = false;
  virtual8086 = false;
  paging = false;
  /** A20M#: whether line A20 is let through; and all bits but 20 while it is not. */
  a20Line = true;
  a20Mask = -1;

  /** What DR7 asks for, and the data and port breakpoints that the current instruction has hit. */
  breakpoints = NO_BREAKPOINTS;
  debugHits = 0;
  /** CR0.AM and EFLAGS.AC at CPL 3: accesses must lie at multiples of their size. */
  alignmentCheck = false;
  /** Bits of EFLAGS that this model has. */
  readonly knownFlags: number;
  readonly performance = new Performance();
  readonly trail = new Trail();

  /** VT-x: its registers, and the controls of the guest that runs; null: none does. */
  readonly vmx = new Vmx();
  guest: GuestMode | null = null;
  /** Where a guest's page fault was: CR2 changes only when it is delivered. */
  faultAddress = 0;

  halted = false;
  /** Host software in TypeScript has come to rest: until devices have been looked at, or until an interrupt waits. */
  resting: Rest | null = null;
  /** The next instruction executes before interrupts are looked at: after STI and loads of SS. */
  shadow = false;
  /** … and before the single-step trap: after loads of SS only. */
  trapShadow = false;
  /** A non-maskable interrupt waits; and one is being served, so that the next waits for IRET. SDM vol. 3A, section 6.7. */
  nmiWaits = false;
  nmiBlocked = false;
  /** What held interrupts off before the instruction in execution, as the VMCS tells it. */
  blocking = 0;
  /** Why the processor cannot go on: a fault while delivering a double fault. */
  shutdown = '';

  horizon = 0;
  left = 0;
  instructions = 0;

  faultVector = 0;
  /** Error code of the fault, or −1 if its vector has none. */
  faultError = 0;

  readonly readSupervisor = pageMap();
  readonly writeSupervisor: PageMap;
  readonly readUser = pageMap();
  readonly writeUser: PageMap;
  readonly fetchSupervisor = pageMap();
  readonly fetchUser = pageMap();
  /** What the processor's own accesses go by, whatever CPL is. */
  readSystem: PageMap = this.readSupervisor;
  writeSystem: PageMap;
  read: PageMap = this.readSupervisor;
  write: PageMap;
  fetch: PageMap = this.fetchSupervisor;
  readonly instructionTlb: Tlb;
  readonly dataTlb: Tlb;
  readonly blocks: BlockCache;

  /** Exceptions and interrupts delivered since the machine was switched on. */
  deliveries = 0;
  /** Hears each exception and interrupt as it is delivered, while somebody looks. */
  onInterrupt: ((vector: number, kind: InterruptKind) => void) | null = null;
  /** Hears when the program has the translation buffers forget a page (its linear address), or all (null). */
  onForget: ((page: number | null) => void) | null = null;
  /** Host software, if there is any; without it the machine's own programs take every interrupt. */
  host: PcHost | null = null;
  /** Where the cycles of programs go: of level 3, and of the levels below. */
  accounts = { kernel: GUEST_KERNEL, user: GUEST_USER };
  /** Instructions that somebody wants to hear of before they execute; blocks are decoded anew when this changes. */
  watched: {
    readonly rows: ReadonlySet<Row>;
    readonly hear: (instruction: Decoded) => void;
  } | null = null;
  ports!: Ports;
  bus: PhysicalBus = NOBODY;
  /** Null: there is no local APIC. */
  apic: ApicBase | null = null;
  /** INTR: whether an external interrupt waits. */
  interruptWaits: () => boolean = () => false;
  /** The acknowledge cycle: the vector of the interrupt that waits. */
  acknowledge: () => number = () => 0;
  /** FERR# rises with an x87 exception that is not masked while CR0.NE is 0; the answer is IGNNE#: go on. */
  coprocessorError: (high: boolean) => boolean = () => true;

  /** The block in execution, the index within it, and how many of its instructions shall still run. */
  private block: Block;
  private index = 0;
  private blockEnd = 0;

  /** @param onStore hears of every store before it is made: no page ever stands in a write map */
  constructor(
    model: Model,
    memory: PhysicalMemory,
    x87 = new X87(),
    onStore: ((at: number, size: number) => void) | null = null,
  ) {
    this.model = model;
    this.x87 = x87;
    this.costs = costTable(model);
    this.takenCost = this.costs.taken;
    this.features = new Set(model.features);
    this.knownFlags = this.features.has('cpuid') ? KNOWN_FLAGS : KNOWN_FLAGS & ~FLAG_ID;
    this.memory = memory;
    this.view = memory.view;
    this.bytes = memory.bytes;
    this.words = memory.registers;
    this.halves = new Uint16Array(this.words.buffer, this.words.byteOffset, 16);
    this.octets = new Uint8Array(this.words.buffer, this.words.byteOffset, 32);
    this.words[EFLAGS] = FLAG_RESERVED;
    this.writeSupervisor = onStore ? EMPTY_MAP : pageMap();
    this.writeUser = onStore ? EMPTY_MAP : pageMap();
    this.writeSystem = this.writeSupervisor;
    this.write = this.writeSupervisor;
    this.instructionTlb = new Tlb(model.instructionTlb, [this.fetchSupervisor, this.fetchUser]);
    this.dataTlb = new Tlb(model.dataTlb, [
      this.readSupervisor,
      this.writeSupervisor,
      this.readUser,
      this.writeUser,
    ]);
    this.blocks = new BlockCache(this, onStore);
    this.block = this.blocks.alone;
    this.ledger = new Ledger(this, GUEST_KERNEL);
  }

  // ---------------------------------------------------------------- time

  get clock(): number {
    return this.horizon - this.left;
  }

  /** Passes `cycles` beyond the instruction's own. */
  spend(cycles: number): void {
    this.left -= cycles;
    if (this.left <= 0) this.blockEnd = 0;
  }

  /** Leaves the loop if flags just loaded make something due: an interrupt that waits, a trap, RF. */
  flagsLoaded(): void {
    const flags = this.words[EFLAGS]!;
    if ((flags & (FLAG_TF | FLAG_RF)) !== 0 || ((flags & FLAG_IF) !== 0 && this.interruptWaits()))
      this.leaveLoop();
  }

  /** Makes the loop come back after the current instruction; the clock stays true. */
  leaveLoop(): void {
    this.blockEnd = 0;
    this.leaving = true;
  }
  private leaving = false;
  /** Whatever wanted attention has had it. */
  lookedAt(): void {
    this.leaving = false;
  }

  /** Cycles that programs still have before something else wants attention; 0 if it does already. */
  get remaining(): number {
    return this.leaving ? 0 : Math.max(0, this.left);
  }
  /** When something next happens by itself, as it was when the run was last looked at. */
  eventAt = Infinity;
  /** Cycles until then: how much of a run is left has no part in it. */
  get untilEvent(): number {
    return this.leaving ? 0 : Math.max(0, this.eventAt - this.clock);
  }

  /** Ends the current block after its current instruction: what follows may have been stored into. */
  leaveBlock(): void {
    this.blockEnd = 0;
  }

  // ---------------------------------------------------------------- registers

  get eip(): number {
    return this.words[EIP]!;
  }
  set eip(value: number) {
    this.words[EIP] = value;
  }

  /** Changes the current privilege level, and with it the maps and the account. */
  setCpl(cpl: number): void {
    this.cpl = cpl;
    const user = cpl === 3;
    this.fetch = user ? this.fetchUser : this.fetchSupervisor;
    this.selectMaps();
    this.performance.levelChanged(user, this.instructions, this.clock);
    const accounts = this.guest && !this.host ? NON_ROOT : this.accounts;
    this.ledger.enter(user ? accounts.user : accounts.kernel);
  }

  /** Chooses the maps of data: empty ones where each access wants to be looked at. */
  selectMaps(): void {
    const user = this.cpl === 3;
    const watched = this.breakpoints.data !== 0;
    this.alignmentCheck = user && (this.cr0 & CR0_AM) !== 0 && (this.words[EFLAGS]! & FLAG_AC) !== 0;
    const slow = watched || this.alignmentCheck;
    this.read = slow ? EMPTY_MAP : user ? this.readUser : this.readSupervisor;
    this.write = slow ? EMPTY_MAP : user ? this.writeUser : this.writeSupervisor;
    this.readSystem = watched ? EMPTY_MAP : this.readSupervisor;
    this.writeSystem = watched ? EMPTY_MAP : this.writeSupervisor;
  }

  /** Address of the instruction in execution, whose block has been stepped over already. */
  currentEip(): number {
    const { instructions } = this.block;
    let eip = this.words[EIP]!;
    for (let k = this.index; k < instructions.length; k++) eip -= instructions[k]!.length;
    return eip | 0;
  }

  /** Bytes of the instruction in execution; 0 between two. */
  currentLength(): number {
    return this.block.instructions[this.index]?.length ?? 0;
  }

  /** Forgets translations: MOV to CR3 keeps global ones (with CR4.PGE), other changes none. */
  flushTlbs(keepGlobal: boolean): void {
    this.onForget?.(null);
    this.instructionTlb.flush(keepGlobal);
    this.dataTlb.flush(keepGlobal);
  }

  // ---------------------------------------------------------------- faults

  /** Ends the instruction with an exception; `error` −1 = without an error code. */
  fault(vector: number, error = -1): never {
    this.faultVector = vector;
    this.faultError = error;
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- a guest's fault is no error of ours
    throw FAULT;
  }

  /** Ends the instruction without an effect; it is executed again after the next interrupt. */
  waitForInterrupt(): never {
    this.halted = true;
    return this.fault(RETRY);
  }

  /** General protection with error code 0, the most frequent one. */
  protection(): never {
    return this.fault(GP, 0);
  }

  // ---------------------------------------------------------------- memory by segment and offset

  load8(segment: number, offset: number): number {
    if ((offset ^ LOWEST) >= this.readReach[segment]!) checkRead(this, segment, offset, 1);
    return this.linear8((offset + this.bases[segment]!) | 0);
  }

  /** Two bytes, unsigned. */
  load16(segment: number, offset: number): number {
    if ((offset ^ LOWEST) >= this.readReach[segment]!) checkRead(this, segment, offset, 2);
    return this.linear16((offset + this.bases[segment]!) | 0);
  }

  /** Four bytes, signed. */
  load32(segment: number, offset: number): number {
    if ((offset ^ LOWEST) >= this.readReach[segment]!) checkRead(this, segment, offset, 4);
    const a = (offset + this.bases[segment]!) | 0;
    const page = ~this.read[a >>> PAGE_SHIFT]!;
    if (page >= 0 && (a & OFFSET) <= 4092) return this.view.getInt32(page + (a & OFFSET), true);
    return loadSlow(this, a, 4, this.cpl === 3);
  }

  store8(segment: number, offset: number, value: number): void {
    if ((offset ^ LOWEST) >= this.writeReach[segment]!) checkWrite(this, segment, offset, 1);
    const a = (offset + this.bases[segment]!) | 0;
    const page = ~this.write[a >>> PAGE_SHIFT]!;
    if (page >= 0) this.bytes[page + (a & OFFSET)] = value;
    else storeSlow(this, a, 1, value, this.cpl === 3);
  }

  store16(segment: number, offset: number, value: number): void {
    if ((offset ^ LOWEST) >= this.writeReach[segment]!) checkWrite(this, segment, offset, 2);
    const a = (offset + this.bases[segment]!) | 0;
    const page = ~this.write[a >>> PAGE_SHIFT]!;
    if (page >= 0 && (a & OFFSET) <= 4094) this.view.setInt16(page + (a & OFFSET), value, true);
    else storeSlow(this, a, 2, value, this.cpl === 3);
  }

  store32(segment: number, offset: number, value: number): void {
    if ((offset ^ LOWEST) >= this.writeReach[segment]!) checkWrite(this, segment, offset, 4);
    const a = (offset + this.bases[segment]!) | 0;
    const page = ~this.write[a >>> PAGE_SHIFT]!;
    if (page >= 0 && (a & OFFSET) <= 4092) this.view.setInt32(page + (a & OFFSET), value, true);
    else storeSlow(this, a, 4, value, this.cpl === 3);
  }

  /** Reads what will be stored into: afterwards a store of `size` bytes at the same place cannot fault. */
  update(segment: number, offset: number, size: 1 | 2 | 4): number {
    if ((offset ^ LOWEST) >= this.writeReach[segment]!) checkWrite(this, segment, offset, size);
    const a = (offset + this.bases[segment]!) | 0;
    const page = ~this.write[a >>> PAGE_SHIFT]!;
    if (page < 0 || (a & OFFSET) + size > 4096) return updateSlow(this, a, size, this.cpl === 3);
    const at = page + (a & OFFSET);
    if (size === 4) return this.view.getInt32(at, true);
    return size === 2 ? this.view.getUint16(at, true) : this.bytes[at]!;
  }

  // ---------------------------------------------------------------- memory by linear address

  private linear8(a: number): number {
    const page = ~this.read[a >>> PAGE_SHIFT]!;
    return page >= 0 ? this.bytes[page + (a & OFFSET)]! : loadSlow(this, a, 1, this.cpl === 3);
  }

  private linear16(a: number): number {
    const page = ~this.read[a >>> PAGE_SHIFT]!;
    if (page >= 0 && (a & OFFSET) <= 4094) return this.view.getUint16(page + (a & OFFSET), true);
    return loadSlow(this, a, 2, this.cpl === 3);
  }

  /** Access of the processor itself to tables and stacks of inner levels: as a supervisor, whatever CPL is. */
  system32(a: number): number {
    const page = ~this.readSystem[a >>> PAGE_SHIFT]!;
    if (page >= 0 && (a & OFFSET) <= 4092) return this.view.getInt32(page + (a & OFFSET), true);
    return loadSlow(this, a, 4, false);
  }

  system16(a: number): number {
    const page = ~this.readSystem[a >>> PAGE_SHIFT]!;
    if (page >= 0 && (a & OFFSET) <= 4094) return this.view.getUint16(page + (a & OFFSET), true);
    return loadSlow(this, a, 2, false);
  }

  system8(a: number): number {
    return loadSlow(this, a, 1, false);
  }

  storeSystem(a: number, size: 1 | 2 | 4, value: number): void {
    const page = ~this.writeSystem[a >>> PAGE_SHIFT]!;
    if (size === 4 && page >= 0 && (a & OFFSET) <= 4092) this.view.setInt32(page + (a & OFFSET), value, true);
    else storeSlow(this, a, size, value, false);
  }

  // ---------------------------------------------------------------- stack

  push32(value: number): void {
    const sp = this.words[ESP]!;
    const offset = (sp - 4) & this.stackMask;
    this.store32(SS, offset, value);
    this.words[ESP] = (sp & ~this.stackMask) | offset;
  }

  push16(value: number): void {
    const sp = this.words[ESP]!;
    const offset = (sp - 2) & this.stackMask;
    this.store16(SS, offset, value);
    this.words[ESP] = (sp & ~this.stackMask) | offset;
  }

  pop32(): number {
    const sp = this.words[ESP]!;
    const value = this.load32(SS, sp & this.stackMask);
    this.words[ESP] = (sp & ~this.stackMask) | ((sp + 4) & this.stackMask);
    return value;
  }

  pop16(): number {
    const sp = this.words[ESP]!;
    const value = this.load16(SS, sp & this.stackMask);
    this.words[ESP] = (sp & ~this.stackMask) | ((sp + 2) & this.stackMask);
    return value;
  }

  // ---------------------------------------------------------------- execution

  /** Executes until `left` is used up, something wants attention, or a fault throws. */
  execute(): void {
    this.leaving = false;
    while (this.left > 0 && !this.leaving) {
      const block = this.blocks.next();
      if (this.left > block.cycles) this.runBlock(block);
      else this.runAlone(block.instructions[0]!);
    }
  }

  /** Executes one instruction. */
  executeOne(): void {
    this.runAlone(this.blocks.single());
  }

  private runBlock(block: Block): void {
    const { instructions } = block;
    this.block = block;
    this.trail.enter(block, this.selectors[CS]!, this.code32, this.words[EIP]!);
    this.left -= block.cycles;
    this.instructions += instructions.length;
    this.words[EIP]! += block.bytes;
    this.blockEnd = instructions.length;
    let k = 0;
    do {
      this.index = k;
      const instruction = instructions[k++]!;
      instruction.execute(this, instruction);
    } while (k < this.blockEnd);
    if (k < instructions.length) {
      this.trail.cutShort(k);
      this.takeBack(k);
    }
    this.index = instructions.length;
  }

  /** Executes an instruction as a block of its own, so that time is looked at before the next one. */
  private runAlone(instruction: Decoded): void {
    const { alone } = this.blocks;
    this.trail.enter(instruction, this.selectors[CS]!, this.code32, this.words[EIP]!);
    alone.instructions[0] = instruction;
    this.block = alone;
    this.index = 0;
    this.left -= instruction.cycles;
    this.instructions++;
    this.words[EIP]! += instruction.length;
    instruction.execute(this, instruction);
    this.index = 1;
  }

  /** Takes back what was charged for the instructions of the block from index `from` on. */
  private takeBack(from: number): void {
    const { instructions } = this.block;
    for (let k = from; k < instructions.length; k++) {
      const { cycles, length } = instructions[k]!;
      this.left += cycles;
      this.instructions--;
      this.words[EIP]! -= length;
    }
  }

  /**
   * After a fault: EIP points at the instruction that faulted, which does not count as executed. Between blocks (the
   * fetch of the next one faulted) `index` stands behind the last instruction, and there is nothing to take back.
   */
  unwind(): void {
    if (this.index < this.block.instructions.length) this.trail.cutShort(this.index + 1);
    this.takeBack(this.index);
    this.index = this.block.instructions.length;
  }
}
