/**
 * A second processor on the first bytes of a machine's memory, wired to the same devices: what a monitor's interpreter
 * executes a guest's instructions on. It shares the x87 unit with the real one, and nothing else of its registers.
 */
import type { Cost } from '../../accounting/cost.ts';
import { Cpu } from './cpu.ts';
import { PhysicalMemory } from './memory.ts';
import { VMX_FEATURES, type Feature } from './models/classes.ts';

/** VM entries and exits of this processor are moves of its state by the monitor, which knows what they cost it. */
const NOTHING: Cost = { cycles: 0, source: 'the monitor accounts for it', certainty: 'estimate' };

/**
 * @param size bytes of memory that it reaches; beyond, nobody answers but devices
 * @param port cycles of an access to a port: its devices are the monitor's, and no bus lies between
 * @param onStore hears of every store before it is made
 */
export function virtualProcessor(
  real: Cpu,
  size: number,
  port: Cost,
  onStore: (at: number, size: number) => void,
): Cpu {
  const vmx = real.model.vmx && {
    vmx: { ...real.model.vmx, entry: NOTHING, exit: NOTHING, access: NOTHING },
  };
  const model = { ...real.model, costs: { ...real.model.costs, port }, ...vmx };
  const cpu = new Cpu(model, new PhysicalMemory(size, real.memory), real.x87, onStore);
  cpu.ports = real.ports;
  cpu.bus = {
    load: (at, width) => (at < real.memory.size ? -1 : real.bus.load(at, width)),
    store: (at, width, value) => {
      if (at >= real.memory.size) real.bus.store(at, width, value);
    },
  };
  cpu.apic = real.apic;
  cpu.interruptWaits = real.interruptWaits;
  cpu.acknowledge = real.acknowledge;
  cpu.coprocessorError = real.coprocessorError;
  return cpu;
}

const OF_VMX: ReadonlySet<Feature> = new Set(VMX_FEATURES);

/**
 * The processor of a virtual PC on a part of the machine's memory, for a `Pc` to give it devices of its own. It has no
 * VT-x: that is the machine's, and its hypervisor's.
 * @param window bytes of the machine's memory: the first one's address, and how many
 */
export function windowProcessor(
  real: Cpu,
  [origin, size]: readonly [number, number],
  port: Cost,
  onStore: (at: number, size: number) => void,
): Cpu {
  const features = real.model.features.filter((feature) => !OF_VMX.has(feature));
  const model = { ...real.model, features, vmx: null, costs: { ...real.model.costs, port } };
  return new Cpu(model, new PhysicalMemory(size, real.memory, origin), real.x87, onStore);
}
