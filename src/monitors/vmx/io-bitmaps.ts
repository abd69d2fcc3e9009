/** The bitmaps that say which ports exit. SDM vol. 3C, section 24.6.4: A is of ports 0 to 7FFF, B, behind it, of the rest. */
import type { Cpu } from '../../machines/pc/cpu.ts';
import { storePhysical } from '../../machines/pc/physical.ts';
import { PRIMARY } from '../../machines/pc/vmx/controls.ts';
import type { Vmcs } from '../../machines/pc/vmx/vmcs.ts';
import { IO_BITMAPS } from './layout.ts';

const PORTS = 0x10000;
const HALF = 0x1000;

/** Lets the guest use ports without an exit, from the first to the last of each stretch. All others exit as before. */
export function openPorts(
  cpu: Cpu,
  vmcs: Vmcs,
  base: number,
  open: readonly (readonly [first: number, last: number])[],
): void {
  const exits = new Uint32Array(PORTS / 32).fill(0xffffffff);
  for (const [first, last] of open)
    for (let port = first; port <= last; port++) exits[port >>> 5]! &= ~(1 << (port & 31));
  exits.forEach((word, k) => {
    storePhysical(cpu, base + IO_BITMAPS + 4 * k, 4, word | 0);
  });
  vmcs.set('IO_BITMAP_A', base + IO_BITMAPS);
  vmcs.set('IO_BITMAP_B', base + IO_BITMAPS + HALF);
  const primary = vmcs.get('PRIMARY_CONTROLS') & ~PRIMARY.UNCONDITIONAL_IO_EXITING;
  vmcs.set('PRIMARY_CONTROLS', primary | PRIMARY.USE_IO_BITMAPS);
}
