/**
 * Extended page tables of the hypervisor's own that stand for those of its guest and of its guest's guest at once, filled
 * by violations and thrown away when the guest may have changed its own. So KVM does (Linux, `kvm_init_shadow_ept_mmu`);
 * Ben-Yehuda et al. 2010, section 3.3.3, "multi-dimensional paging".
 */
import { PAGE } from '../../machines/pc/memory.ts';
import type { SystemPc } from '../../machines/pc/system.ts';
import { RIGHTS, WRITABLE, type NestedPage } from '../../machines/pc/vmx/ept.ts';
import { MERGED_EPT, MERGED_EPT_END } from './layout.ts';

const LEVELS = [39, 30, 21] as const;
const WRITE_BACK = 6 << 3;
const FRAME = ~(PAGE - 1);

export class MergedTables {
  private readonly system: SystemPc;
  private readonly top: number;
  private readonly end: number;
  /** Tables in use, the first one included. */
  private used = 0;

  /** @param base of the hypervisor's memory */
  constructor(system: SystemPc, base: number) {
    this.system = system;
    this.top = base + MERGED_EPT;
    this.end = base + MERGED_EPT_END;
  }

  /** The table of the first level. */
  get at(): number {
    return this.top;
  }

  clear(): void {
    this.used = 0;
    this.newTable();
  }

  /** Lets `physical` of the inner guest lead to a page of the outer one's; to be written only once it is dirty. */
  enter(physical: number, { frame, rights, dirty }: NestedPage): void {
    const { system } = this;
    let table = this.top;
    for (const shift of LEVELS) {
      const at = table + indexOf(physical, shift);
      let entry = system.loadPhysical(at);
      if (entry === 0) {
        if (this.top + this.used * PAGE >= this.end) {
          this.clear();
          this.enter(physical, { frame, rights, dirty });
          return;
        }
        entry = this.newTable() | RIGHTS;
        system.storePhysical(at, entry);
      }
      table = entry & FRAME;
    }
    const allowed = dirty ? rights : rights & ~WRITABLE;
    system.storePhysical(table + indexOf(physical, 12), frame | allowed | WRITE_BACK);
  }

  private newTable(): number {
    const at = this.top + this.used++ * PAGE;
    this.system.writePhysical(at, new Uint8Array(PAGE));
    return at;
  }

  save(): number {
    return this.used;
  }
  restore(used: number): void {
    this.used = used;
  }
}

const indexOf = (physical: number, shift: number): number =>
  (shift >= 32 ? 0 : (physical >>> shift) & 0x1ff) << 3;
