/** The assist of writable page tables: a store into a table that is mapped read-only is checked and done by Xen. */
import type { Decoded } from '../../machines/pc/instructions/row.ts';
import type { Domain } from './domain.ts';
import { TABLE } from './frames.ts';
import type { Xen } from './hypervisor.ts';
import { PAGE, PRESENT } from './layout.ts';
import { PAGING, SIMULATE } from './paths.ts';

/** The word that an instruction stores, given what stands there; null: not one that kernels change entries with. */
function stored(registers: Int32Array, i: Decoded, old: number): number | null {
  const { row, reg, immediate, wide } = i;
  if (!wide || row.operands[0]?.startsWith('E') !== true) return null;
  const source = row.operands[1]?.startsWith('G') === true ? registers[reg]! : immediate;
  switch (row.mnemonic) {
    case 'MOV':
    case 'XCHG':
      return source;
    case 'AND':
      return old & source;
    case 'OR':
      return old | source;
    default:
      return null;
  }
}

/** Whether the store at `linear` was one into a page table of the domain, and has been done. */
export function writeToPageTable(xen: Xen, domain: Domain, linear: number): boolean {
  const { system, tables, frames } = xen;
  const at = tables.entryAddress(domain.cr3, linear);
  if (at < 0 || (linear & 3) !== 0) return false;
  const entry = system.loadPhysical(at);
  const frame = entry >>> 12;
  if ((entry & PRESENT) === 0 || !frames.owns(domain.id, frame) || frames.state.type[frame] !== TABLE)
    return false;
  const i = system.fetch();
  if (!i || (system.addressOf(i) | 0) !== (linear | 0)) return false;
  const target = frame * PAGE + (linear & (PAGE - 1));
  const old = system.loadPhysical(target);
  const value = stored(system.registers, i, old);
  if (value === null) return false;
  system.work(PAGING, SIMULATE);
  if (!tables.update(domain.id, target, value, false)) return false;
  if (i.row.mnemonic === 'XCHG') system.registers[i.reg] = old;
  system.eip = (system.eip + i.length) | 0;
  return true;
}
