/** Entering VMX operation. SDM vol. 3C, sections 23.7 and 23.8, and "VMXON" in chapter 30. */
import type { Cpu } from '../cpu.ts';
import { readRegister } from '../model-specific.ts';
import { FEATURE_CONTROL } from './capabilities.ts';
import { REGION_BYTES, REVISION } from './controls.ts';
import { CR0_FIXED, CR4_FIXED } from './fixed-bits.ts';
import { NO_VMCS } from './unit.ts';
import { Vmcs } from './vmcs.ts';

/** IA32_FEATURE_CONTROL: locked, with VMXON allowed outside SMX. */
const ALLOWED = 5;

/** Whether the processor is as VMXON wants it; else it is #GP. */
export function mayEnterOperation(cpu: Cpu): boolean {
  const allowed = (readRegister(cpu, FEATURE_CONTROL)[0] & ALLOWED) === ALLOWED;
  const fixed = (~cpu.cr0 & CR0_FIXED) === 0 && (~cpu.cr4 & CR4_FIXED) === 0;
  return cpu.cpl === 0 && allowed && fixed && cpu.a20Mask === -1;
}

/** An address that a region of 4 K may have: addresses have 32 bits. */
export const isRegion = (low: number, high: number): boolean =>
  (low & (REGION_BYTES - 1)) === 0 && high === 0;

/** What VMXON does with its operand; false: VMfailInvalid. */
export function enterOperation(cpu: Cpu, low: number, high: number): boolean {
  if (!isRegion(low, high) || new Vmcs(cpu, low).revision !== REVISION) return false;
  cpu.vmx.on = true;
  cpu.vmx.region = low;
  cpu.vmx.current = NO_VMCS;
  return true;
}
