/**
 * A virtual machine under CP: its state, its storage, and the tables through which the real processor reaches it.
 * To host software that is attached to it, it is a System/370 like the real one: each privileged operation then traps
 * to this CP and costs what that costs.
 */
import { account, type Account } from '../../accounting/vocabulary.ts';
import { SWAP_CHANGED } from '../../machines/s370/assist/block.ts';
import type { Host } from '../../machines/s370/cpu.ts';
import { psw as makePsw, unpackPsw, type Psw } from '../../machines/s370/psw.ts';
import type { System370 } from '../../machines/s370/system.ts';
import type { ControlProgram } from './control-program.ts';
import type { PageState, VirtualMachineState } from './state.ts';
import { SWAP_TABLE_BYTES, SwapTable } from './swap-table.ts';

const PAGE = 4096;
const PAGE_SHIFT = 12;
const SEGMENT_SHIFT = 16;
const INVALID_PAGE = 0x0008;
/** Segment table, page tables of sixteen entries for each of 256 segments, swap table: where the last one begins. */
const SWAP_TABLE = 1024 + 256 * 32;
export const TABLE_BYTES = SWAP_TABLE + SWAP_TABLE_BYTES;
const KEY_BITS = 0xf8;
const REFERENCE = 0x04;
const REFERENCE_AND_CHANGE = 0x06;

/** Thrown when a page of the guest's storage must come first; what was being done is then done again. */
export const PAGE_WAIT = Object.freeze({ pageWait: true });
/** Thrown when the guest's storage does not have the address: an addressing exception of the guest. */
export const NO_STORAGE = Object.freeze({ noStorage: true });

const emptyPage = (): PageState => ({
  frame: -1,
  slot: -1,
  locks: 0,
  arriving: false,
});

/** The state of a virtual machine that has just been logged on: reset, stopped, storage never touched. */
export function newVirtualMachine(
  name: string,
  storageSize: number,
  segmentTable: number,
  assistBlock: number,
  terminal: number,
  virtualReal: boolean,
): VirtualMachineState {
  return {
    name,
    terminal,
    storageSize,
    psw: makePsw(),
    instructionBytes: 0,
    instructionAddress: 0,
    gr: new Int32Array(16),
    fpr: new Uint32Array(8),
    cr: new Int32Array(16),
    pages: Array.from({ length: storageSize / PAGE }, emptyPage),
    segmentTable,
    swapTable: segmentTable + SWAP_TABLE,
    assistBlock,
    shadow: null,
    virtualReal,
    noTranslation: false,
    devices: [],
    deferred: null,
    waitPage: -1,
    stopped: true,
    loggedOn: true,
    virtualCycles: 0,
    dispatchedAt: 0,
    waitingSince: -1,
    queue: 0,
    sliceLeft: 0,
    workingSet: 1,
    timerOffset: 0n,
    comparator: BigInt.asUintN(64, -1n),
    intervalPending: false,
    keyPending: false,
    intervalTick: 0,
    lines: [],
    sameInterruption: 0,
    hostAccount: -1,
    simulated: {},
  };
}

export class VirtualMachine implements System370 {
  readonly index: number;
  readonly cp: ControlProgram;
  state: VirtualMachineState;
  /** Host software in this machine, if its kernel is TypeScript: a CP of the next level. */
  host: Host | null = null;
  readonly swap: SwapTable;

  constructor(cp: ControlProgram, index: number, state: VirtualMachineState) {
    this.cp = cp;
    this.index = index;
    this.state = state;
    this.swap = new SwapTable(this);
  }

  get name(): string {
    return this.state.name;
  }
  get level(): number {
    return this.cp.system.level + 1;
  }
  get storageSize(): number {
    return this.state.storageSize;
  }
  get clock(): number {
    return this.cp.system.clock;
  }
  get cyclePicoseconds(): number {
    return this.cp.system.cyclePicoseconds;
  }
  get cyclesPerInstruction(): number {
    return this.cp.system.cyclesPerInstruction;
  }
  get modelNumber(): number {
    return this.cp.system.modelNumber;
  }
  /** SIMPLIFIED: the assist serves only the machines of the lowest CP. */
  readonly assistLevel = 'none';
  get gr(): Int32Array {
    return this.state.gr;
  }
  get fpr(): Uint32Array {
    return this.state.fpr;
  }
  /** Whether the guest's own translation is on. */
  get translating(): boolean {
    return this.state.psw.extendedControl && (this.state.psw.systemMask & 0x04) !== 0;
  }

  /** Account for the cycles that this machine executes itself. */
  get directAccount(): Account {
    const { hostAccount, psw } = this.state;
    if (hostAccount >= 0) return hostAccount;
    return psw.problemState ? this.guestAccounts.user : this.guestAccounts.kernel;
  }
  /** Accounts of the machine's kernel and user, as far as its PSW decides. */
  get guestAccounts(): { readonly kernel: Account; readonly user: Account } {
    return {
      kernel: account('guest-kernel', 'direct', this.level),
      user: account('guest-user', 'direct', this.level),
    };
  }

