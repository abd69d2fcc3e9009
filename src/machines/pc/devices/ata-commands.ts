/** Commands of an ATA disk: those that move data, as a table, and those that do not. ATA/ATAPI-5, chapter 8. */
import { ERROR_ABORT, ERROR_NOT_FOUND, type TaskFile } from './ata-registers.ts';
import { MOST_MULTIPLE, type DriveMode } from './ata-identify.ts';
import type { Medium } from './medium.ts';

export interface AtaCommand {
  readonly kind: 'read' | 'write' | 'dma-read' | 'dma-write' | 'identify';
  /** Blocks as SET MULTIPLE MODE put them. */
  readonly multiple: boolean;
  /** 48-bit address, 16-bit count. */
  readonly wide: boolean;
}

const command = (kind: AtaCommand['kind'], multiple = false, wide = false): AtaCommand => ({
  kind,
  multiple,
  wide,
});

const COMMANDS: Readonly<Record<number, AtaCommand>> = {
  0x20: command('read'), // READ SECTORS
  0x21: command('read'), // … without retries
  0x24: command('read', false, true), // READ SECTORS EXT
  0x25: command('dma-read', false, true), // READ DMA EXT
  0x29: command('read', true, true), // READ MULTIPLE EXT
  0x30: command('write'), // WRITE SECTORS
  0x31: command('write'),
  0x34: command('write', false, true), // WRITE SECTORS EXT
  0x35: command('dma-write', false, true), // WRITE DMA EXT
  0x39: command('write', true, true), // WRITE MULTIPLE EXT
  0xc4: command('read', true), // READ MULTIPLE
  0xc5: command('write', true), // WRITE MULTIPLE
  0xc8: command('dma-read'), // READ DMA
  0xc9: command('dma-read'),
  0xca: command('dma-write'), // WRITE DMA
  0xcb: command('dma-write'),
  0xec: command('identify'), // IDENTIFY DEVICE
};

export const DIAGNOSTIC = 0x90;

export const commandCalled = (value: number): AtaCommand | undefined => COMMANDS[value];

/** What a command without data changes; `error` 0 = it is done. */
export interface Outcome {
  readonly error: number;
  readonly mode?: DriveMode;
  readonly task?: Partial<TaskFile>;
}

const DONE: Outcome = { error: 0 };
const ABORTED: Outcome = { error: ERROR_ABORT };

/** Power modes, immediate and by timer, with their older numbers: a disk of this kind is always ready. */
const POWER = [0x94, 0x95, 0x96, 0x97, 0x99, 0xe0, 0xe1, 0xe2, 0xe3, 0xe6];
const CHECK_POWER = [0x98, 0xe5];
const ACTIVE = 0xff;
/** FLUSH CACHE, FLUSH CACHE EXT; READ VERIFY SECTORS with and without retries. */
const FLUSH = [0xe7, 0xea];
const VERIFY = [0x40, 0x41];

export function withoutData(value: number, task: TaskFile, mode: DriveMode, disk: Medium): Outcome {
  // RECALIBRATE and SEEK leave four bits of their number open.
  if ((value & 0xf0) === 0x10 || (value & 0xf0) === 0x70) return DONE;
  if (POWER.includes(value) || FLUSH.includes(value)) return DONE;
  if (CHECK_POWER.includes(value)) return { error: 0, task: { count: ACTIVE } };
  if (VERIFY.includes(value)) return verify(task, disk);
  switch (value) {
    case 0x91: // INITIALIZE DEVICE PARAMETERS
      return initialize(task, mode);
    case 0xc6: // SET MULTIPLE MODE
      return setMultiple(task.count & 0xff, mode);
    case 0xef: // SET FEATURES
      return setFeatures(task, mode);
    case 0xf8: // READ NATIVE MAX ADDRESS
      return nativeMaximum(disk, task);
    default: // among them IDENTIFY PACKET DEVICE: this is a disk
      return ABORTED;
  }
}

function initialize(task: TaskFile, mode: DriveMode): Outcome {
  const sectorsPerTrack = task.count & 0xff;
  if (sectorsPerTrack === 0) return ABORTED;
  return { error: 0, mode: { ...mode, heads: (task.select & 15) + 1, sectorsPerTrack } };
}

function setMultiple(count: number, mode: DriveMode): Outcome {
  const power = (count & (count - 1)) === 0;
  return power && count <= MOST_MULTIPLE ? { error: 0, mode: { ...mode, multiple: count } } : ABORTED;
}

const FEATURES_WITHOUT_EFFECT = [0x02, 0x55, 0x66, 0x82, 0xaa, 0xcc];
const TRANSFER_MODE = 0x03;

/** Write cache, look-ahead and defaults change nothing here; a transfer mode beyond Ultra DMA 5 is refused. */
function setFeatures(task: TaskFile, mode: DriveMode): Outcome {
  const feature = task.features & 0xff;
  if (FEATURES_WITHOUT_EFFECT.includes(feature)) return DONE;
  if (feature !== TRANSFER_MODE) return ABORTED;
  const [kind, number] = [(task.count & 0xff) >> 3, task.count & 7];
  const limits: Readonly<Record<number, number>> = { 0: 1, 1: 4, 4: 2, 8: 5 };
  if (number > (limits[kind] ?? -1)) return ABORTED;
  return { error: 0, mode: { ...mode, ultra: kind === 8 ? number : kind === 4 ? -1 : mode.ultra } };
}

function verify(task: TaskFile, disk: Medium): Outcome {
  const sector =
    ((task.select & 15) << 24) | ((task.high & 255) << 16) | ((task.middle & 255) << 8) | (task.low & 255);
  return sector < disk.sectors ? DONE : { error: ERROR_NOT_FOUND };
}

function nativeMaximum(disk: Medium, task: TaskFile): Outcome {
  const last = Math.min(disk.sectors, 0x10000000) - 1;
  return {
    error: 0,
    task: {
      low: last & 0xff,
      middle: (last >> 8) & 0xff,
      high: (last >> 16) & 0xff,
      select: (task.select & 0xf0) | ((last >> 24) & 15),
    },
  };
}
