/** The seam between a world and the monitors that can stand on its machine. */
import type { S370 } from '../../machines/s370/machine.ts';
import type { MonitorChoice, S370Configuration } from './configuration.ts';
import { CpSystem } from './cp-system.ts';
import type { Peripherals } from './peripherals.ts';

/** Puts the monitors `levels` on `machine`, lowest first, and a virtual machine for the guest on top. */
export const virtualize = (
  machine: S370,
  peripherals: Peripherals,
  levels: readonly MonitorChoice[],
  configuration: S370Configuration,
): CpSystem => new CpSystem(machine, peripherals, levels, configuration);
