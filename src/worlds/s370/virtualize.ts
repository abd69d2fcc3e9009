/** The seam between a world and the monitors that can stand on its machine. */
import type { S370 } from '../../machines/s370/machine.ts';
import type { MonitorChoice, S370Configuration } from './configuration.ts';
import type { Peripherals } from './peripherals.ts';
import type { System } from './system.ts';

/** Puts the monitors `levels` on `machine`, lowest first, and a virtual machine for the guest on top. */
export function virtualize(
  machine: S370,
  _peripherals: Peripherals,
  levels: readonly MonitorChoice[],
  _configuration: S370Configuration,
): System {
  throw new Error(
    `${levels.map(({ name }) => name).join(' under ')} on a ${machine.cpu.model.name}: no such monitor yet`,
  );
}
