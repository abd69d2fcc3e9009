/** A hypervisor by VT-x under a PC's guest. */
import { setA20 } from '../../../machines/pc/cpu-state.ts';
import type { Feature } from '../../../machines/pc/models/classes.ts';
import { NativePc } from '../../../machines/pc/native-system.ts';
import { virtualProcessor } from '../../../machines/pc/virtual-processor.ts';
import { RESERVED } from '../../../monitors/vmx/layout.ts';
import type { Paging } from '../../../monitors/vmx/setup.ts';
import { VmxMonitor, type VmxMonitorState } from '../../../monitors/vmx/monitor.ts';
import { VIRTUAL_PORT } from '../../../monitors/vmx/paths.ts';
import type { PcMonitor, RunningMonitor } from './contract.ts';

const running = (monitor: VmxMonitor): RunningMonitor => ({
  end: (stop) =>
    monitor.failure !== '' && (stop.kind === 'wait' || stop.kind === 'budget')
      ? { kind: 'shutdown', reason: monitor.failure }
      : stop,
  get hangs() {
    return monitor.failure !== '';
  },
  // Whoever looks on sees the exits on the processor.
  observe: () => undefined,
  report: () => monitor.report(),
  save: () => monitor.save(),
  restore: (state) => {
    monitor.restore(state as VmxMonitorState);
  },
});

const monitorWith = (paging: Paging, needed: Feature, complaint: (model: string) => string): PcMonitor => ({
  reserves: RESERVED,
  needs: [needed],
  start: (pc) => {
    const { cpu } = pc;
    if (!cpu.features.has(needed)) return complaint(cpu.model.name);
    if (paging === 'shadow' && !cpu.protectedMode)
      return 'the first VT-x cannot run a guest that starts in real-address mode: choose --under vmx, or a kernel';
    const virtual = virtualProcessor(cpu, pc.toldMemory, VIRTUAL_PORT, (at, size) => {
      cpu.blocks.stored(at, size);
    });
    setA20(cpu, true);
    const monitor = new VmxMonitor(new NativePc(cpu), cpu, virtual, pc.toldMemory, paging);
    monitor.start();
    return running(monitor);
  },
});

export const vmx = monitorWith(
  'nested',
  'vmx-unrestricted',
  (model) =>
    `${model} has no VT-x with nested paging and unrestricted guests, which the vmx monitor needs: choose --cpu westmere or skylake`,
);
/** With what the VT-x of 2005 has: shadow page tables. */
export const vmxShadow = monitorWith(
  'shadow',
  'vmx',
  (model) => `${model} has no VT-x: choose --cpu pentium4 or a newer one`,
);
