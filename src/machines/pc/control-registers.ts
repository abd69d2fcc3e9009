/** Writing CR0 and CR4, and what follows from it. SDM vol. 3A, section 2.5. */
import type { Cpu } from './cpu.ts';
import { breakpointsChanged } from './debug.ts';
import type { Feature } from './models/classes.ts';
import { loadPointers } from './page-walk.ts';
import {
  CR0_AM,
  CR0_CD,
  CR0_EM,
  CR0_ET,
  CR0_MP,
  CR0_NE,
  CR0_NW,
  CR0_PE,
  CR0_PG,
  CR0_TS,
  CR0_WP,
  CR4_DE,
  CR4_OSFXSR,
  CR4_PAE,
  CR4_PCE,
  CR4_PGE,
  CR4_PSE,
  CR4_TSD,
  CR4_VMXE,
} from './registers.ts';
import { modeChanged } from './segments.ts';
import { CR4_FIXED, fixedCr0 } from './vmx/fixed-bits.ts';

/** The bits of CR0 that SMSW and LMSW know. */
export const STATUS_WORD = CR0_PE | CR0_MP | CR0_EM | CR0_TS;

const CR0_KNOWN = STATUS_WORD | CR0_ET | CR0_NE | CR0_WP | CR0_AM | CR0_NW | CR0_CD | CR0_PG;
/** Bits of CR4 by the feature that brings them; all others are reserved. */
const CR4_FEATURES: readonly (readonly [number, Feature])[] = [
  [CR4_TSD, 'tsc'],
  [CR4_DE, 'de'],
  [CR4_PSE, 'pse'],
  [CR4_PAE, 'pae'],
  [CR4_PGE, 'pge'],
  [CR4_PCE, 'cmov'],
  [CR4_OSFXSR, 'fxsr'],
  [CR4_VMXE, 'vmx'],
];
export const knownCr4 = (features: ReadonlySet<Feature>): number =>
  CR4_FEATURES.reduce((known, [bit, needs]) => known | (features.has(needs) ? bit : 0), 0);
const isReserved = (cpu: Cpu, value: number): boolean => (value & ~knownCr4(cpu.features)) !== 0;
const FLUSHING = CR0_PG | CR0_WP | CR0_PE;

export function setCr0(cpu: Cpu, value: number): void {
  const next = (value & CR0_KNOWN) | CR0_ET;
  if ((next & CR0_PG) !== 0 && (next & CR0_PE) === 0) cpu.protection();
  if ((next & CR0_NW) !== 0 && (next & CR0_CD) === 0) cpu.protection();
  if (cpu.vmx.on && (~next & fixedCr0(cpu)) !== 0) cpu.protection();
  const changed = cpu.cr0 ^ next;
  const enabling = (changed & next & CR0_PG) !== 0;
  if (enabling && (cpu.cr4 & CR4_PAE) !== 0) loadPointers(cpu, cpu.cr3);
  cpu.cr0 = next;
  cpu.paging = (next & CR0_PG) !== 0;
  cpu.protectedMode = (next & CR0_PE) !== 0;
  if ((changed & FLUSHING) !== 0) cpu.flushTlbs(false);
  if ((changed & CR0_PE) !== 0) modeChanged(cpu);
  if ((changed & CR0_AM) !== 0) cpu.selectMaps();
}

export function setCr4(cpu: Cpu, value: number): void {
  if (isReserved(cpu, value) || (cpu.vmx.on && (~value & CR4_FIXED) !== 0)) cpu.protection();
  const changed = cpu.cr4 ^ value;
  if (cpu.paging && (changed & value & CR4_PAE) !== 0) loadPointers(cpu, cpu.cr3);
  cpu.cr4 = value;
  if ((changed & (CR4_PSE | CR4_PAE | CR4_PGE)) !== 0) cpu.flushTlbs(false);
  if ((changed & CR4_DE) !== 0) breakpointsChanged(cpu);
}
