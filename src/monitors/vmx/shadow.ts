/**
 * Shadow page tables for VT-x without extended paging. They are filled by page faults out of the guest's own and thrown
 * away where the architecture lets a translation buffer forget: at INVLPG and loads of CR3. So the guest's stores to its
 * tables need not be watched. A shadow entry never grants more than the guest's, and no entry leads beyond its memory.
 * KVM began like this (Linux 2.6.20); from memory.
 */
import type { Account } from '../../accounting/vocabulary.ts';
import type { Cpu } from '../../machines/pc/cpu.ts';
import { PAGE } from '../../machines/pc/memory.ts';
import { walk } from '../../machines/pc/page-walk.ts';
import { READ, WRITE } from '../../machines/pc/physical.ts';
import {
  CR0_NE,
  CR0_PE,
  CR0_PG,
  CR0_WP,
  CR4_PAE,
  CR4_PGE,
  CR4_PSE,
  CR4_VMXE,
  FAULT,
} from '../../machines/pc/registers.ts';
import { modeChanged } from '../../machines/pc/segments.ts';
import type { SystemPc } from '../../machines/pc/system.ts';
import { TLB_DIRTY, TLB_USER, TLB_WRITE } from '../../machines/pc/tlb.ts';
import type { Vmcs } from '../../machines/pc/vmx/vmcs.ts';
import { SHADOW_DIRECTORY, SHADOW_END, SHADOW_TABLES } from './layout.ts';
import { FILL } from './paths.ts';
import type { GuestView } from './view.ts';

/** Bits that the guest does not have for its own: it reads what it wrote, the processor has what shadowing needs. */
export const CR0_HELD = CR0_PE | CR0_PG | CR0_WP | CR0_NE;
export const CR4_HELD = CR4_VMXE | CR4_PSE | CR4_PAE | CR4_PGE;

const [PRESENT, WRITABLE, USER, MARKED] = [1, 2, 4, 0x60];
const [ERROR_WRITE, ERROR_USER] = [2, 4];
const FRAME = ~(PAGE - 1);
const OFFSET_4M = 0x3ff000;
const OFFSET_2M = 0x1ff000;
const UNPAGED = TLB_WRITE | TLB_USER | TLB_DIRTY;

export interface ShadowState {
  readonly cr3: number;
  readonly pointers: readonly number[];
  readonly tables: number;
  readonly large: readonly number[];
}

/** What came of a page fault: filled, the guest's own, or a page that is no memory of the guest's. */
export type Filled = 'filled' | 'device' | { readonly vector: number; readonly error: number };

export class ShadowPaging implements GuestView {
  /** CR3 as the guest has loaded it. */
  cr3 = 0;
  private pointers: readonly number[] = [];
  /** Tables in use. */
  private tables = 0;
  /** Directory entries under which large pages of the guest's lie: INVLPG takes all of it. */
  private large = new Set<number>();
  private readonly system: SystemPc;
  private readonly virtual: Cpu;
  private readonly vmcs: Vmcs;
  private readonly base: number;

  private readonly account: Account;

  /**
   * @param base of the hypervisor's memory: the guest's ends there
   * @param account of the upkeep
   */
  constructor(system: SystemPc, virtual: Cpu, vmcs: Vmcs, base: number, account: Account) {
    this.account = account;
    this.system = system;
    this.virtual = virtual;
    this.vmcs = vmcs;
    this.base = base;
  }

  show(virtual: Cpu): void {
    const { vmcs } = this;
    virtual.cr0 = (vmcs.get('GUEST_CR0') & ~CR0_HELD) | (vmcs.get('CR0_SHADOW') & CR0_HELD);
    virtual.cr4 = (vmcs.get('GUEST_CR4') & ~CR4_HELD) | (vmcs.get('CR4_SHADOW') & CR4_HELD);
    virtual.cr3 = this.cr3;
    virtual.pagePointers = [...this.pointers];
    virtual.paging = (virtual.cr0 & CR0_PG) !== 0;
    virtual.protectedMode = (virtual.cr0 & CR0_PE) !== 0;
    modeChanged(virtual);
  }