  // ---------------------------------------------------------------- storage (guest-real addresses)

  /** Real address of guest-real `address`; brings the page in, or throws PAGE_WAIT or NO_STORAGE. */
  locate(address: number): number {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- conditions of the guest, not errors of ours
    if (address >= this.storageSize) throw NO_STORAGE;
    const page = address >>> PAGE_SHIFT;
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    if (!this.cp.paging.ensure(this, page)) throw PAGE_WAIT;
    return this.state.pages[page]!.frame | (address & (PAGE - 1));
  }

  fetch(address: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    this.pieces(address, length, (real, offset, count) => {
      bytes.set(this.cp.system.fetch(real, count), offset);
    });
    return bytes;
  }
  store(address: number, bytes: ArrayLike<number>): void {
    const data = Array.from(bytes);
    this.pieces(address, data.length, (real, offset, count) => {
      this.cp.system.store(real, data.slice(offset, offset + count));
      this.markChanged((address + offset) & 0xffffff);
    });
  }
  /** Walks a range page by page; every page is made resident before the first is used. */
  private pieces(
    address: number,
    length: number,
    use: (real: number, offset: number, count: number) => void,
  ): void {
    for (let at = address & ~(PAGE - 1); at < address + length; at += PAGE) this.locate(at);
    for (let offset = 0; offset < length;) {
      const at = address + offset;
      const count = Math.min(length - offset, PAGE - (at & (PAGE - 1)));
      use(this.locate(at), offset, count);
      offset += count;
    }
  }
  /** Makes a range resident, so that what follows can neither wait nor find no storage. */
  touch(address: number, length: number): void {
    this.pieces(address, length, () => undefined);
  }
  /** The guest's instruction or channel fetches at `address`; CP's own looking goes without. */
  markReferenced(address: number, length = 1): void {
    for (let block = address >>> 11; block <= (address + Math.max(1, length) - 1) >>> 11; block++)
      this.swap.note(block, REFERENCE);
  }
  private markChanged(address: number): void {
    this.swap.note(address >>> 11, REFERENCE_AND_CHANGE | SWAP_CHANGED);
  }
  fetchWord(address: number): number {
    if ((address & (PAGE - 1)) <= PAGE - 4) return this.cp.system.fetchWord(this.locate(address));
    const b = this.fetch(address, 4);
    return ((b[0]! << 24) | (b[1]! << 16) | (b[2]! << 8) | b[3]!) >>> 0;
  }
  fetchHalf(address: number): number {
    if ((address & (PAGE - 1)) <= PAGE - 2) return this.cp.system.fetchHalf(this.locate(address));
    const bytes = this.fetch(address, 2);
    return (bytes[0]! << 8) | bytes[1]!;
  }
  storeWord(address: number, value: number): void {
    if ((address & (PAGE - 1)) > PAGE - 4) {
      this.store(address, [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]);
      return;
    }
    this.cp.system.storeWord(this.locate(address), value);
    this.markChanged(address);
  }
  storeHalf(address: number, value: number): void {
    if ((address & (PAGE - 1)) > PAGE - 2) {
      this.store(address, [(value >> 8) & 0xff, value & 0xff]);
      return;
    }
    this.cp.system.storeHalf(this.locate(address), value);
    this.markChanged(address);
  }

  /** The virtual storage key at `address`, with reference and change bits, wherever the page is. */
  storageKey(address: number): number {
    const page = this.state.pages[address >>> PAGE_SHIFT]!;
    const saved = this.swap.key(address >>> 11);
    if (page.frame < 0 || page.arriving) return saved;
    const real = this.cp.system.insertStorageKey(page.frame + (address & 0x800));
    return saved | (real & REFERENCE_AND_CHANGE);
  }
  changeStorageKey(address: number, key: number): void {
    const page = this.state.pages[address >>> PAGE_SHIFT]!;
    if (page.frame >= 0 && !page.arriving) {
      const { system } = this.cp;
      const at = page.frame + (address & 0x800);
      // The real change bit is about to be lost, but paging still has to know.
      if ((system.insertStorageKey(at) & 0x02) !== 0) this.swap.note(address >>> 11, SWAP_CHANGED);
      system.setStorageKey(at, key & KEY_BITS);
    }
    this.swap.setKey(address >>> 11, key);
  }

  // ---------------------------------------------------------------- what paging tells

