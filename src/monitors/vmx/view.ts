/** The guest's control registers as it sees them, between the VMCS and a virtual processor. */
import type { Cpu } from '../../machines/pc/cpu.ts';
import { CR0_NE, CR4_VMXE } from '../../machines/pc/registers.ts';
import { CR0_FIXED } from '../../machines/pc/vmx/fixed-bits.ts';
import { visibleCr0, visibleCr4 } from '../../machines/pc/vmx/intercepts.ts';
import type { Vmcs } from '../../machines/pc/vmx/vmcs.ts';

export interface GuestView {
  /** Shows them to a processor that has been given the rest of the guest's state out of the VMCS. */
  show(virtual: Cpu): void;
  /** Takes them from a processor whose state has been written to the VMCS, and puts there what is to hold. */
  take(from: Cpu): void;
}

/**
 * Under extended paging they are the guest's own but for two bits that VMX operation wants. In VMX operation of its own
 * the guest may not clear others either, which an unrestricted guest otherwise could.
 */
export const ownRegisters = (vmcs: Vmcs, { vmx }: Cpu): GuestView => ({
  show: (virtual) => {
    virtual.cr0 = (virtual.cr0 & ~CR0_NE) | (vmcs.get('CR0_SHADOW') & CR0_NE);
    virtual.cr4 = (virtual.cr4 & ~CR4_VMXE) | (vmcs.get('CR4_SHADOW') & CR4_VMXE);
  },
  take: (from) => {
    const [cr0, cr4] = [visibleCr0(from), visibleCr4(from)];
    vmcs.set('GUEST_CR0', cr0 | CR0_NE);
    vmcs.set('CR0_MASK', vmx.on ? CR0_FIXED : CR0_NE);
    vmcs.set('CR0_SHADOW', cr0);
    vmcs.set('GUEST_CR4', cr4 | CR4_VMXE);
    vmcs.set('CR4_SHADOW', cr4);
  },
});
