/** The physical address space beyond memory: ROM at its top, and registers of devices. */
import type { MappedDevice } from './wiring.ts';

interface Window {
  base: number;
  readonly length: number;
  readonly device: MappedDevice;
}

const ONES = { 1: 0xff, 2: 0xffff, 4: -1 } as const;

export class MemoryBus {
  private readonly windows: Window[] = [];

  attach(base: number, length: number, device: MappedDevice): void {
    this.windows.push({ base, length, device });
  }

  /** Moves a device's window, as a base address register does. */
  move(device: MappedDevice, base: number): void {
    for (const window of this.windows) if (window.device === device) window.base = base;
  }

  private at(address: number): Window | undefined {
    return this.windows.find(({ base, length }) => address >= base && address < base + length);
  }

  load(address: number, size: 1 | 2 | 4): number {
    const window = this.at(address);
    return window ? window.device.load(address - window.base, size) : ONES[size];
  }

  store(address: number, size: 1 | 2 | 4, value: number): void {
    const window = this.at(address);
    window?.device.store(address - window.base, size, value);
  }
}

/** Read-only memory as a mapped device. */
export function rom(bytes: Uint8Array): MappedDevice {
  return {
    load: (offset, size) => {
      let value = 0;
      for (let k = size - 1; k >= 0; k--) value = (value << 8) | (bytes[offset + k] ?? 0xff);
      return value;
    },
    store: () => undefined,
  };
}