  /** The page has its frame and content: its table entry becomes valid, its keys real. */
  pageArrived(page: number): void {
    const state = this.state.pages[page]!;
    const { system } = this.cp;
    for (const block of [0, 1] as const)
      system.setStorageKey(state.frame + block * 2048, this.swap.key(2 * page + block) & KEY_BITS);
    system.storeHalf(this.entryOf(page), (state.frame >>> 8) & 0xfff0);
  }
  /** The page loses its frame: nothing may translate to it any more. */
  pageLeaves(page: number): void {
    const { system } = this.cp;
    system.storeHalf(this.entryOf(page), INVALID_PAGE);
    this.cp.shadows.purge(this);
    system.purgeTlb();
  }
  /** Real address of the page-table entry of a page; the page tables follow the segment table. */
  private entryOf(page: number): number {
    const segment = page >>> (SEGMENT_SHIFT - PAGE_SHIFT);
    return this.state.segmentTable + 1024 + segment * 32 + (page & 15) * 2;
  }
  /** Another size of storage, all of it never touched; false while a channel still uses a page. */
  resize(bytes: number): boolean {
    const { virtualReal } = this.state;
    if (this.state.pages.some((page) => page.locks > 0 || (page.frame >= 0 && !virtualReal))) return false;
    this.state.storageSize = bytes;
    this.state.pages = Array.from({ length: bytes / PAGE }, emptyPage);
    this.buildTables();
    if (virtualReal) this.cp.virtualReal.place(this);
    this.cp.system.purgeTlb();
    return true;
  }
  /** Writes segment, page and swap tables with every page invalid. */
  buildTables(): void {
    const { system } = this.cp;
    const segments = Math.ceil(this.storageSize / (1 << SEGMENT_SHIFT));
    for (let segment = 0; segment < 256; segment++) {
      const pageTable = this.state.segmentTable + 1024 + segment * 32;
      const entry = segment < segments ? 0xf000_0000 | pageTable : 1;
      system.storeWord(this.state.segmentTable + 4 * segment, entry);
      if (segment < segments)
        for (let page = 0; page < 16; page++) system.storeHalf(pageTable + 2 * page, INVALID_PAGE);
    }
    this.swap.clear(this.state.pages.length);
  }

  // ---------------------------------------------------------------- System370, for host software in this machine

  /** Lets the machine's host pay for a privileged operation: trap to CP, decode, path, and back. */
  private privileged(mnemonic: string, path: Parameters<ControlProgram['charge']>[0]): void {
    this.cp.system.trapAndReturn();
    this.cp.charge('entry');
    this.cp.charge('decode');
    this.cp.charge(path);
    this.cp.charge('dispatch');
    this.cp.countSimulated(this, mnemonic);
  }
  loadPsw(psw: Psw): void {
    this.privileged('LPSW', 'loadPsw');
    this.state.psw = psw;
  }
  loadControl(first: number, values: readonly number[]): void {
    this.privileged('LCTL', 'control');
    values.forEach((value, i) => {
      this.cp.simulator.setControl(this, (first + i) & 15, value);
    });
  }
  setStorageKey(address: number, key: number): void {
    this.privileged('SSK', 'storageKey');
    this.changeStorageKey(address, key);
  }
  insertStorageKey(address: number): number {
    this.privileged('ISK', 'storageKey');
    return this.storageKey(address);
  }
  resetReferenceBit(address: number): number {
    this.privileged('RRB', 'storageKey');
    const key = this.storageKey(address);
    this.changeStorageKey(address, key & ~0x04);
    return (key & REFERENCE_AND_CHANGE) >> 1;
  }
  purgeTlb(): void {
    this.privileged('PTLB', 'shadowPurge');
    this.cp.shadows.purge(this);
  }
  startIo(address: number): number {
    this.privileged('SIO', 'startIo');
    return this.cp.virtualIo.startIo(this, address);
  }
  testIo(address: number): number {
    this.privileged('TIO', 'testIo');
    return this.cp.virtualIo.testIo(this, address);
  }
  haltDevice(address: number): number {
    this.privileged('HDV', 'testIo');
    return this.cp.virtualIo.haltDevice(this, address);
  }
  storeClock(): bigint {
    return this.cp.system.storeClock(); // not privileged: executed directly
  }
  setClockComparator(value: bigint): void {
    this.privileged('SCKC', 'timing');
    this.state.comparator = value;
  }
  setCpuTimer(value: bigint): void {
    this.privileged('SPT', 'timing');
    this.cp.timers.setCpuTimer(this, value);
  }
  /**
   * SIMPLIFIED: host software in a virtual machine runs to the end of its handler without being paged out or
   * interrupted, so the storage of such a machine is made resident and locked.
   */
  attach(host: Host): void {
    this.host = host;
    this.state.hostAccount = account('monitor', 'emulation', this.level);
    for (let page = 0; page < this.state.pages.length; page++) {
      if (!this.cp.paging.ensure(this, page))
        throw new Error(`${this.name}: not enough real storage to lock ${this.storageSize} bytes`);
      this.state.pages[page]!.locks++;
    }
  }
  work(account: Account, cycles: number): void {
    this.cp.system.work(account, cycles);
  }
  enter(account: Account): void {
    this.state.hostAccount = account;
    this.cp.system.enter(account);
  }
  /** The real interruption reaches the CP beneath, which reflects it here; the way back is an LPSW, simulated. */
  trapAndReturn(): void {
    this.cp.system.trapAndReturn();
    this.cp.charge('entry');
    this.cp.charge('reflect');
    this.cp.charge('dispatch');
    this.privileged('LPSW', 'loadPsw');
  }

  /** The guest's PSW at guest-real `address`. */
  fetchPsw(address: number): Psw {
    this.locate(address);
    this.markReferenced(address);
    return unpackPsw(this.fetchWord(address), this.fetchWord(address + 4));
  }
}
