/**
 * What a device is given of the machine around it, real or virtual: time, an interrupt line, memory. A monitor that
 * gives these to the same device models has given its virtual machine the same devices.
 */

/** Time in processor cycles, and the way to say that the next event has moved. */
export interface Clocked {
  readonly clock: number;
  /** Cycles per second. */
  readonly frequency: number;
  changed(): void;
}

export interface Wiring extends Clocked {
  /** Raises or lowers the device's interrupt line. */
  line(high: boolean): void;
}

/** Physical memory as a bus master reaches it; addresses beyond it read as ones and take no stores. */
export interface Dma {
  read(at: number, length: number): Uint8Array;
  write(at: number, bytes: Uint8Array): void;
}

/** Something that acts by itself at times that it knows beforehand. */
export interface Timed {
  /** Clock of its next event, `Infinity` if there is none. */
  nextEvent(): number;
  /** Does what is due at the present clock. */
  advance(): void;
}

/** Registers in the physical address space. */
export interface MappedDevice {
  load(offset: number, size: 1 | 2 | 4): number;
  store(offset: number, size: 1 | 2 | 4, value: number): void;
}
