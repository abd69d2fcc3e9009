/**
 * The log of a guest's dirty pages, as live migration needs it: its memory is mapped by pages of 4 K that may not be
 * written; the first store to each is an EPT violation, which notes the page and lets the guest write it from then on.
 * What the hypervisor's emulator and devices write on the guest's behalf is told. KVM, Linux 2.6.20 on
 * (`KVM_GET_DIRTY_LOG`); from memory.
 */
import { PAGE, PAGE_SHIFT } from '../../machines/pc/memory.ts';
import type { SystemPc } from '../../machines/pc/system.ts';
import { EPT_DIRECTORY, EPT_TOP, LOG_END, LOG_TABLES } from './layout.ts';
import { accountsAt, NOTE_DIRTY } from './paths.ts';
import { EPT_FOUR_LEVELS } from './setup.ts';

const LARGE = 0x200000;
const ENTRIES = LARGE / PAGE;
/** Readable, executable, write-back; and a table that leaves everything to its entries. */
const PROTECTED = (6 << 3) | 5;
const WRITABLE = 2;
const TABLE = 7;

/** One stretch of time, and how many pages were written in it for the first time. */
export interface DirtyRound {
  readonly cycles: number;
  readonly pages: number;
}

export interface DirtyLogState {
  /** The clock at which the round began; −1: nothing is logged. */
  readonly since: number;
  readonly pages: Uint8Array;
  readonly rounds: readonly DirtyRound[];
}

export class DirtyLog {
  private readonly system: SystemPc;
  /** The guest's memory, which begins at 0, ends where the hypervisor's begins. */
  private readonly base: number;
  private since = -1;
  /** Rounds that have ended. */
  rounds: readonly DirtyRound[] = [];
  private readonly every: number;
  private readonly pages: Uint8Array;

  /** @param every cycles of a round; Infinity: whoever asks ends it */
  constructor(system: SystemPc, base: number, every = Infinity) {
    this.every = every;
    this.system = system;
    this.base = base;
    this.pages = new Uint8Array(base / PAGE);
  }

  get active(): boolean {
    return this.since >= 0;
  }

  /** Bytes of the guest's memory that the hypervisor has room to log. */
  static readonly most = ((LOG_END - LOG_TABLES) / PAGE) * LARGE;

  /** Begins a round, while no instruction of the guest's is under way: what has been logged so far is the answer. */
  begin(): readonly number[] {
    const { system, base } = this;
    if (base > DirtyLog.most)
      throw new Error(`memory of ${base} bytes: the log has room for ${DirtyLog.most}`);
    const logged = this.dirty;
    for (let at = 0; at < base; at += LARGE) this.protect(at / LARGE);
    system.vmx.forgetExtended((base + EPT_TOP) | EPT_FOUR_LEVELS);
    this.pages.fill(0);
    this.since = system.clock;
    return logged;
  }

  /** While the guest is not running anyway: where a round is over, the next one begins. */
  turn(): void {
    const { every, since, system } = this;
    if (every === Infinity || (this.active && system.clock - since < every)) return;
    const cycles = system.clock - since;
    const pages = this.begin().length;
    if (since >= 0) this.rounds = [...this.rounds, { cycles, pages }];
  }

  private protect(region: number): void {
    const { system, base } = this;
    const table = base + LOG_TABLES + region * PAGE;
    const count = Math.min(ENTRIES, (base - region * LARGE) / PAGE);
    const entries = new DataView(new ArrayBuffer(PAGE));
    for (let k = 0; k < count; k++) entries.setUint32(8 * k, (region * LARGE + k * PAGE) | PROTECTED, true);
    system.writePhysical(table, new Uint8Array(entries.buffer));
    system.storePhysical(base + EPT_DIRECTORY + 8 * region, table | TABLE);
  }

  /** An EPT violation at a guest-physical address: whether it was the first store to a page of the log. */
  violated(physical: number): boolean {
    return this.active && physical >>> 0 < this.base && this.note(physical >>> PAGE_SHIFT);
  }

  /** Somebody other than the guest's own instructions has written at a physical address for it. */
  written(physical: number): void {
    if (this.active && physical >>> 0 < this.base) this.note(physical >>> PAGE_SHIFT);
  }

  private note(page: number): boolean {
    if (this.pages[page] !== 0) return false;
    const { system, base } = this;
    const entry = base + LOG_TABLES + 8 * page;
    system.work(accountsAt(0).emulation, NOTE_DIRTY);
    system.storePhysical(entry, system.loadPhysical(entry) | WRITABLE);
    this.pages[page] = 1;
    return true;
  }

  /** Numbers of the pages written since the round began, in ascending order. */
  get dirty(): readonly number[] {
    const found: number[] = [];
    this.pages.forEach((bit, page) => {
      if (bit !== 0) found.push(page);
    });
    return found;
  }

  save(): DirtyLogState {
    return { since: this.since, pages: this.pages.slice(), rounds: this.rounds };
  }
  restore({ since, pages, rounds }: DirtyLogState): void {
    this.since = since;
    this.rounds = rounds;
    this.pages.set(pages);
  }
}
