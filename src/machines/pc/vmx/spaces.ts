/** Whose translations the lookaside buffers hold: entries are tagged by VPID. SDM vol. 3C, section 28.3. */
import type { Cpu } from '../cpu.ts';

/**
 * Makes entries of `vpid` count from now on. Without a VPID of the guest's an entry or exit forgets those of the host
 * too (`all`); a guest whose extended tables are others than before begins with none.
 */
export function enterSpace(cpu: Cpu, vpid: number, ept: number, all: boolean): void {
  const { vmx } = cpu;
  if (all) flushSpace(cpu, 0);
  cpu.instructionTlb.enter(vpid);
  cpu.dataTlb.enter(vpid);
  if (vpid === 0) return;
  if ((vmx.eptOf.get(vpid) ?? -1) !== ept) flushSpace(cpu, vpid);
  vmx.eptOf.set(vpid, ept);
}

/** Forgets the translations of one VPID, of all but the host's (`null`), or a page of one. */
export function flushSpace(cpu: Cpu, vpid: number | null, keepGlobal = false): void {
  for (const tlb of [cpu.instructionTlb, cpu.dataTlb]) tlb.flushSpace(vpid, keepGlobal);
}

/** Forgets the translations of all VPIDs that come from the extended tables of one pointer. SDM vol. 3C, section 28.3.3.1. */
export function flushExtended(cpu: Cpu, pointer: number): void {
  for (const [vpid, ept] of cpu.vmx.eptOf) if (ept === (pointer & ~0xfff)) flushSpace(cpu, vpid);
}
