/** Bits of CR0 and CR4 that must be 1 in VMX operation. SDM vol. 3C, sections 23.8, A.7 and A.8. */
import type { Cpu } from '../cpu.ts';
import { CR0_NE, CR0_PE, CR0_PG, CR4_VMXE } from '../registers.ts';

export const CR0_FIXED = CR0_PE | CR0_NE | CR0_PG;
export const CR4_FIXED = CR4_VMXE;

/** An unrestricted guest may clear PE and PG. */
export const fixedCr0 = (cpu: Cpu): number => (cpu.guest?.unrestricted ? CR0_NE : CR0_FIXED);