  take({ cr0, cr3, cr4, pagePointers }: Cpu): void {
    const { vmcs } = this;
    const changed =
      cr3 !== this.cr3 ||
      ((cr0 ^ vmcs.get('CR0_SHADOW')) & CR0_HELD) !== 0 ||
      ((cr4 ^ vmcs.get('CR4_SHADOW')) & CR4_HELD) !== 0;
    vmcs.set('GUEST_CR0', cr0 | CR0_HELD);
    vmcs.set('CR0_SHADOW', cr0);
    vmcs.set('GUEST_CR3', this.base + SHADOW_DIRECTORY);
    vmcs.set('GUEST_CR4', (cr4 & ~CR4_HELD) | CR4_VMXE);
    vmcs.set('CR4_SHADOW', cr4);
    this.cr3 = cr3;
    this.pointers = [...pagePointers];
    if (changed) this.flush();
  }

  /** MOV to CR3 without PAE, where nothing is checked. */
  load(cr3: number): void {
    this.cr3 = cr3;
    this.flush();
  }
  get isPae(): boolean {
    return (this.vmcs.get('CR4_SHADOW') & CR4_PAE) !== 0;
  }

  /** A page fault that the processor met in the shadow: @param error of it */
  fill(linear: number, error: number): Filled {
    const { system, virtual } = this;
    system.work(this.account, FILL);
    this.show(virtual);
    const [write, user] = [(error & ERROR_WRITE) !== 0, (error & ERROR_USER) !== 0];
    let [physical, attributes, large] = [linear & FRAME, UNPAGED, false];
    if (virtual.paging) {
      try {
        const found = walk(virtual, linear, write ? WRITE : READ, user);
        ({ attributes, large } = found);
        const within = large ? (this.isPae ? OFFSET_2M : OFFSET_4M) : 0;
        physical = found.frame | (linear & within);
      } catch (fault) {
        if (fault !== FAULT) throw fault;
        return { vector: virtual.faultVector, error: virtual.faultError };
      }
    }
    physical &= virtual.a20Mask;
    if (physical >>> 0 >= this.base) return 'device';
    this.enter(linear, physical | rights(attributes, write, user), large);
    return 'filled';
  }

  private enter(linear: number, entry: number, large: boolean): void {
    const { system } = this;
    const directory = this.directoryAt(linear);
    let table = system.loadPhysical(directory);
    if ((table & PRESENT) === 0) {
      table = this.newTable() | PRESENT | WRITABLE | USER | MARKED;
      system.storePhysical(directory, table);
    }
    if (large) this.large.add(linear >>> 22);
    system.storePhysical(entryAt(table, linear), entry);
  }

  private newTable(): number {
    if (SHADOW_TABLES + this.tables * PAGE >= SHADOW_END) this.flush();
    const at = this.base + SHADOW_TABLES + this.tables++ * PAGE;
    this.system.writePhysical(at, new Uint8Array(PAGE));
    return at;
  }

  /** INVLPG. */
  drop(linear: number): void {
    const { system } = this;
    const directory = this.directoryAt(linear);
    const table = system.loadPhysical(directory);
    if ((table & PRESENT) === 0) return;
    if (this.large.delete(linear >>> 22)) system.storePhysical(directory, 0);
    else system.storePhysical(entryAt(table, linear), 0);
  }

  flush(): void {
    this.tables = 0;
    this.large.clear();
    this.system.writePhysical(this.base + SHADOW_DIRECTORY, new Uint8Array(PAGE));
  }

  private directoryAt(linear: number): number {
    return this.base + SHADOW_DIRECTORY + ((linear >>> 20) & 0xffc);
  }

  save(): ShadowState {
    const { cr3, pointers, tables } = this;
    return { cr3, pointers, tables, large: [...this.large] };
  }
  restore({ cr3, pointers, tables, large }: ShadowState): void {
    [this.cr3, this.pointers, this.tables] = [cr3, pointers, tables];
    this.large = new Set(large);
  }
}

const entryAt = (table: number, linear: number): number => (table & FRAME) | ((linear >>> 10) & 0xffc);

/** Rights of a shadow entry. Before the guest's page is dirty it is read-only, so that the first store faults. */
function rights(attributes: number, write: boolean, user: boolean): number {
  const may = (attributes & TLB_WRITE) !== 0;
  // The processor has WP on. A kernel that has it off writes to read-only pages: the page is its alone meanwhile.
  if (write && !user && !may) return PRESENT | MARKED | WRITABLE;
  const writable = may && (attributes & TLB_DIRTY) !== 0 ? WRITABLE : 0;
  return PRESENT | MARKED | writable | ((attributes & TLB_USER) !== 0 ? USER : 0);
}
