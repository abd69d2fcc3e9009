/** Accesses by physical address: memory, and beyond it whoever answers on the bus. */
import type { Cpu } from './cpu.ts';
import { PAGE_SHIFT } from './memory.ts';

export const READ = 0;
export const WRITE = 1;
export const FETCH = 2;
export type Access = typeof READ | typeof WRITE | typeof FETCH;
export type Size = 1 | 2 | 4;

/** Stores within one page: code there is forgotten, read-only memory stays as it is. */
export function storePhysical(cpu: Cpu, at: number, size: Size, value: number): void {
  if (at >>> 0 >= cpu.memory.size) {
    cpu.spend(cpu.costs['device-memory']);
    cpu.bus.store(at >>> 0, size, value);
    return;
  }
  if (!cpu.memory.writable(at)) return;
  cpu.memory.dirty[at >>> PAGE_SHIFT] = 1;
  cpu.blocks.stored(at, size);
  if (size === 4) cpu.view.setInt32(at, value, true);
  else if (size === 2) cpu.view.setInt16(at, value, true);
  else cpu.bytes[at] = value;
}

/** Reads within one page; four bytes are signed, fewer unsigned. */
export function loadPhysical(cpu: Cpu, at: number, size: Size): number {
  if (at >>> 0 >= cpu.memory.size) {
    cpu.spend(cpu.costs['device-memory']);
    const value = cpu.bus.load(at >>> 0, size);
    return size === 4 ? value | 0 : value & (size === 2 ? 0xffff : 0xff);
  }
  if (size === 4) return cpu.view.getInt32(at, true);
  return size === 2 ? cpu.view.getUint16(at, true) : cpu.bytes[at]!;
}
