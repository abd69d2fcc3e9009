/** What a processor is wired to: ports, the bus beyond memory, the local APIC; and how interrupts come to it. */

/** The port bus as the processor sees it. */
export interface Ports {
  input(port: number, size: 1 | 2 | 4): number;
  output(port: number, size: 1 | 2 | 4, value: number): void;
}

/**
 * What answers at physical addresses beyond installed memory: APIC, firmware at the top, windows of PCI devices.
 * Addresses are unsigned; an access never crosses a page. Values of 4 bytes may be signed or unsigned.
 */
export interface PhysicalBus {
  load(at: number, size: 1 | 2 | 4): number;
  store(at: number, size: 1 | 2 | 4, value: number): void;
}

/** Where nobody answers, the bus floats high. */
export const NOBODY: PhysicalBus = { load: () => -1, store: () => undefined };

/** The local APIC, of which the processor itself keeps only where it is. */
export interface ApicBase {
  /** MSR IA32_APIC_BASE, low word. SDM vol. 3A, section 10.4.3. */
  readonly apicBase: number;
  setApicBase(value: number): void;
}

/** How an exception or interrupt came about. SDM vol. 3A, section 6.2. */
export type InterruptKind = 'external' | 'software' | 'exception';
