/** Who owns which physical addresses, as firmware tells it. ACPI 1.0b, section 14.1 (INT 15, E820). */

export const MAP_AVAILABLE = 1;
export const MAP_RESERVED = 2;

/** Low memory below what the BIOS keeps for itself: its extended data area, of 1 K. */
export const LOW_KILOBYTES = 639;
const LOW_END = LOW_KILOBYTES * 1024;
const MEGABYTE = 0x100000;

export interface MapEntry {
  readonly base: number;
  readonly length: number;
  readonly type: number;
}

export const memoryMap = (memory: number): readonly MapEntry[] => [
  { base: 0, length: LOW_END, type: MAP_AVAILABLE },
  { base: LOW_END, length: 0xa0000 - LOW_END, type: MAP_RESERVED },
  { base: 0xe0000, length: 0x20000, type: MAP_RESERVED },
  { base: MEGABYTE, length: memory - MEGABYTE, type: MAP_AVAILABLE },
  { base: 0xfec00000, length: 0x1000, type: MAP_RESERVED },
  { base: 0xfee00000, length: 0x1000, type: MAP_RESERVED },
  { base: 0xfffc0000, length: 0x40000, type: MAP_RESERVED },
];
