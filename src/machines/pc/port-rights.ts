/** Who may use a port: by level, else by the I/O permission bit map of the task. SDM vol. 1, section 19.5. */
import type { Cpu } from './cpu.ts';
import { watchPort } from './debug.ts';
import { iopl } from './instructions/dispatch.ts';

const MAP_BASE_AT = 0x66;

/** #GP(0) unless the program may use `size` ports from `port` on. */
export function demandPort(cpu: Cpu, port: number, size: 1 | 2 | 4): void {
  const free = !cpu.protectedMode || (!cpu.virtual8086 && cpu.cpl <= iopl(cpu));
  if (!free && !permitted(cpu, port, size)) cpu.protection();
  watchPort(cpu, port, size);
}

/** Two bytes of the map are read, so that the bits of four ports are at hand; both must lie within the TSS. */
function permitted(cpu: Cpu, port: number, size: number): boolean {
  const { base, limit, access } = cpu.task;
  // A TSS of 16 bits has no map.
  if ((access & 8) === 0 || limit < MAP_BASE_AT + 1) return false;
  const at = cpu.system16((base + MAP_BASE_AT) | 0) + (port >>> 3);
  if (at + 1 > limit) return false;
  const bits = cpu.system16((base + at) | 0) >>> (port & 7);
  return (bits & ((1 << size) - 1)) === 0;
}
