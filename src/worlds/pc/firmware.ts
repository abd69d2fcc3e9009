/** The firmware: read-only memory in its places. */
import { rom } from '../../machines/pc/devices/memory-bus.ts';
import type { Pc } from '../../machines/pc/machine.ts';
import type { PcProgram } from './configuration.ts';

const MEGABYTE = 0x100000;
const FOUR_GIGABYTES = 0x1_0000_0000;
const LARGEST = 0x1000000;
/** What of a larger image also stands below 1 M. */
const BELOW = 0x20000;

/** Puts `image` below 4 G and, its end, below 1 M; a string says what is wrong with it. */
function place(pc: Pc, image: Uint8Array): string | null {
  const { length } = image;
  if (length === 0 || length > LARGEST) return `a BIOS of ${length} bytes: it has up to 16 M`;
  pc.chipset.mapped.attach(FOUR_GIGABYTES - length, length, rom(image));
  const end = image.subarray(Math.max(0, length - BELOW));
  pc.load(MEGABYTE - end.length, end);
  return null;
}

/** Puts the firmware in its place, `bios` or the machine's own; the processor is about to fetch its first instruction. */
export const powerOn = (pc: Pc, bios: Uint8Array | null, _program: PcProgram): string | null =>
  bios ? place(pc, bios) : null;
