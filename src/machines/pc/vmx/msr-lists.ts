/** Lists of model-specific registers that VM entries and exits load and store. SDM vol. 3C, sections 24.7.2, 26.4, 27.4. */
import type { Cpu } from '../cpu.ts';
import { FAULT } from '../registers.ts';
import { readRegister, writeRegister } from '../model-specific.ts';
import { loadPhysical, storePhysical } from '../physical.ts';
import type { Vmcs } from './vmcs.ts';

const ENTRY_BYTES = 16;
/** Registers that no list may load: bases of segments, SMM, x2APIC. */
const forbidden = (register: number): boolean =>
  register === 0xc0000100 ||
  register === 0xc0000101 ||
  register === 0x9b ||
  (register >= 0x800 && register <= 0x8ff);

/** Loads a list; 0, or the number of the entry that does not do, from 1 on. */
export function loadMsrs(cpu: Cpu, vmcs: Vmcs, list: 'ENTRY_MSR_LOAD' | 'EXIT_MSR_LOAD'): number {
  const count = vmcs.get(`${list}_COUNT`) >>> 0;
  for (let k = 0; k < count; k++) {
    const at = vmcs.get(`${list}_ADDRESS`) + k * ENTRY_BYTES;
    const register = loadPhysical(cpu, at, 4) >>> 0;
    if (forbidden(register) || loadPhysical(cpu, at + 4, 4) !== 0) return k + 1;
    const [low, high] = [loadPhysical(cpu, at + 8, 4), loadPhysical(cpu, at + 12, 4)];
    if (!attempt(() => writeRegister(cpu, register, low, high))) return k + 1;
  }
  return 0;
}

/** Stores the registers of the VM-exit list; false if one does not do. */
export function storeMsrs(cpu: Cpu, vmcs: Vmcs): boolean {
  const count = vmcs.get('EXIT_MSR_STORE_COUNT') >>> 0;
  for (let k = 0; k < count; k++) {
    const at = vmcs.get('EXIT_MSR_STORE_ADDRESS') + k * ENTRY_BYTES;
    const register = loadPhysical(cpu, at, 4) >>> 0;
    if (loadPhysical(cpu, at + 4, 4) !== 0) return false;
    const stored = attempt(() => {
      const [low, high] = readRegister(cpu, register);
      storePhysical(cpu, at + 8, 4, low);
      storePhysical(cpu, at + 12, 4, high);
    });
    if (!stored) return false;
  }
  return true;
}

function attempt(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (fault) {
    if (fault !== FAULT) throw fault;
    return false;
  }
}
