/** VT-x in a saved state of the processor: what is in no VMCS. Memory has been restored before. */
import type { Cpu } from '../cpu.ts';
import { modeOf } from './entry.ts';
import type { VmxState } from './unit.ts';
import { Vmcs } from './vmcs.ts';

export function saveVmx({ vmx, guest }: Cpu): VmxState {
  const { on, region, current, references } = vmx;
  return {
    on,
    region,
    current,
    guest: guest && { at: guest.at, deadline: guest.deadline },
    eptOf: [...vmx.eptOf],
    references: { ...references },
  };
}

export function restoreVmx(cpu: Cpu, state: VmxState): void {
  const { vmx } = cpu;
  vmx.reset();
  [vmx.on, vmx.region, vmx.current] = [state.on, state.region, state.current];
  for (const [vpid, ept] of state.eptOf) vmx.eptOf.set(vpid, ept);
  vmx.references = { ...state.references };
  cpu.guest = null;
  if (!state.guest) return;
  const { at, deadline } = state.guest;
  cpu.guest = { ...modeOf(cpu, new Vmcs(cpu, at)), deadline };
}
