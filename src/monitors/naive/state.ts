import type { DescriptorTable } from '../../machines/pc/system.ts';

/** What a virtual PC under the naive monitor has of its own, beside the registers that run on the real processor. */
export interface VirtualPc {
  /** The interrupt flag as the guest believes it to be. */
  interruptFlag: boolean;
  /** Control registers as the guest has written them. */
  cr0: number;
  cr2: number;
  cr3: number;
  cr4: number;
  gdt: DescriptorTable;
  idt: DescriptorTable;
  /** Selectors of local table and task, and the task's segment. */
  ldt: number;
  task: { readonly selector: number; readonly base: number };
  /** Interrupts taken from the real controller that the guest has not had yet, oldest first. */
  pending: number[];
  /** It executed HLT. */
  halted: boolean;
  /** Why it cannot go on, or ''. */
  failure: string;
}

export const virtualPc = (): VirtualPc => ({
  interruptFlag: false,
  cr0: 0x11,
  cr2: 0,
  cr3: 0,
  cr4: 0,
  gdt: { base: 0, limit: 0 },
  idt: { base: 0, limit: 0 },
  ldt: 0,
  task: { selector: 0, base: 0 },
  pending: [],
  halted: false,
  failure: '',
});
