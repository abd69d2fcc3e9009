/** The guest's first disk: as the hypervisor finds it in the machine, and what it has cost, for panels. */
import type { Chipset } from '../../../machines/pc/chipset.ts';
import { MASTER_BAR } from '../../../machines/pc/devices/pci-functions.ts';
import { QUEUE_NOTIFY, VIRTIO_PORTS } from '../../../machines/pc/devices/virtio-pci.ts';
import { layerOf } from '../../../accounting/vocabulary.ts';
import type { Cpu } from '../../../machines/pc/cpu.ts';
import { STEPS, type DiskPathName, type StepName } from '../../../monitors/vmx/disk-paths.ts';
import type { DiskWorkState, GuestDisk, Tallies } from '../../../monitors/vmx/disk-work.ts';
import type { DiskStretch, DiskWorkView } from '../../../protocol/frame.ts';

/** Command block and control register of the first channel. */
const TASK_FILE = [
  [0x1f0, 0x1f7],
  [0x3f6, 0x3f6],
] as const;

export function diskOf({ virtioBlock, ata, bus }: Chipset): GuestDisk {
  if (!virtioBlock) {
    const master = bus.portOf('bus-master IDE');
    return {
      ports: [...TASK_FILE, ...(master < 0 ? [] : [[master, master + MASTER_BAR.size - 1] as const])],
      notify: -1,
      listen: (listener) => {
        ata[0]!.listener = listener;
      },
    };
  }
  const { transport } = virtioBlock;
  // Firmware and guests may move the window.
  return {
    get ports() {
      return [[transport.base, transport.base + VIRTIO_PORTS - 1]] as const;
    },
    get notify() {
      return transport.base + QUEUE_NOTIFY;
    },
    listen: (listener) => {
      virtioBlock.listener = listener;
    },
  };
}

const isStep = (name: string): name is StepName => Object.hasOwn(STEPS, name);

/** VM exits cost what the processor takes for them and for the entry behind. */
function rowsOf(tallies: Tallies, exit: number): DiskStretch['rows'] {
  return Object.entries(tallies).map(([name, [count, cycles]]) =>
    isStep(name)
      ? { name, kind: 'step', layer: layerOf(STEPS[name].account), count, cycles }
      : { name, kind: 'exit', layer: 'hardware', count, cycles: count * exit },
  );
}

export function diskWorkView(path: DiskPathName, state: DiskWorkState, { model }: Cpu): DiskWorkView {
  const { requests, bytes, last, all } = state;
  const exit = model.vmx ? model.vmx.exit.cycles + model.vmx.entry.cycles : 0;
  const stretch = ({ cycles, tallies }: DiskWorkState['last']): DiskStretch => ({
    cycles,
    rows: rowsOf(tallies, exit),
  });
  return { path, requests, bytes, last: stretch(last), all: stretch(all) };
}
