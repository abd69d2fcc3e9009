/** What an ATA disk says about itself. ATA/ATAPI-5 (T13/1321D), IDENTIFY DEVICE, table 20. */
import type { Medium } from './medium.ts';

export const HEADS = 16;
export const SECTORS_PER_TRACK = 63;
const MOST_CYLINDERS = 16383;
/** Sectors that 28-bit addresses reach. */
const LBA28_SECTORS = 0x0fffffff;
/** Sectors that READ MULTIPLE and WRITE MULTIPLE move at most between two interrupts. */
export const MOST_MULTIPLE = 16;

export const cylindersOf = (sectors: number): number =>
  Math.max(1, Math.min(MOST_CYLINDERS, Math.floor(sectors / (HEADS * SECTORS_PER_TRACK))));

/** Geometry that INITIALIZE DEVICE PARAMETERS may have changed, and the modes that SET FEATURES chose. */
export interface DriveMode {
  readonly heads: number;
  readonly sectorsPerTrack: number;
  /** Sectors of a READ MULTIPLE block, 0 = none set. */
  readonly multiple: number;
  /** Ultra DMA mode in force, −1 = none. */
  readonly ultra: number;
}

export const INITIAL_MODE: DriveMode = {
  heads: HEADS,
  sectorsPerTrack: SECTORS_PER_TRACK,
  multiple: 0,
  ultra: 2,
};

export function identifyDisk(medium: Medium, index: number, mode: DriveMode): Uint8Array {
  const words = new Uint16Array(256);
  const text = (at: number, length: number, value: string): void => {
    const padded = value.padEnd(2 * length);
    for (let k = 0; k < length; k++)
      words[at + k] = (padded.charCodeAt(2 * k) << 8) | padded.charCodeAt(2 * k + 1);
  };
  const long = (at: number, value: number): void => {
    words[at] = value & 0xffff;
    words[at + 1] = (value >>> 16) & 0xffff;
  };
  const cylinders = cylindersOf(medium.sectors);
  const perCylinder = mode.heads * mode.sectorsPerTrack;
  const current = Math.min(0xffff, Math.floor(medium.sectors / perCylinder));
  words[0] = 0x0040; // fixed disk
  [words[1], words[3], words[6]] = [cylinders, HEADS, SECTORS_PER_TRACK];
  text(10, 10, `ST${String(index).padStart(6, '0')}`);
  text(23, 4, '1.0');
  text(27, 20, 'Strata disk');
  words[47] = 0x8000 | MOST_MULTIPLE;
  words[49] = 0x0300; // LBA, DMA
  words[51] = words[52] = 0x0200; // PIO mode 2, DMA mode 2
  words[53] = 0x0007; // words 54–58, 64–70 and 88 are valid
  [words[54], words[55], words[56]] = [current, mode.heads, mode.sectorsPerTrack];
  long(57, current * perCylinder);
  words[59] = mode.multiple > 0 ? 0x0100 | mode.multiple : 0;
  long(60, Math.min(medium.sectors, LBA28_SECTORS));
  words[63] = 0x0007; // multiword DMA modes 0–2
  words[64] = 0x0003; // PIO modes 3 and 4
  words[65] = words[66] = words[67] = words[68] = 120; // shortest cycles in nanoseconds
  words[80] = 0x003e; // ATA-1 to ATA-5
  words[82] = words[85] = 0x4020; // NOP, write cache
  words[83] = words[86] = 0x7400; // FLUSH CACHE and EXT, 48-bit addresses
  words[84] = words[87] = 0x4000;
  words[88] = 0x003f | (mode.ultra >= 0 ? 0x0100 << mode.ultra : 0);
  words[93] = 0x6001 | (index % 2 === 0 ? 0 : 0x0200);
  long(100, medium.sectors);
  return new Uint8Array(words.buffer);
}
