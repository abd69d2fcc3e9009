/** What setup has left in CMOS memory for the firmware: sizes, drives, boot order. IBM PC/AT Technical Reference. */
import { cylindersOf, HEADS, SECTORS_PER_TRACK } from './ata-identify.ts';
import type { Medium } from './medium.ts';

const SIZE = 128;
const BASE_KILOBYTES = 640;
const EQUIPMENT_DISKETTE = 0x01;
const EQUIPMENT_COPROCESSOR = 0x02;
const EQUIPMENT_COLOR = 0x20;
/** "See the extended byte", and there: as the bytes from 1B (24) on say. */
const TYPE_EXTENDED = 0x0f;
const TYPE_47 = 0x2f;

/** What the firmware boots from, in this order. */
export type BootDevice = 'diskette' | 'disk';
const BOOT_CODES: Readonly<Record<BootDevice, number>> = { diskette: 1, disk: 2 };

export interface Settings {
  readonly memoryBytes: number;
  /** Type of drive A. */
  readonly drive: number;
  readonly disks: readonly (Medium | null)[];
  readonly bootOrder: readonly BootDevice[];
}

export function cmosMemory({ memoryBytes, drive, disks, bootOrder }: Settings): Uint8Array {
  const memory = new Uint8Array(SIZE);
  const kilobytes = memoryBytes / 1024;
  const word = (at: number, value: number): void => {
    memory[at] = value & 0xff;
    memory[at + 1] = (value >> 8) & 0xff;
  };
  memory[0x10] = drive << 4;
  memory[0x14] = EQUIPMENT_DISKETTE | EQUIPMENT_COPROCESSOR | EQUIPMENT_COLOR;
  word(0x15, BASE_KILOBYTES);
  word(0x17, Math.min(kilobytes - 1024, 0xffff));
  word(0x30, Math.min(kilobytes - 1024, 0xfc00));
  word(0x34, Math.max(0, Math.floor((kilobytes - 16384) / 64)));
  [disks[0], disks[1]].forEach((disk, k) => {
    if (!disk) return;
    memory[0x12]! |= TYPE_EXTENDED << (k === 0 ? 4 : 0);
    memory[0x19 + k] = TYPE_47;
    const at = 0x1b + 9 * k;
    word(at, cylindersOf(disk.sectors));
    memory[at + 2] = HEADS;
    memory[at + 5] = HEADS > 8 ? 0xc8 : 0xc0;
    word(at + 6, cylindersOf(disk.sectors));
    memory[at + 8] = SECTORS_PER_TRACK;
  });
  memory[0x3d] = bootOrder.reduce((code, device, k) => code | (BOOT_CODES[device] << (4 * k)), 0);
  word(0x2e, 0);
  const sum = memory.subarray(0x10, 0x2e).reduce((total, byte) => total + byte, 0);
  // Stored with its high byte first.
  memory[0x2e] = sum >> 8;
  memory[0x2f] = sum & 0xff;
  return memory;
}
