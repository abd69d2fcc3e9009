/**
 * Guests under VT-x without extended paging: the processor walks shadow page tables, and the control registers that say
 * how tables are read are the hypervisor's, with the guest's beside them.
 */
import type { Account } from '../../accounting/vocabulary.ts';
import type { Cpu } from '../../machines/pc/cpu.ts';
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
import type { Vmcs } from '../../machines/pc/vmx/vmcs.ts';
import { ShadowTables, type Outcome, type ShadowState } from '../shadow/tables.ts';
import { SHADOW_END, SHADOW_TABLES } from './layout.ts';
import { DROP, FILL } from './paths.ts';
import type { Place } from './setup.ts';
import type { GuestView } from './view.ts';

/** Bits that the guest does not have for its own: it reads what it wrote, the processor has what shadowing needs. */
export const CR0_HELD = CR0_PE | CR0_PG | CR0_WP | CR0_NE;
export const CR4_HELD = CR4_VMXE | CR4_PSE | CR4_PAE | CR4_PGE;
/** Of these, what says how tables are read. */
const [READING_CR0, READING_CR4] = [CR0_PG | CR0_WP, CR4_PSE | CR4_PAE];

const [ERROR_WRITE, ERROR_USER] = [2, 4];

/** Which tables the guest has loaded, and what of the shadows does not follow yet. */
export interface ShadowPagingState {
  readonly tables: ShadowState;
  readonly cr3: number;
  readonly pointers: readonly number[];
  readonly behind: Behind;
  readonly directory: number;
}
type Behind = 'nothing' | 'space' | 'reading';

export class ShadowPaging implements GuestView {
  /** CR3 as the guest has loaded it. */
  cr3 = 0;
  private pointers: readonly number[] = [];
  private behind: Behind = 'reading';
  /** What the processor's CR3 names while the guest runs. */
  private directory = 0;
  private readonly virtual: Cpu;
  private readonly vmcs: Vmcs;
  private readonly tables: ShadowTables;

  /**
   * @param place its base is that of the hypervisor's memory: the guest's ends there
   * @param account of the upkeep
   */
  constructor(system: SystemPc, virtual: Cpu, vmcs: Vmcs, { origin, base }: Place, account: Account) {
    this.virtual = virtual;
    this.vmcs = vmcs;
    this.tables = new ShadowTables(system, virtual, {
      pool: [base + SHADOW_TABLES, base + SHADOW_END],
      account,
      costs: { fill: FILL, drop: DROP },
      frameOf: (frame) => (frame >>> 0 < base - origin ? frame + origin : null),
      load: (directory) => {
        this.directory = directory;
        system.vmx.write('GUEST_CR3', directory);
      },
      // Without VPID each entry and exit empties the processor's buffers.
      invalidate: () => undefined,
      holdsCode: () => false,
      remapped: () => undefined,
    });
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
    if (
      ((cr0 ^ vmcs.get('CR0_SHADOW')) & READING_CR0) !== 0 ||
      ((cr4 ^ vmcs.get('CR4_SHADOW')) & READING_CR4) !== 0
    )
      this.behind = 'reading';
    else if (cr3 !== this.cr3 || pagePointers.some((pointer, k) => pointer !== this.pointers[k]))
      this.spaceChanged();
    vmcs.set('GUEST_CR0', cr0 | CR0_HELD);
    vmcs.set('CR0_SHADOW', cr0);
    vmcs.set('GUEST_CR3', this.directory);
    vmcs.set('GUEST_CR4', (cr4 & ~CR4_HELD) | CR4_VMXE);
    vmcs.set('CR4_SHADOW', cr4);
    this.cr3 = cr3;
    this.pointers = [...pagePointers];
  }

  private spaceChanged(): void {
    if (this.behind === 'nothing') this.behind = 'space';
  }

  /** MOV to CR3 without PAE, where nothing is checked. */
  load(cr3: number): void {
    if (cr3 !== this.cr3) this.spaceChanged();
    this.cr3 = cr3;
  }
  get isPae(): boolean {
    return (this.vmcs.get('CR4_SHADOW') & CR4_PAE) !== 0;
  }

  /** Guest-physical addresses mean something else from now on. */
  purge(): void {
    this.behind = 'reading';
  }

  /** Before the guest goes on: lets the shadows follow what it has loaded. */
  follow(): void {
    const { behind, tables, virtual } = this;
    if (behind === 'nothing') return;
    this.behind = 'nothing';
    this.show(virtual);
    if (behind === 'reading') tables.purge();
    else tables.activate();
  }

  /**
   * A page fault that the processor met in the shadow: @param error of it
   * @returns what came of it, or the fault that is the guest's own
   */
  fault(linear: number, error: number): Outcome | { readonly vector: number; readonly error: number } {
    const { virtual, tables } = this;
    this.show(virtual);
    try {
      return tables.fault(linear, (error & ERROR_WRITE) !== 0 ? WRITE : READ, (error & ERROR_USER) !== 0);
    } catch (fault) {
      if (fault !== FAULT) throw fault;
      return { vector: virtual.faultVector, error: virtual.faultError };
    }
  }

  /** Bytes of the guest's memory are about to change, by whoever stores on its behalf. */
  stored(at: number, size: number): void {
    this.tables.stored(at, size);
  }

  save(): ShadowPagingState {
    const { cr3, pointers, behind, directory } = this;
    return { tables: this.tables.save(), cr3, pointers, behind, directory };
  }
  restore({ tables, cr3, pointers, behind, directory }: ShadowPagingState): void {
    this.tables.restore(tables);
    [this.cr3, this.pointers, this.behind, this.directory] = [cr3, pointers, behind, directory];
  }
}
