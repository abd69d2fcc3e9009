/** Brings a kernel into a PC by the boot protocol that its file asks for. */
import type { Pc } from '../../machines/pc/machine.ts';
import type { PcProgram } from './configuration.ts';
import { isLinux, loadLinux } from './linux.ts';
import { loadMultiboot } from './multiboot.ts';

/** A string says what is wrong with it. */
export const loadKernel = (pc: Pc, kernel: Extract<PcProgram, { kind: 'kernel' }>): string | null =>
  isLinux(kernel.file) ? loadLinux(pc, kernel) : loadMultiboot(pc, kernel);
