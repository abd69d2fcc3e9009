/** A hypervisor by VT-x under a PC's guest. */
import { setA20 } from '../../../machines/pc/cpu-state.ts';
import { NativePc } from '../../../machines/pc/native-system.ts';
import { virtualProcessor } from '../../../machines/pc/virtual-processor.ts';
import { RESERVED } from '../../../monitors/vmx/layout.ts';
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

export const vmx: PcMonitor = {
  reserves: RESERVED,
  needs: ['vmx-unrestricted'],
  start: (pc, { paths }) => {
    const { cpu } = pc;
    if (!cpu.features.has('vmx-unrestricted'))
      return `${cpu.model.name} has no VT-x with nested paging and unrestricted guests, which the vmx monitor needs: choose --cpu westmere or skylake`;
    const virtual = virtualProcessor(cpu, pc.toldMemory, VIRTUAL_PORT);
    virtual.blocks.onStore = (at, size) => {
      cpu.blocks.stored(at, size);
    };
    setA20(cpu, true);
    const monitor = new VmxMonitor(new NativePc(cpu, paths), cpu, virtual, pc.toldMemory);
    monitor.start();
    return running(monitor);
  },
};
