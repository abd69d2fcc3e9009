/** A hypervisor by VT-x under a PC's guest. */
import { setA20 } from '../../../machines/pc/cpu-state.ts';
import type { Cpu } from '../../../machines/pc/cpu.ts';
import { PAGE } from '../../../machines/pc/memory.ts';
import type { Feature } from '../../../machines/pc/models/classes.ts';
import { NativePc } from '../../../machines/pc/native-system.ts';
import { virtualProcessor } from '../../../machines/pc/virtual-processor.ts';
import type { SystemPc } from '../../../machines/pc/system.ts';
import { OPERATIONS, RESERVED } from '../../../monitors/vmx/layout.ts';
import { DirtyLog } from '../../../monitors/vmx/dirty-log.ts';
import { diskPath, type DiskPathName } from '../../../monitors/vmx/disk-paths.ts';
import { DiskWork } from '../../../monitors/vmx/disk-work.ts';
import type { Paging } from '../../../monitors/vmx/setup.ts';
import { VmxMonitor, type VmxMonitorState } from '../../../monitors/vmx/monitor.ts';
import { VIRTUAL_PORT } from '../../../monitors/vmx/paths.ts';
import type { PcMonitor, RunningMonitor } from './contract.ts';
import { diskOf, diskWorkView } from './vmx-disk.ts';
import { startGuests } from './vmx-guests.ts';

/**
 * The disk's books are the outermost one's.
 * @param monitors outermost first: the innermost knows of the guest, each of what it cannot do
 */
const running = (
  monitors: readonly VmxMonitor[],
  cpu: Cpu,
  diskBy: DiskPathName | undefined,
): RunningMonitor => {
  const disk = monitors[0]!.disk;
  const failed = (): string => monitors.find(({ failure }) => failure !== '')?.failure ?? '';
  return {
    end: (stop) =>
      failed() !== '' && (stop.kind === 'wait' || stop.kind === 'budget')
        ? { kind: 'shutdown', reason: failed() }
        : stop,
    get hangs() {
      return failed() !== '';
    },
    // Whoever looks on sees the exits on the processor.
    observe: () => undefined,
    report: () => monitors[0]!.report(),
    dirty: monitors[0]!.log,
    disk: () => (diskBy && disk ? diskWorkView(diskBy, disk.save(), cpu) : null),
    save: () => monitors.map((monitor) => monitor.save()),
    restore: (state) => {
      for (const [k, each] of (state as readonly VmxMonitorState[]).entries()) monitors[k]!.restore(each);
    },
  };
};

interface Needed {
  readonly feature: Feature;
  readonly complaint: (model: string) => string;
}

/** Hypervisors one in the machine of the other, each translating addresses in its way; the first has the real machine. */
const stack = (levels: readonly Paging[], { feature, complaint }: Needed): PcMonitor => ({
  reserves: RESERVED * levels.length,
  needs: [feature],
  ...(levels.length === 1 && { loadsGuests: 'several' }),
  start: (pc, { diskBy, logDirty, program }) => {
    const { cpu } = pc;
    if (!cpu.features.has(feature)) return complaint(cpu.model.name);
    if (logDirty !== undefined && (levels.join() !== 'nested' || pc.toldMemory > DirtyLog.most))
      return `dirty pages are logged under vmx, of up to ${DirtyLog.most >> 20}M of memory`;
    if (program.kind === 'domains') {
      if (diskBy !== undefined || logDirty !== undefined || program.scheduler)
        return 'who has the work of the disk and which pages are written is asked of one guest, and --sched belongs to --under xen';
      return startGuests(pc, program.domains, levels[0]!);
    }
    const a20 = cpu.a20Line;
    setA20(cpu, true);
    const monitors: VmxMonitor[] = [];
    let system: SystemPc = new NativePc(cpu);
    levels.forEach((paging, level) => {
      // Behind the guest's memory the innermost one's, and so on outwards.
      const base = pc.toldMemory + RESERVED * (levels.length - 1 - level);
      const virtual = virtualProcessor(cpu, base, VIRTUAL_PORT, (at, length) => {
        cpu.blocks.stored(at, length);
        monitors[level]?.stored(at, length);
        monitors[level]?.log?.written(at);
      });
      if (paging === 'shadow') setA20(virtual, a20);
      const place = { origin: 0, base, vpid: 1, ownsRegisters: true };
      const monitor = new VmxMonitor(system, [cpu, virtual], place, paging, level);
      if (diskBy && level === 0) monitor.disk = new DiskWork(system, diskPath(diskBy), diskOf(pc.chipset));
      if (logDirty !== undefined) monitor.log = new DirtyLog(system, base, logDirty);
      monitors.push(monitor);
      monitor.start();
      if (level + 1 < levels.length) system = monitor.machine(base - RESERVED + OPERATIONS);
    });
    // Devices write the guest's memory, too.
    cpu.blocks.onReplaced = (at) => {
      for (const monitor of monitors) monitor.stored(at & -PAGE, PAGE);
      monitors[0]!.log?.written(at);
    };
    return running(monitors, cpu, diskBy);
  },
});

const NESTED_PAGING: Needed = {
  feature: 'vmx-unrestricted',
  complaint: (model) =>
    `${model} has no VT-x with nested paging and unrestricted guests, which the vmx monitor needs: choose --cpu westmere or skylake`,
};

export const vmx = stack(['nested'], NESTED_PAGING);
/** With what the VT-x of 2005 has: shadow page tables. */
export const vmxShadow = stack(['shadow'], {
  feature: 'vmx',
  complaint: (model) => `${model} has no VT-x: choose --cpu pentium4 or a newer one`,
});
/** A hypervisor in a virtual machine: the inner one has extended tables, or shadows the guest's. */
export const vmxNested = stack(['nested', 'nested'], NESTED_PAGING);
export const vmxNestedShadow = stack(['nested', 'shadow'], NESTED_PAGING);
